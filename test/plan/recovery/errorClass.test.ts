import { classOf, type ErrorClass, type ErrorFacts } from '../../../src/plan/recovery/errorClass';

const EXAMPLES: readonly (readonly [ErrorFacts, ErrorClass])[] = [
  [{ status: 429, message: 'Too Many Requests' }, 'retriable'],
  [{ status: 502, message: 'Bad Gateway' }, 'retriable'],
  [{ status: 503, reason: 'backendError', message: 'Error encountered during execution.' }, 'internal'],
  [{ status: 503, message: 'Service Unavailable' }, 'retriable'],
  [{ status: 500, message: 'Internal Server Error' }, 'internal'],
  [{ status: 403, reason: 'quotaExceeded', message: 'Quota exceeded: too many imports' }, 'retriable'],
  [{ status: 403, reason: 'rateLimitExceeded', message: 'Exceeded rate limits' }, 'retriable'],
  [{ status: 403, reason: 'accessDenied', message: 'Access Denied: Table p:d.t' }, 'permanent'],
  [{ reason: 'internalError', message: 'An internal error occurred' }, 'internal'],
  [{ message: 'read ECONNRESET' }, 'retriable'],
  [{ message: 'unexpected EOF' }, 'retriable'],
  [{ message: 'An internal error occurred' }, 'internal'],
  [{ message: 'Exceeded rate limits: too many table update operations' }, 'retriable'],
  [{ reason: 'notFound', message: 'Not found: URI gs://b/x.json' }, 'missing'],
  [{ reason: 'notFound', message: 'Not found: Files /bigstore/b/x.json' }, 'missing'],
  [{ status: 404, reason: 'notFound', message: 'Not found: Table p:d.t' }, 'permanent'],
  [{ reason: 'invalid', message: 'Value: internal error; Field: name' }, 'permanent'],
  [{ reason: 'invalidQuery', message: 'Unrecognized name: x at [1:8]' }, 'permanent'],
];

test.each(EXAMPLES)('%j is %s', (error, expected) => {
  expect(classOf(error)).toBe(expected);
});
