/** What operators have asked of a run. The handlers of signals write it, the rest of the workflow reads it. */
export class OperatorRequests {
  /** Load now, or for a group act now. */
  flushed = false;
  /** Reason for which the run was abandoned; undefined while it was not. */
  abandoned: string | undefined;
  /** Number of `retry` signals. */
  retries = 0;
}
