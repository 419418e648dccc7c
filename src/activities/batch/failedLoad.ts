import type { SealedBatch } from '../../plan/batch';
import type { RejectedCounts } from '../../plan/recovery/errorClass';
import type { LoadStep } from '../../plan/steps';

/** A load job that failed, or a probe that has found bad files. */
export interface FailedLoad {
  readonly batch: SealedBatch;
  readonly step: LoadStep;
  /** The job as it ran. */
  readonly jobId: string;
  readonly workflowId: string;
}

/** What was done about the bad files of one job. */
export interface Recovery {
  /** Nothing could be done: the job's error stands. */
  readonly permanent?: true;
  /** Records of the files set aside; absent when there were none. */
  readonly record?: string;
  readonly aside: RejectedCounts;
  /** The step with the columns that were added to the tables. */
  readonly widened?: LoadStep;
}
