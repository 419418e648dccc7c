import { BigQueryError } from '../errors';
import type { JobResource } from '../resources';
import { errorText } from '../unknownError';

/** The error of a job that took longer than its `jobTimeoutMs`. */
export function timedOut(afterMs: number): BigQueryError {
  return new BigQueryError(
    499,
    'stopped',
    `Job execution was cancelled: Job timed out after ${Math.floor(afterMs / 1000)}s`,
  );
}

/** The error of a cancelled job. */
export function stopped(): BigQueryError {
  return new BigQueryError(499, 'stopped', 'Job execution was cancelled: User requested cancellation');
}

/** The error of a stopped job: a timeout or a cancellation. */
export function stopReason({ reason }: AbortSignal): BigQueryError {
  return reason instanceof BigQueryError ? reason : stopped();
}

/** The status of a job that failed with this error. */
export function failedStatus(error: unknown): JobResource['status'] {
  if (error instanceof BigQueryError) {
    return { state: 'DONE', errorResult: error.proto, errors: [error.proto, ...error.details] };
  }
  const proto = { reason: 'internalError', message: `An internal error occurred: ${errorText(error)}` };
  return { state: 'DONE', errorResult: proto, errors: [proto] };
}
