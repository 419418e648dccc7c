import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { errorText } from '../errorText';
import type { FailureType } from '../failures';

/** A failure that no retry can mend. */
export interface Failure {
  readonly type: string;
  readonly message: string;
}

/** Type of the failure of a run that was cancelled. */
export const CANCELLED: FailureType = 'Cancelled';

/** The failure that an outcome contains for an error. For a failed activity, that is its cause. */
export function failureFrom(error: unknown): Failure {
  if (isCancellation(error)) return { type: CANCELLED, message: 'the workflow was cancelled' };
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  const other: FailureType = 'ActionFailed';
  const type = cause instanceof ApplicationFailure ? (cause.type ?? other) : other;
  return { type, message: errorText(cause) };
}
