import type { BatchFiles, SealedBatch } from '../plan/batch';
import type { JobOutcome } from '../plan/job';
import type { Plan } from '../plan/plan';
import type { RejectedCounts } from '../plan/recovery/rejected';
import type { SealInput } from '../plan/sealInput';
import type { Failure } from './failure';

/** How the load of a batch ended. Without `batch`, no file was left to load. */
export interface BatchOutcome {
  readonly batch?: SealedBatch;
  /** Input of the sealing, when it failed. */
  readonly unsealed?: SealInput;
  readonly plan?: Plan;
  /** The load, with the rows of all its jobs; when a job failed, that one. */
  readonly job?: JobOutcome;
  /** IDs, as planned, of the jobs that have ended. */
  readonly endedJobIds?: readonly string[];
  readonly error?: Failure;
  /** Quarantined files by class. */
  readonly rejected?: RejectedCounts;
  /** The files that were loaded; absent when the load failed. */
  readonly loaded?: BatchFiles;
}
