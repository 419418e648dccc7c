import { ActivityFailure, ApplicationFailure, condition, isCancellation } from '@temporalio/workflow';
import { newFailure } from '../failures';

const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

/**
 * Outlasts outages. An activity that gave up after its own retries parks the run: it tries again ever more slowly, or at
 * once on `retry`, until it succeeds or the run is abandoned. What no retry can mend is thrown at once.
 */
export class OutageRetry {
  /** Message of the outage that a step waits out; undefined while none does. */
  get parkedBy(): string | undefined {
    return [...this.parked.values()].at(0);
  }

  /** Why the run was abandoned; undefined while it was not. */
  abandoned: string | undefined;

  private readonly parked = new Map<symbol, string>();
  private retries = 0;

  constructor(private readonly onChange: () => void) {}

  /** Lets every parked step try again now. */
  retry(): void {
    this.retries++;
  }

  abandon(reason: string): void {
    this.abandoned = reason;
  }

  /** @throws ApplicationFailure `Abandoned`, or what no retry can mend. */
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
    const step = Symbol(message);
    const seen = this.retries;
    this.parked.set(step, message);
    this.onChange();
    const resumed = () => this.retries > seen || this.abandoned !== undefined;
    await condition(resumed, pauseMs, { summary: `parked: ${message}`.slice(0, 200) });
    this.parked.delete(step);
    this.onChange();
    if (this.abandoned !== undefined) {
      throw newFailure('Abandoned', `abandoned (${this.abandoned}) while parked: ${message}`);
    }
  }
}

function isOutage(error: unknown): error is ActivityFailure {
  if (!(error instanceof ActivityFailure)) return false;
  return !(error.cause instanceof ApplicationFailure && error.cause.nonRetryable);
}
