/** What a failed call or job means for what comes next (spec 2, section 5.1, with section 7, no. 17). */
export type ErrorClass =
  /** A file that cannot be read. */
  | 'corrupted'
  /** A file whose rows are not those of the table. */
  | 'invalidSchema'
  /** A file that is not there. */
  | 'missing'
  /** The service has no room or no answer: the same again, later. */
  | 'retriable'
  /** The service failed by itself: the same again, as a new job. */
  | 'internal'
  /** No retry can mend it. */
  | 'permanent';

/** Classes that are about one file of a load. */
export type FileClass = Extract<ErrorClass, 'corrupted' | 'invalidSchema' | 'missing'>;

/** How many files were set aside, by class. */
export type RejectedCounts = Readonly<Record<FileClass, number>>;

export const NONE_REJECTED: RejectedCounts = { corrupted: 0, invalidSchema: 0, missing: 0 };

/** What is known of an error: HTTP status of a call, reason and message of a call or job. */
export interface ErrorFacts {
  readonly status?: number;
  readonly reason?: string;
  readonly message: string;
}

const BY_REASON: ReadonlyMap<string, ErrorClass> = new Map([
  ['rateLimitExceeded', 'retriable'],
  ['quotaExceeded', 'retriable'],
  ['jobRateLimitExceeded', 'retriable'],
  ['tableUnavailable', 'retriable'],
  ['timeout', 'retriable'],
  ['backendError', 'internal'],
  ['jobBackendError', 'internal'],
  ['internalError', 'internal'],
  ['jobInternalError', 'internal'],
]);

const BY_STATUS: ReadonlyMap<number, ErrorClass> = new Map([
  [408, 'retriable'],
  [429, 'retriable'],
  [502, 'retriable'],
  [503, 'retriable'],
  [504, 'retriable'],
  [500, 'internal'],
]);

const CONNECTION =
  /connection reset|connection timed out|unexpected EOF|socket hang up|i\/o timeout|ECONNRESET|ECONNREFUSED|ETIMEDOUT|EPIPE|Exceeded rate limits/i;
const INTERNAL = /\binternal error\b|Internal Server Error|\bbackendError\b/i;
const MISSING_FILE = /Not found: (?:URI|Files) /;

/**
 * The class of one error: by reason, which tells most, then by status, then by message.
 *
 * @example classOf({ status: 403, reason: 'quotaExceeded', message: 'Quota exceeded' }) // 'retriable'
 */
export function classOf({ status, reason = '', message }: ErrorFacts): ErrorClass {
  if (MISSING_FILE.test(message)) return 'missing';
  const told = BY_REASON.get(reason) ?? BY_STATUS.get(status ?? 0);
  if (told) return told;
  // Where the service itself has said what it is, words of the message are about data.
  if (reason !== '' || status !== undefined) return 'permanent';
  if (CONNECTION.test(message)) return 'retriable';
  return INTERNAL.test(message) ? 'internal' : 'permanent';
}

/** Whether the same step, tried again later, may succeed. */
export function isTransient(error: ErrorClass): boolean {
  return error === 'retriable' || error === 'internal';
}
