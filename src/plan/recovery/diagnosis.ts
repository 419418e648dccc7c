import { classOf, type ErrorClass, isTransient } from '../../errorClass';
import type { JobError } from '../job';
import { type BadFile, badFiles } from './badFiles';

/** What to do after a failed load job. */
export type Diagnosis =
  | { readonly kind: 'badFiles'; readonly files: readonly BadFile[] }
  /** BigQuery failed by its own fault: run the same job again, later. */
  | { readonly kind: 'again'; readonly class: ErrorClass }
  /** Neither a retry nor a quarantine of files can help. */
  | { readonly kind: 'permanent' };

/**
 * Decides what to do after a failed load job. Errors of the service take precedence over errors of files, because a job that
 * the service aborted may report a good file.
 *
 * @param error `errorResult` of the job with `status.errors`.
 * @param isSource whether a URL is one of the job's sources.
 */
export function diagnose(
  error: { readonly reason: string; readonly message: string; readonly errors: readonly JobError[] },
  isSource: (url: string) => boolean,
): Diagnosis {
  const kind = classOf({ reason: error.reason, message: error.message });
  if (isTransient(kind)) return { kind: 'again', class: kind };
  const files = badFiles(error.errors, isSource);
  return files.length > 0 ? { kind: 'badFiles', files } : { kind: 'permanent' };
}
