import { ApplicationFailure } from '@temporalio/common';
import { errorText } from '../../errorText';
import type { FailureType } from '../../failures';

const REFUSALS = new Map<number, FailureType>([
  [400, 'RuleInvalid'],
  [401, 'PermissionDenied'],
  [403, 'PermissionDenied'],
  [404, 'NotFound'],
]);

/** What a client of Google's threw, to be thrown from an activity: a refusal is final, whatever else is an outage. */
export function serviceFailure(error: unknown, what: string): ApplicationFailure {
  const { status } = Object(error);
  const message = `${what}: ${errorText(error)}`;
  const type = REFUSALS.get(Number(status));
  return type ? ApplicationFailure.nonRetryable(message, type) : ApplicationFailure.retryable(message, 'Unavailable');
}
