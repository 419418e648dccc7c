import { ApplicationFailure } from '@temporalio/common';
import { errorText } from '../../errorText';
import type { FailureType } from '../../failures';

/** What BigQuery's clients throw, as far as we read it. */
interface ServiceError {
  readonly code?: number | string;
  readonly errors?: readonly { readonly reason?: string; readonly message?: string }[];
}

/** HTTP status of a client's error; undefined when there was no answer. */
export function statusOf(error: unknown): number | undefined {
  const code = error instanceof Error ? (error as ServiceError).code : undefined;
  return code === undefined || Number.isNaN(Number(code)) ? undefined : Number(code);
}

/** Reason of the first entry of a client's error. */
export function reasonOf(error: unknown): string {
  const [first] = (error instanceof Error ? (error as ServiceError).errors : undefined) ?? [];
  return first?.reason ?? '';
}

const BUSY = new Set(['rateLimitExceeded', 'quotaExceeded', 'jobRateLimitExceeded', 'backendError', 'internalError']);
const PERMANENT = new Map<number, FailureType>([
  [400, 'QueryInvalid'],
  [401, 'PermissionDenied'],
  [403, 'PermissionDenied'],
  [404, 'NotFound'],
]);

/** The error to throw from an activity: one that no retry can mend is not retried (design: an outage never fails a window). */
export function toFailure(error: unknown, what: string): Error {
  const type = PERMANENT.get(statusOf(error) ?? 0);
  const message = `${what}: ${errorText(error)}`;
  if (type === undefined || BUSY.has(reasonOf(error))) return ApplicationFailure.retryable(message, 'Unavailable');
  return ApplicationFailure.nonRetryable(message, type, { status: statusOf(error), reason: reasonOf(error) });
}
