import { classOf, type ErrorClass, type ErrorFacts, isOutage, isTransient, isTransientStatus } from '../src/errorClass';

const EXAMPLES: readonly (readonly [ErrorFacts, ErrorClass])[] = [
  // Calls, by status
  [{ status: 408, message: 'Request Timeout' }, 'retriable'],
  [{ status: 409, reason: 'duplicate', message: 'Already Exists: Job p:j' }, 'retriable'],
  [{ status: 412, reason: 'conditionNotMet', message: 'Precondition check failed.' }, 'retriable'],
  [{ status: 429, message: 'Too Many Requests' }, 'retriable'],
  [{ status: 502, message: 'Bad Gateway' }, 'retriable'],
  [{ status: 503, message: 'Service Unavailable' }, 'retriable'],
  [{ status: 504, message: 'Gateway Timeout' }, 'retriable'],
  [{ status: 500, message: 'Internal Server Error' }, 'serviceFault'],
  [{ status: 400, message: 'Bad Request' }, 'permanent'],
  [{ status: 401, message: 'Unauthorized' }, 'permission'],
  [{ status: 403, message: 'Forbidden' }, 'permission'],
  [{ status: 404, reason: 'notFound', message: 'Not found: Table p:d.t' }, 'permanent'],
  [{ status: 400, reason: 'invalid', message: 'Value: internal error' }, 'permanent'],
  // Calls, by reason over status
  [{ status: 503, reason: 'backendError', message: 'Error encountered during execution.' }, 'serviceFault'],
  [{ status: 400, reason: 'backendError', message: 'Error encountered during execution.' }, 'serviceFault'],
  [{ status: 403, reason: 'quotaExceeded', message: 'Quota exceeded: too many imports' }, 'longQuota'],
  [{ status: 403, reason: 'rateLimitExceeded', message: 'Exceeded rate limits' }, 'retriable'],
  [{ status: 403, reason: 'userRateLimitExceeded', message: 'User Rate Limit Exceeded' }, 'retriable'],
  [{ status: 403, reason: 'jobRateLimitExceeded', message: 'Exceeded rate limits' }, 'retriable'],
  [{ status: 403, reason: 'accessDenied', message: 'Access Denied: Table p:d.t' }, 'permission'],
  [{ status: 403, reason: 'responseTooLarge', message: 'Response too large to return' }, 'permanent'],
  // Jobs
  [{ reason: 'quotaExceeded', message: 'Quota exceeded: Your table exceeded quota for imports' }, 'longQuota'],
  [{ reason: 'accessDenied', message: 'Access Denied: File gs://b/x.json' }, 'permission'],
  [{ reason: 'tableUnavailable', message: 'Table is being moved' }, 'retriable'],
  [{ reason: 'timeout', message: 'Job timed out' }, 'retriable'],
  [{ reason: 'internalError', message: 'An internal error occurred' }, 'serviceFault'],
  [{ reason: 'jobInternalError', message: 'An internal error occurred' }, 'serviceFault'],
  [{ reason: 'jobBackendError', message: 'try again' }, 'serviceFault'],
  [{ reason: 'notFound', message: 'Not found: URI gs://b/x.json' }, 'missing'],
  [{ reason: 'notFound', message: 'Not found: Files /bigstore/b/x.json' }, 'missing'],
  [{ reason: 'duplicate', message: 'Already Exists: Table p:d.t' }, 'permanent'],
  [{ reason: 'invalid', message: 'Value: internal error; Field: name' }, 'permanent'],
  [{ reason: 'invalidQuery', message: 'Unrecognized name: x at [1:8]' }, 'permanent'],
  // Slack
  [{ reason: 'ratelimited', message: 'ratelimited' }, 'retriable'],
  [{ reason: 'fatal_error', message: 'fatal_error' }, 'serviceFault'],
  [{ reason: 'channel_not_found', message: 'channel_not_found' }, 'permanent'],
  // By message alone
  [{ message: 'read ECONNRESET' }, 'retriable'],
  [{ message: 'unexpected EOF' }, 'retriable'],
  [{ message: 'An internal error occurred' }, 'serviceFault'],
  [{ message: 'Exceeded rate limits: too many table update operations' }, 'retriable'],
  [{ message: 'Provided Schema does not match Table p:d.t.' }, 'permanent'],
];

test.each(EXAMPLES)('%j is %s', (error, expected) => {
  expect(classOf(error)).toBe(expected);
});

test.each<[ErrorClass, boolean]>([
  ['retriable', true],
  ['longQuota', true],
  ['serviceFault', true],
  ['permission', false],
  ['permanent', false],
  ['missing', false],
  ['corrupted', false],
  ['invalidSchema', false],
])('an error of class %s is transient: %s', (kind, transient) => {
  expect(isTransient(kind)).toBe(transient);
});

test.each<[ErrorFacts, boolean]>([
  [{ message: 'getaddrinfo ENOTFOUND' }, true],
  [{ status: 503, message: 'Service Unavailable' }, true],
  [{ status: 403, reason: 'quotaExceeded', message: 'Quota exceeded' }, true],
  [{ status: 403, reason: 'accessDenied', message: 'Access Denied' }, false],
])('a call that fails with %j meets an outage: %s', (call, outage) => {
  expect(isOutage(call)).toBe(outage);
});

test.each([
  [408, true],
  [425, true],
  [429, true],
  [500, true],
  [599, true],
  [400, false],
  [404, false],
  [409, false],
])('a request that a server of the user answers by %s is worth another attempt: %s', (status, again) => {
  expect(isTransientStatus(status)).toBe(again);
});
