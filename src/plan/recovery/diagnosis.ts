import { classOf, type ErrorClass, isTransient } from '../../errorClass';
import type { JobError } from '../job';
import { type BadFile, badFiles } from './badFiles';

/** What a failed load job means. */
export type Diagnosis =
  | { readonly kind: 'badFiles'; readonly files: readonly BadFile[] }
  /** The service's own trouble: the same job again, later. */
  | { readonly kind: 'again'; readonly class: ErrorClass }
  /** Nothing that setting files aside or waiting could mend. */
  | { readonly kind: 'permanent' };

/**
 * Reads off a failed load job what to do. What the service says of itself counts before what it says of files: a job that
 * broke off may name a file that is good.
 *
 * @param error how the job ended; `errors` is its whole list.
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
