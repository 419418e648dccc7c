import type { ErrorProto } from './resources';

/** An error that the API answers, or with which a job ends. */
export class BigQueryError extends Error {
  /**
   * @param status HTTP status of the answer.
   * @param reason stable code, e.g. `notFound`.
   * @param location the subject of the error: a file, a parameter, `query`.
   * @param details the entries of a failed job's `errors[]` after the first.
   */
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
    readonly location?: string,
    readonly details: readonly ErrorProto[] = [],
  ) {
    super(message);
  }

  /** The error as an entry of a job's `errors[]`. */
  get proto(): ErrorProto {
    return { reason: this.reason, location: this.location || undefined, message: this.message };
  }
}

export const notFound = (what: string, location?: string): BigQueryError =>
  new BigQueryError(404, 'notFound', `Not found: ${what}`, location);

export const duplicate = (what: string): BigQueryError =>
  new BigQueryError(409, 'duplicate', `Already Exists: ${what}`);

export const invalid = (message: string, location?: string): BigQueryError =>
  new BigQueryError(400, 'invalid', message, location);

export const missing = (parameter: string): BigQueryError =>
  new BigQueryError(400, 'required', `Required parameter is missing: ${parameter}`, parameter);

export const notImplemented = (message: string): BigQueryError => new BigQueryError(501, 'notImplemented', message);

const STATUS_OF: Record<string, number> = {
  accessDenied: 403,
  backendError: 503,
  duplicate: 409,
  internalError: 500,
  notFound: 404,
  notImplemented: 501,
  quotaExceeded: 403,
  rateLimitExceeded: 429,
  responseTooLarge: 403,
};

/** HTTP status of an answer that reports a failed job with this reason. */
export function statusOf(reason: string): number {
  return STATUS_OF[reason] ?? 400;
}

const CANONICAL: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
};

/** The body of an error in Google's APIs: `{error: {code, message, errors, status}}`. */
export function errorBody(error: BigQueryError): unknown {
  const first = {
    message: error.message,
    domain: 'global',
    reason: error.reason,
    location: error.location || undefined,
    locationType: error.location ? 'other' : undefined,
  };
  return {
    error: {
      code: error.status,
      message: error.message,
      errors: [first],
      status: CANONICAL[error.status] ?? 'UNKNOWN',
    },
  };
}
