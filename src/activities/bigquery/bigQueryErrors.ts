import type { ApplicationFailure } from '@temporalio/common';
import { errorText } from '../../errorText';
import { serviceFailure } from '../serviceFailure';

/** The fields that we read of an error of BigQuery's client. */
interface ServiceError {
  readonly code?: number | string;
  readonly errors?: readonly { readonly reason?: string; readonly message?: string }[];
}

/** HTTP status of a client's error; undefined when there was no answer. */
export function statusOf(error: unknown): number | undefined {
  const code = error instanceof Error ? (error as ServiceError).code : undefined;
  return code === undefined || Number.isNaN(Number(code)) ? undefined : Number(code);
}

/** Reason of the first entry of a client's error. */
export function reasonOf(error: unknown): string {
  const [first] = (error instanceof Error ? (error as ServiceError).errors : undefined) ?? [];
  return first?.reason ?? '';
}

/** The failure of a call to BigQuery, to be thrown from an activity: final only when no retry can help. */
export function toFailure(error: unknown, what: string): ApplicationFailure {
  const message = errorText(error);
  return serviceFailure({ status: statusOf(error), reason: reasonOf(error), message }, what, 'QueryInvalid');
}
