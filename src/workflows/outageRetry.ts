import { ActivityFailure, ApplicationFailure, condition, isCancellation } from '@temporalio/workflow';
import { newFailure } from '../failures';
import type { OperatorRequests } from './operatorRequests';

const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

/**
 * Waits out outages. When an activity fails after its own retries, the step parks: it tries again with growing pauses, or at
 * once on `retry`, until it succeeds or an operator abandons the run. An error that no retry can mend is thrown at once.
 */
export class OutageRetry {
  private readonly parked = new Map<symbol, string>();

  /** @param onChange called when a step parks, and when it goes on. */
  constructor(
    private readonly requests: OperatorRequests,
    private readonly onChange: () => void,
  ) {}

  /** Message of the outage for which a step waits; undefined while no step is parked. */
  get parkedBy(): string | undefined {
    return [...this.parked.values()].at(0);
  }

  /** @throws ApplicationFailure `Abandoned`, or the failure that no retry can mend. */
  async retryUntilUp<T>(call: () => Promise<T>): Promise<T> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        return await call();
      } catch (error) {
        if (isCancellation(error) || !isOutage(error)) throw error;
        await this.park(error.cause?.message ?? error.message, pauseMs);
      }
    }
  }

  private async park(message: string, pauseMs: number): Promise<void> {
    const { requests } = this;
    const step = Symbol(message);
    const retriesBefore = requests.retries;
    this.parked.set(step, message);
    this.onChange();
    const resumed = () => requests.retries > retriesBefore || requests.abandoned !== undefined;
    await condition(resumed, pauseMs, { summary: `parked: ${message}`.slice(0, 200) });
    this.parked.delete(step);
    this.onChange();
    if (requests.abandoned !== undefined) {
      throw newFailure('Abandoned', `abandoned (${requests.abandoned}) while parked: ${message}`);
    }
  }
}

function isOutage(error: unknown): error is ActivityFailure {
  if (!(error instanceof ActivityFailure)) return false;
  return !(error.cause instanceof ApplicationFailure && error.cause.nonRetryable);
}
