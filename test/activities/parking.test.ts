import { withParking } from '../../src/activities/parking';
import { newFailure } from '../../src/failures';

/** An error as the clients of Google's APIs throw it. */
function clientError(code: number, reason: string): Error {
  return Object.assign(new Error('said the service'), { code, errors: [{ reason }] });
}

test.each([
  [401, 'authError', 'PermissionDenied', [{ untilGranted: true }]],
  [403, 'forbidden', 'PermissionDenied', [{ untilGranted: true }]],
  [403, 'quotaExceeded', 'QuotaExceeded', [{ untilGranted: true }]],
])('a client error %s %s becomes %s, whatever the service', async (code, reason, type, details) => {
  const activity = () => Promise.reject(clientError(code, reason));
  await expect(withParking(activity, 60, 1)).rejects.toMatchObject({ type, nonRetryable: true, details });
});

test.each([
  clientError(503, 'backendError'),
  clientError(403, 'userRateLimitExceeded'),
  clientError(404, 'notFound'),
  new TypeError('x is undefined'),
  newFailure('NotFound', 'no table'),
])('%s is thrown as it is', async (error) => {
  await expect(withParking(() => Promise.reject(error), 60, 1)).rejects.toBe(error);
});

test('a failure by a missing permission keeps its details and carries the time for which the workflow parks', async () => {
  const failure = newFailure('PermissionDenied', 'denied', { details: { nextAttempt: 2 } });
  await expect(withParking(() => Promise.reject(failure), 60, 1)).rejects.toMatchObject({
    message: 'denied',
    nonRetryable: true,
    details: [{ nextAttempt: 2, parkForMs: 60_000 }],
  });
});

test('a failure by a missing permission carries no limit when an earlier attempt may have had an effect', async () => {
  const failure = newFailure('PermissionDenied', 'denied');
  await expect(withParking(() => Promise.reject(failure), 60, 2)).rejects.toBe(failure);
});
