import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { errorText } from '../errorText';
import type { FailureType } from '../failures';

/** What went wrong for good. */
export interface Failure {
  readonly type: string;
  readonly message: string;
}

/** Type of the failure of a run that was cancelled. */
export const CANCELLED: FailureType = 'Cancelled';

/** An error as an outcome tells of it: that of an activity is its cause. */
export function describe(error: unknown): Failure {
  if (isCancellation(error)) return { type: CANCELLED, message: 'the workflow was cancelled' };
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  const other: FailureType = 'ActionFailed';
  const type = cause instanceof ApplicationFailure ? (cause.type ?? other) : other;
  return { type, message: errorText(cause) };
}
