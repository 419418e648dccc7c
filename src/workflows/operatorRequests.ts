import type { CarriedRequests } from './contract';

/** What operators have asked of a run. The handlers of signals write it, the rest of the workflow reads it. */
export class OperatorRequests {
  /** @param carried requests to an earlier run of the same chain. */
  constructor(carried?: CarriedRequests) {
    this.flushed = carried?.flushed ?? false;
    this.abandoned = carried?.abandoned;
  }

  /** Load now, or for a group act now. */
  flushed: boolean;
  /** Reason for which the run was abandoned; undefined while it was not. */
  abandoned: string | undefined;
  /** Number of `retry` signals. */
  retries = 0;
}
