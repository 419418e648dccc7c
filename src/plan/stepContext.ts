import type { Process } from '../windows/process';
import type { RunFacts } from './expandAtRun';
import type { ActionStep } from './steps';

/** What the steps before have left to a step: a plain value that the history records with each call. */
export type StepContext = Pick<RunFacts, 'jobId' | 'results' | 'error' | 'response'>;

/**
 * What an action leaves to those behind it: `results` are variables by name, e.g. `{ StatusCode: 200, Data: { id: 7 } }`.
 * It is kept in the history, so it is small.
 */
export interface ActionResult extends Pick<StepContext, 'jobId' | 'results'> {
  /** How many files it deleted or moved, for whoever reads the history. */
  readonly files?: number;
  /** How many rows it inserted. */
  readonly rows?: number;
}

/** What an action is carried out with. */
export interface ActionCall {
  readonly step: ActionStep;
  readonly process: Process;
  readonly circumstances: StepContext;
  /** Where the journal remembers that the step has ended; absent where a step is carried out each time. */
  readonly record?: { readonly ledgerEntry: string; readonly key: string };
}

/** The circumstances behind a step; what it does not give stays as it was. */
export function behind(before: StepContext, { jobId, results }: ActionResult): StepContext {
  return { ...before, ...(jobId === undefined ? {} : { jobId }), ...(results === undefined ? {} : { results }) };
}
