import { createHash } from 'node:crypto';
import type { JobReference } from '../resources';

/** Name of the files that belong to a job, safe on any file system. */
export function uploadName(ref: JobReference): string {
  return createHash('sha1').update(`${ref.projectId}:${ref.jobId}`).digest('hex');
}
