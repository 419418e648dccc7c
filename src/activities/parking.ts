import { ApplicationFailure } from '@temporalio/common';
import { errorText } from '../errorText';
import { type FailureDetails, failureTypeOf, newFailure } from '../failures';
import { passingFailure } from '../passingFailure';
import { reasonOf, statusOf } from './bigquery/bigQueryErrors';

/**
 * Runs an activity, and makes the failures for which its workflow parks: errors that Google's clients throw become failures by
 * their class, whatever the service; a missing permission carries the time after which the workflow fails. It carries none when
 * rows may have been loaded before: then a failed workflow would free the files of loaded rows.
 *
 * @param attempt number of the attempt at this activity, from 1; an earlier one may have had an effect.
 */
export async function withParking<T>(
  activity: () => T,
  permissionWaitInSec: number,
  attempt: number,
): Promise<Awaited<T>> {
  try {
    return await activity();
  } catch (error) {
    const failure = classified(error);
    const isDenied = failure instanceof ApplicationFailure && failureTypeOf(failure) === 'PermissionDenied';
    throw isDenied && attempt === 1 ? withLimit(failure, permissionWaitInSec * 1000) : failure;
  }
}

/** An error of a client, by its class. Other errors, and outages, which Temporal retries as they are, stay. */
function classified(error: unknown): unknown {
  const status = statusOf(error);
  if (error instanceof ApplicationFailure || status === undefined) return error;
  const failure = passingFailure({ status, reason: reasonOf(error), message: errorText(error) }, errorText(error), {
    untilGranted: true,
  });
  return failure?.nonRetryable ? failure : error;
}

function withLimit(failure: ApplicationFailure, parkForMs: number): ApplicationFailure {
  const { message, nonRetryable, details } = failure;
  const [given] = (details ?? []) as readonly (FailureDetails | undefined)[];
  if (given?.untilGranted) return failure;
  return newFailure('PermissionDenied', message, { retry: !nonRetryable, details: { ...given, parkForMs } });
}
