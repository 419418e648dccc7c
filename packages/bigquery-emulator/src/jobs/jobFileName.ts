import { createHash } from 'node:crypto';
import type { JobReference } from '../resources';

/** Name for the files of a job, valid on any file system. */
export function jobFileName(ref: JobReference): string {
  return createHash('sha1').update(`${ref.projectId}:${ref.jobId}`).digest('hex');
}
