import { type Client, WorkflowFailedError } from '@temporalio/client';
import type { LoadResult } from '../workflows/contract';
import type { EventOutcome } from './response';

/** Maximum number of simultaneous waits; more would block the intake of events. */
const MAX_WAITING = 16;

/** Result of a load as fields of a response, or `still running`. */
export type LoadOutcome = Pick<EventOutcome, 'Status' | 'Error' | 'JobRef' | 'Files' | 'Rows'>;

const STILL_RUNNING: LoadOutcome = { Status: 'still running' };

/** Waits for the results of loads whose rules are not Async, so that the response to the event can contain them. */
export class LoadResults {
  private readonly closing = new AbortController();
  private waiting = 0;

  /** @param limitMs how long a response may wait, milliseconds; 0: not at all. */
  constructor(
    private readonly client: Client,
    private readonly limitMs: number,
  ) {
    if (!(limitMs >= 0)) throw new RangeError(`limitMs: expected 0 or more milliseconds, got ${limitMs}`);
  }

  /**
   * Waits for the result of a workflow. Does not wait if the workflow cannot end within the limit, or if too many others wait.
   *
   * @param notBeforeMs earliest possible end of the workflow, Unix milliseconds.
   * @throws what the client throws when Temporal is not reachable.
   */
  async waitFor(workflowId: string, notBeforeMs: number): Promise<LoadOutcome> {
    if (notBeforeMs >= Date.now() + this.limitMs || this.waiting >= MAX_WAITING) return STILL_RUNNING;
    const limit = AbortSignal.any([AbortSignal.timeout(this.limitMs), this.closing.signal]);
    this.waiting++;
    try {
      const result = () => this.client.workflow.getHandle(workflowId).result();
      return outcomeOf(await this.client.withAbortSignal(limit, result));
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

  /** Ends all waits: they return `still running`. */
  close(): void {
    this.closing.abort();
  }
}

function outcomeOf({ files, rows, jobs: [first] }: LoadResult): LoadOutcome {
  return { Status: 'ok', JobRef: first, Files: files, Rows: rows };
}
