import type { ApplicationFailure } from '@temporalio/common';
import { type ErrorFacts, isOutage } from '../errorClass';
import { type FailureType, newFailure } from '../failures';
import { passingFailure } from '../passingFailure';

const BY_STATUS: ReadonlyMap<number, FailureType> = new Map([
  [401, 'PermissionDenied'],
  [403, 'PermissionDenied'],
  [404, 'NotFound'],
]);

/**
 * The failure of a call to one of Google's APIs: retried while the service is out of order, parked while a quota is used up or a
 * permission is missing, final once the service refuses the call.
 *
 * @param what what the call was for, e.g. `submitting job x`.
 * @param invalid type of the failure when the service calls the request invalid.
 */
export function serviceFailure(error: ErrorFacts, what: string, invalid: FailureType): ApplicationFailure {
  const { status, reason = '' } = error;
  const message = `${what}: ${error.message}`;
  const passing =
    passingFailure(error, message, { status, reason }) ??
    (isOutage(error) ? newFailure('Unavailable', message) : undefined);
  if (passing) return passing;
  return newFailure(refusalType(status, invalid), message, { details: { status, reason } });
}

/** HTTP status that an error of Google's authentication or Pub/Sub client carries; undefined without an answer. */
export function clientStatus(error: unknown): number | undefined {
  const status = Number(Object(error).status);
  return Number.isNaN(status) ? undefined : status;
}

/** Type of the failure of a call that was refused with a status. */
export function refusalType(status: number | undefined, invalid: FailureType): FailureType {
  return BY_STATUS.get(status ?? 0) ?? invalid;
}
