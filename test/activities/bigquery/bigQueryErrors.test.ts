import { ApplicationFailure } from '@temporalio/common';
import { reasonOf, statusOf, toFailure } from '../../../src/activities/bigquery/bigQueryErrors';

const error = (code?: number | string, reason?: string) =>
  Object.assign(new Error('said the service'), {
    ...(code === undefined ? {} : { code }),
    ...(reason === undefined ? {} : { errors: [{ reason }, { reason: 'second' }] }),
  });

describe('a call that BigQuery refuses for good is not retried', () => {
  test.each([
    [400, 'invalidQuery', 'QueryInvalid'],
    [400, undefined, 'QueryInvalid'],
    [401, 'authError', 'PermissionDenied'],
    [403, 'accessDenied', 'PermissionDenied'],
    ['403', 'accessDenied', 'PermissionDenied'],
    [404, 'notFound', 'NotFound'],
  ])('status %s with reason %s is the final failure %s', (code, reason, type) => {
    const failure = toFailure(error(code, reason), 'submitting job j');
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type,
      nonRetryable: true,
      message: 'submitting job j: said the service',
      details: [{ status: Number(code), reason: reason ?? '' }],
    });
  });
});

describe('a call that fails by an outage is retried', () => {
  test.each([
    [403, 'rateLimitExceeded'],
    [403, 'userRateLimitExceeded'],
    [403, 'jobRateLimitExceeded'],
    [400, 'backendError'],
    [408, undefined],
    [409, 'duplicate'],
    [412, 'conditionNotMet'],
    [429, 'rateLimitExceeded'],
    [500, 'internalError'],
    [503, 'backendError'],
    ['ECONNRESET', undefined],
    [undefined, undefined],
  ])('code %s with reason %s is retried', (code, reason) => {
    expect(toFailure(error(code, reason), 'reading')).toMatchObject({
      type: 'Unavailable',
      nonRetryable: false,
      message: 'reading: said the service',
    });
  });

  test('a thrown value that is not an error is retried', () => {
    expect(toFailure('text', 'reading')).toMatchObject({ type: 'Unavailable', message: 'reading: text' });
  });
});

test.each([403, 429, 503])(
  'a call with status %s and reason quotaExceeded fails by a quota, without retries',
  (code) => {
    const failure = toFailure(error(code, 'quotaExceeded'), 'submitting job j');
    expect(failure).toMatchObject({
      type: 'QuotaExceeded',
      nonRetryable: true,
      message: 'submitting job j: said the service',
    });
  },
);

test.each([
  [error(404, 'notFound'), 404, 'notFound'],
  [error('404'), 404, ''],
  [error('ECONNRESET'), undefined, ''],
  [error(), undefined, ''],
  [{ code: 404 }, undefined, ''],
  [undefined, undefined, ''],
])('the status and the reason of %p are %s and %j', (given, status, reason) => {
  expect([statusOf(given), reasonOf(given)]).toEqual([status, reason]);
});
