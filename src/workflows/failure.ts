import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';

/** What went wrong for good. */
export interface Failure {
  readonly type: string;
  readonly message: string;
}

/** An error as an outcome tells of it: that of an activity is its cause. */
export function describe(error: unknown): Failure {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  const type = cause instanceof ApplicationFailure ? (cause.type ?? 'ActionFailed') : 'ActionFailed';
  return { type, message: cause instanceof Error ? cause.message : String(cause) };
}
