import type { SealedBatch } from '../batch';
import type { LoadStep } from '../steps';
import type { RejectedCounts } from './rejected';

/** A failed load job, or a probe that found bad files. */
export interface FailedLoad {
  readonly batch: SealedBatch;
  readonly step: LoadStep;
  /** ID of the job that ran. */
  readonly jobId: string;
  readonly workflowId: string;
}

/** The result of handling the bad files of one job. */
export interface Recovery {
  /** No recovery is possible: the load fails with the job's error. */
  readonly permanent?: true;
  /** URL of the record of the quarantined files; absent if no file was quarantined. */
  readonly record?: string;
  readonly rejected: RejectedCounts;
  /** The step with the columns that were added to the tables; absent if none were added. */
  readonly widened?: LoadStep;
}

/** The result of a probe. */
export interface ProbeResult extends Recovery {
  /** As far as can be known, BigQuery has reported every bad file of the slice. */
  readonly complete: boolean;
}
