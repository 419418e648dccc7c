/** What the error of a call or job means for the next attempt. */
export type ErrorClass =
  /** A source file cannot be read. */
  | 'corrupted'
  /** The rows of a source file do not fit the table. */
  | 'invalidSchema'
  /** A source file does not exist. */
  | 'missing'
  /** The service has no capacity, no quota, or no answer: repeat the same call later. */
  | 'retriable'
  /** A quota that refills over a rolling day is used up: repeat the work after 10 minutes or more. */
  | 'longQuota'
  /** The account has no permission, or its key or token is not accepted; this may pass: repeat the work for a limited time. */
  | 'permission'
  /** The service failed by its own fault: repeat the work, as a new job. */
  | 'serviceFault'
  /** No repetition can succeed. */
  | 'permanent';

/** The facts of an error. */
export interface ErrorFacts {
  /** HTTP status of a call; absent for an ended job, and for a call without an answer. */
  readonly status?: number;
  /** Code that the service gives, e.g. `quotaExceeded`. */
  readonly reason?: string;
  readonly message: string;
}

const BY_REASON: ReadonlyMap<string, ErrorClass> = new Map([
  // Google's APIs
  ['rateLimitExceeded', 'retriable'],
  ['userRateLimitExceeded', 'retriable'],
  ['quotaExceeded', 'longQuota'],
  ['jobRateLimitExceeded', 'retriable'],
  ['tableUnavailable', 'retriable'],
  ['timeout', 'retriable'],
  ['accessDenied', 'permission'],
  ['responseTooLarge', 'permanent'],
  ['backendError', 'serviceFault'],
  ['jobBackendError', 'serviceFault'],
  ['internalError', 'serviceFault'],
  ['jobInternalError', 'serviceFault'],
  // Slack's Web API
  ['ratelimited', 'retriable'],
  ['service_unavailable', 'retriable'],
  ['request_timeout', 'retriable'],
  ['internal_error', 'serviceFault'],
  ['fatal_error', 'serviceFault'],
]);

/** Statuses by which Google's APIs refuse an account: by IAM, an organisation policy, a revoked key. */
const PERMISSION_STATUSES: readonly number[] = [401, 403];

/** Statuses by which Google's APIs refuse a call for good. All others are retried: 409 and 412 report conflicts that pass. */
const REFUSALS: readonly number[] = [400, 404];

/** Statuses below 500 after which the same request to any HTTP server may succeed: timeout, too early, too many requests. */
const PASSING_STATUSES: readonly number[] = [408, 425, 429];

const CONNECTION =
  /connection reset|connection timed out|unexpected EOF|socket hang up|i\/o timeout|ECONNRESET|ECONNREFUSED|ETIMEDOUT|EPIPE|Exceeded rate limits/i;
const SERVICE_FAULT = /\binternal error\b|Internal Server Error|\bbackendError\b/i;
const MISSING_FILE = /Not found: (?:URI|Files) /;

/**
 * Class of the error of a Google or Slack API, or of a BigQuery job: by reason, which is the most precise, else by status, else
 * by message. No other function decides which errors of these services are transient.
 *
 * @example classOf({ status: 403, reason: 'quotaExceeded', message: 'Quota exceeded' }) // 'longQuota'
 */
export function classOf({ status, reason = '', message }: ErrorFacts): ErrorClass {
  if (MISSING_FILE.test(message)) return 'missing';
  const byReason = BY_REASON.get(reason);
  if (byReason) return byReason;
  if (status === 500) return 'serviceFault';
  if (status !== undefined && PERMISSION_STATUSES.includes(status)) return 'permission';
  if (status !== undefined) return REFUSALS.includes(status) ? 'permanent' : 'retriable';
  // With a reason, do not guess from the message: it may quote data.
  if (reason !== '') return 'permanent';
  if (CONNECTION.test(message)) return 'retriable';
  return SERVICE_FAULT.test(message) ? 'serviceFault' : 'permanent';
}

/** Whether the same step may succeed later. */
export function isTransient(error: ErrorClass): boolean {
  return error === 'retriable' || error === 'longQuota' || error === 'serviceFault';
}

/** Whether a call to one of Google's APIs may succeed later: it got no answer, or one that does not refuse it for good. */
export function isOutage(call: ErrorFacts): boolean {
  return call.status === undefined || isTransient(classOf(call));
}

/** Whether the same request to a server of the user's own may succeed later. */
export function isTransientStatus(status: number): boolean {
  return status >= 500 || PASSING_STATUSES.includes(status);
}
