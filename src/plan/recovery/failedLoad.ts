import type { SealedBatch } from '../batch';
import type { LoadStep } from '../steps';
import type { RejectedCounts } from './rejected';

/** A load job that failed, or a probe that has found bad files. */
export interface FailedLoad {
  readonly batch: SealedBatch;
  readonly step: LoadStep;
  /** The job as it ran. */
  readonly jobId: string;
  readonly workflowId: string;
}

/** What an activity has done about the bad files of one job. */
export interface Recovery {
  /** No recovery is possible: the load fails with the job's error. */
  readonly permanent?: true;
  /** URL of the record of the quarantined files; absent when there were none. */
  readonly record?: string;
  readonly rejected: RejectedCounts;
  /** The step with the columns that were added to the tables; absent when none were. */
  readonly widened?: LoadStep;
}

/** What a probe has found. */
export interface ProbeResult extends Recovery {
  /** BigQuery has named every bad file of the slice, as far as it can be known. */
  readonly complete: boolean;
}
