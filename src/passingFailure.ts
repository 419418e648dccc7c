import type { ApplicationFailure } from '@temporalio/common';
import { classOf, type ErrorFacts, isTransient } from './errorClass';
import { type FailureDetails, newFailure } from './failures';

/** The failure for an error of a call or job after which a repetition may succeed; undefined for any other error. */
export function passingFailure(
  error: ErrorFacts,
  message: string,
  details?: FailureDetails,
): ApplicationFailure | undefined {
  const errorClass = classOf(error);
  if (errorClass === 'longQuota') return newFailure('QuotaExceeded', message, { details });
  if (errorClass === 'permission') return newFailure('PermissionDenied', message, { details });
  return isTransient(errorClass) ? newFailure('Unavailable', message, { details }) : undefined;
}

/** The failure for a change of an object that storage did not make: repeated whatever the error is. */
export function changeFailure(error: ErrorFacts, what: string): ApplicationFailure {
  const message = `${what}: ${error.message}`;
  return (
    passingFailure(error, message, { reason: error.reason, untilGranted: true }) ?? newFailure('Unavailable', message)
  );
}
