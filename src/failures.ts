import { ApplicationFailure } from '@temporalio/common';

/** One entry of the catalogue. */
interface FailureEntry {
  /** Whether Temporal repeats the attempt that failed so, unless its thrower decides otherwise. */
  readonly retry: boolean;
  /** Why something fails so, for operators. */
  readonly meaning: string;
  /** What an operator does about it. */
  readonly remedy: string;
}

/**
 * All types of failures of workflows and activities, as the Web UI and `temporal workflow show` show them. Types are stable; messages may
 * change. `docs/failures.md` is generated from this list.
 */
export const failures = {
  RuleInvalid: {
    retry: false,
    meaning:
      'The rule asks for something that is not possible. The message names the field, its value and what is allowed.',
    remedy: 'Correct the rule, then run `bqtail retry`.',
  },
  RuleMissing: {
    retry: false,
    meaning: 'No rule has the rule ID of the files any more: its file was deleted, or no longer holds this rule.',
    remedy: 'Bring the rule back and run `bqtail retry`, or submit the files again so that they match another rule.',
  },
  RuleChanged: {
    retry: true,
    meaning:
      'No rule takes a file of the batch into its destination any more: rules were changed while the file waited. The window is parked; nothing was loaded, moved or deleted.',
    remedy:
      'Correct the rules: the window goes on by itself, or at once on the signal `retry`. The signal `abandon` ends it.',
  },
  SchemaMissing: {
    retry: false,
    meaning:
      'A table that the rule depends on does not exist: a template, or a destination whose columns nothing else defines.',
    remedy: 'Create the table, or correct its name in the rule; then run `bqtail retry`.',
  },
  PermissionDenied: {
    retry: false,
    meaning:
      'A service refused the account of the worker, or the credentials that a rule names. For calls to Google, the window is parked at once and tries again by itself, because the cause may pass; it fails after `PermissionWaitInSec`, by default an hour.',
    remedy:
      'Grant the permission that the message names. A parked window then continues by itself, or at once on the signal `retry`; if it has failed, run `bqtail retry`.',
  },
  QueryInvalid: {
    retry: false,
    meaning: 'BigQuery refused a query or a job as invalid.',
    remedy: 'Correct the SQL or the table settings in the rule, then run `bqtail retry`.',
  },
  NotFound: {
    retry: false,
    meaning: 'A table, dataset, bucket, topic or secret that a step needs does not exist.',
    remedy: 'Create it, or correct its name in the rule; then run `bqtail retry`.',
  },
  LoadFailed: {
    retry: false,
    meaning: 'A BigQuery job of the load failed for a reason that no single file explains.',
    remedy: 'Read the error of the job, correct its cause, then run `bqtail retry`.',
  },
  ReloadLimit: {
    retry: false,
    meaning: 'The load found bad files more often than `MaxReload` of the rule allows.',
    remedy: 'List the bad files with `bqtail files --bad`, repair them or raise `MaxReload`; then run `bqtail retry`.',
  },
  NoGoodFiles: {
    retry: false,
    meaning: 'All files of the batch were bad and are in quarantine. Nothing was loaded.',
    remedy: 'List them with `bqtail files --bad`, repair them and upload them again.',
  },
  JobTaken: {
    retry: false,
    meaning: 'The ID of the load job belongs to a job that loaded other files. Nothing was loaded; the files stay.',
    remedy: 'Find the other process of the same event ID, and submit the files of this one again.',
  },
  ActionFailed: {
    retry: false,
    meaning:
      'An action failed: its service refused it, or failed in all attempts. The rows are loaded if it is an OnSuccess action.',
    remedy: 'Correct the action or its service, then run `bqtail retry`: actions that succeeded are not repeated.',
  },
  Abandoned: {
    retry: false,
    meaning: 'An operator abandoned the window, or it was started without a file.',
    remedy: 'None is needed. `bqtail retry` takes up the batch again.',
  },
  Cancelled: {
    retry: false,
    meaning: 'The workflow was cancelled. Its running jobs were stopped.',
    remedy: 'None is needed. `bqtail retry` takes up the batch again.',
  },
  LedgerMissing: {
    retry: false,
    meaning: 'An object of the ledger that lists the files of this batch was deleted.',
    remedy:
      'Restore the object that the message names, keep others from deleting below `${JournalURL}/Ledger`, then run `bqtail retry`.',
  },
  QuotaExceeded: {
    retry: false,
    meaning:
      'A quota that refills over a rolling day is used up. The window is parked at once and tries again by itself after 10 minutes, then after longer pauses of up to an hour.',
    remedy:
      'Wait, or raise the quota that the message names. The signal `retry` lets a parked window try again at once; the signal `abandon` ends it.',
  },
  GroupClosed: {
    retry: true,
    meaning: 'A window joins its group while an earlier run of the group still carries out its actions.',
    remedy: 'None is needed: the window joins once that run has ended.',
  },
  Unavailable: {
    retry: true,
    meaning:
      'A service is out of order, too busy or out of reach. If it lasts, the window is parked and tries again by itself.',
    remedy: 'Wait. The signal `retry` lets a parked window try again at once; the signal `abandon` ends it.',
  },
} as const satisfies Record<string, FailureEntry>;

/** Type of an `ApplicationFailure` of this project. */
export type FailureType = keyof typeof failures;

/** Details of an `ApplicationFailure`. */
export interface FailureDetails {
  /** Number of the attempt at a BigQuery job that comes next; the jobs of all attempts before it have failed. */
  readonly nextAttempt?: number;
  /** Rows may have been loaded before a permission was missing: the workflow parks until it is granted, and does not fail. */
  readonly untilGranted?: true;
  /** How long the workflow parks for a missing permission before it fails, in milliseconds; absent: without end. */
  readonly parkForMs?: number;
  readonly [fact: string]: unknown;
}

/** What an `ApplicationFailure` carries besides type and message. */
export interface FailureOptions {
  /** Default: as the catalogue says. */
  readonly retry?: boolean;
  /** Facts for the operator and for the workflow that calls the activity again. */
  readonly details?: FailureDetails;
  /** Least pause before the next attempt, in milliseconds; default: as the activity's retry policy says. */
  readonly retryAfterMs?: number;
}

/**
 * Makes the failure that an activity or workflow throws.
 *
 * @example throw newFailure('RuleInvalid', 'call: URL must begin with http:// or https://');
 */
export function newFailure(type: FailureType, message: string, options: FailureOptions = {}): ApplicationFailure {
  const { retry = failures[type].retry, details, retryAfterMs } = options;
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: !retry,
    details: details === undefined ? [] : [details],
    nextRetryDelay: retryAfterMs,
  });
}

/** Type of a failure of this project; undefined for any other error. */
export function failureTypeOf(error: unknown): FailureType | undefined {
  const type = error instanceof ApplicationFailure ? error.type : undefined;
  return isFailureType(type) ? type : undefined;
}

function isFailureType(type: string | null | undefined): type is FailureType {
  return typeof type === 'string' && Object.hasOwn(failures, type);
}
