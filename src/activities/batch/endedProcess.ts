import type { SealedBatch } from '../../plan/batch';
import type { JobOutcome } from '../../plan/job';
import type { Plan } from '../../plan/plan';
import type { SealInput } from '../../plan/sealInput';

/** How a process ended, as the journal needs it. */
export interface EndedProcess {
  readonly batch?: SealedBatch;
  /** What it was to load, when it failed before it had a batch. */
  readonly unsealed?: SealInput;
  readonly plan?: Plan;
  readonly job?: JobOutcome;
  /** IDs, as planned, of the jobs that ran to their end, whose files lie in the trigger bucket. */
  readonly ended?: readonly string[];
  readonly error?: { readonly type: string; readonly message: string };
}
