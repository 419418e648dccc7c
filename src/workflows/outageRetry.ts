import { ActivityFailure, ApplicationFailure, condition, isCancellation } from '@temporalio/workflow';
import { type FailureDetails, failureTypeOf, newFailure } from '../failures';
import type { ParkReason } from './contract';
import type { OperatorRequests } from './operatorRequests';

/** Pauses between the attempts of a parked step: each is twice as long as the one before, up to the longest. */
interface Pauses {
  readonly firstMs: number;
  readonly longestMs: number;
}

const MINUTE_MS = 60_000;

/**
 * Pauses by reason. Google asks for 10 minutes or more between attempts when a quota is used up that refills over a rolling day.
 * These pauses allow three attempts in the first hour.
 */
const PAUSES: Readonly<Record<ParkReason, Pauses>> = {
  outage: { firstMs: 15_000, longestMs: 10 * MINUTE_MS },
  permission: { firstMs: MINUTE_MS, longestMs: 10 * MINUTE_MS },
  quota: { firstMs: 10 * MINUTE_MS, longestMs: 60 * MINUTE_MS },
};

/** A pause is prolonged at random by up to this share, so that windows that parked together do not try again together. */
const JITTER = 0.2;

/** Why a step is parked. */
interface Parked {
  readonly reason: ParkReason;
  readonly message: string;
}

/** A failure after which the step is tried again. */
interface Setback extends Parked {
  /** Number of the attempt at the step's job that comes next; undefined when the failure does not contain it. */
  readonly nextAttempt?: number;
  /** How long the step parks for a missing permission before the failure is thrown; undefined: without end. */
  readonly parkForMs?: number;
}

/**
 * Waits out outages. When an activity fails after its own retries, the step parks: it tries again with growing pauses, or at
 * once on `retry`, until it succeeds or an operator abandons the run. When a long quota is used up,
 * or a permission is missing, the step parks without retries; a missing permission is thrown after `PermissionWaitInSec`, unless the
 * step may have had an effect. An error that no retry can mend is thrown at once.
 */
export class OutageRetry {
  private readonly steps = new Map<symbol, Parked>();

  /** @param onChange called when a step parks, and when it goes on. */
  constructor(
    private readonly requests: OperatorRequests,
    private readonly onChange: () => void,
  ) {}

  /** Why a step is parked; undefined while none is. */
  get parked(): Parked | undefined {
    return [...this.steps.values()].at(0);
  }

  /**
   * @param call tries the step. Its argument is the number of the first attempt at the step's job that is left: see
   *   `FailureDetails.nextAttempt`.
   * @throws ApplicationFailure `Abandoned`, or the failure that no retry can mend.
   */
  async retryUntilUp<T>(call: (firstAttempt: number) => Promise<T>): Promise<T> {
    let firstAttempt = 0;
    let last: ParkReason | undefined;
    let sinceMs = 0;
    let mayHaveEffect = false;
    for (let pauses = 0; ; pauses++) {
      try {
        return await call(firstAttempt);
      } catch (error) {
        const setback = setbackOf(error);
        if (!setback) throw error;
        firstAttempt = setback.nextAttempt ?? firstAttempt;
        if (setback.reason !== last) {
          pauses = 0;
          sinceMs = Date.now();
          last = setback.reason;
        }
        // After a failure with an unknown effect, a failed step would free the files of rows that may be loaded.
        mayHaveEffect ||= setback.reason !== 'quota' && setback.parkForMs === undefined;
        const { parkForMs = Number.POSITIVE_INFINITY } = mayHaveEffect ? {} : setback;
        const leftMs = sinceMs + parkForMs - Date.now();
        if (leftMs <= 0) throw error;
        await this.park(setback, Math.min(pauseMs(setback.reason, pauses), leftMs));
      }
    }
  }

  private async park({ reason, message }: Setback, lengthMs: number): Promise<void> {
    const { requests } = this;
    const step = Symbol(message);
    const retriesBefore = requests.retries;
    this.steps.set(step, { reason, message });
    this.onChange();
    const resumed = () => requests.retries > retriesBefore || requests.abandoned !== undefined;
    await condition(resumed, lengthMs, { summary: `parked (${reason}): ${message}`.slice(0, 200) });
    this.steps.delete(step);
    this.onChange();
    if (requests.abandoned !== undefined) {
      throw newFailure('Abandoned', `abandoned (${requests.abandoned}) while parked: ${message}`);
    }
  }
}

/** @param before number of pauses for this reason before this one. */
function pauseMs(reason: ParkReason, before: number): number {
  const { firstMs, longestMs } = PAUSES[reason];
  // The workflow's Math.random is seeded: a replay gets the same numbers.
  return Math.min(firstMs * 2 ** before, longestMs) * (1 + JITTER * Math.random());
}

/** Undefined for a failure that no retry can mend. */
function setbackOf(error: unknown): Setback | undefined {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) return undefined;
  const { cause } = error;
  const message = cause?.message ?? error.message;
  if (!(cause instanceof ApplicationFailure)) return { reason: 'outage', message };
  const [details] = (cause.details ?? []) as readonly (FailureDetails | undefined)[];
  const { nextAttempt, parkForMs } = details ?? {};
  if (failureTypeOf(cause) === 'QuotaExceeded') return { reason: 'quota', message, nextAttempt };
  // The activity adds the time that the configuration allows.
  if (failureTypeOf(cause) === 'PermissionDenied') return { reason: 'permission', message, nextAttempt, parkForMs };
  return cause.nonRetryable ? undefined : { reason: 'outage', message, nextAttempt };
}
