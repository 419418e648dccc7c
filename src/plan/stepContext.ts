import type { Process } from '../windows/process';
import type { RunFacts } from './expandAtRun';
import type { ActionStep } from './steps';

/** The results of earlier steps, as variables. The history records this plain value with each call. */
export type StepContext = Pick<RunFacts, 'jobId' | 'results' | 'error' | 'response'>;

/**
 * The results of an action for the steps after it. `results` are variables by name, e.g. `{ StatusCode: 200, Data: { id: 7 }
 * }`. The history keeps it, so it must be small.
 */
export interface ActionResult extends Pick<StepContext, 'jobId' | 'results'> {
  /** Number of files that it deleted or moved, for readers of the history. */
  readonly files?: number;
  /** Number of rows that it inserted. */
  readonly rows?: number;
}

/** Input of an action's activity. */
export interface ActionCall {
  readonly step: ActionStep;
  readonly process: Process;
  readonly context: StepContext;
  /** The ledger's record that the step has ended; absent for a step that may run again. */
  readonly record?: { readonly ledgerEntry: string; readonly key: string };
}
