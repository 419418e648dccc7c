import { type Client, WorkflowFailedError } from '@temporalio/client';
import type { LoadResult } from '../workflows/contract';
import type { EventOutcome } from './response';

/** Waits that may be under way at once; more would keep events from coming in. */
const MOST_WAITING = 16;

/** How a load ended, or that it has not ended yet, as an answer tells it. */
export type LoadAnswer = Pick<EventOutcome, 'Status' | 'Error' | 'JobRef' | 'Files' | 'Rows'>;

const STILL_RUNNING: LoadAnswer = { Status: 'still running' };

/** Waits for the outcomes of loads whose rules are not Async, so that the answer to the event can carry them. */
export class LoadResults {
  private readonly closing = new AbortController();
  private waiting = 0;

  /** @param limitMs how long an answer waits; 0 for not at all. */
  constructor(
    private readonly client: Client,
    private readonly limitMs: number,
  ) {
    if (!(limitMs >= 0)) throw new RangeError(`limitMs: expected 0 or more milliseconds, got ${limitMs}`);
  }

  /**
   * The outcome of a workflow. It is not waited for what cannot end within the limit, nor while many others wait.
   *
   * @param notBeforeMs when it may end at the earliest, Unix milliseconds.
   * @throws what the client throws when Temporal cannot be asked.
   */
  async of(workflowId: string, notBeforeMs: number): Promise<LoadAnswer> {
    if (notBeforeMs >= Date.now() + this.limitMs || this.waiting >= MOST_WAITING) return STILL_RUNNING;
    const limit = AbortSignal.any([AbortSignal.timeout(this.limitMs), this.closing.signal]);
    this.waiting++;
    try {
      const result = () => this.client.workflow.getHandle(workflowId).result();
      return answerOf(await this.client.withAbortSignal(limit, result));
    } catch (error) {
      if (error instanceof WorkflowFailedError) {
        return { Status: 'error', Error: error.cause?.message ?? error.message };
      }
      if (limit.aborted) return STILL_RUNNING;
      throw error;
    } finally {
      this.waiting--;
    }
  }

  /** Answers at once whatever still waits. */
  close(): void {
    this.closing.abort();
  }
}

function answerOf({ files, rows, jobs: [first] }: LoadResult): LoadAnswer {
  return { Status: 'ok', ...(first ? { JobRef: first } : {}), Files: files, Rows: rows };
}
