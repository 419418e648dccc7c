import type { JsonObject } from '../rules/types';
import type { FileVersion } from '../windows/fileVersion';
import type { Process } from '../windows/process';
import type { Performance } from './balancer';

/** The files of a batch by reference: they lie in a ledger part, so that neither plan nor history grows with them. */
export interface BatchFiles {
  /** URL of the ledger part. */
  readonly part: string;
  /** Place of the first of these files in the part; absent: 0. */
  readonly from?: number;
  readonly count: number;
  readonly bytes: number;
  /** The first few URLs, for a person who reads the plan. */
  readonly sample: readonly string[];
}

/** A batch that nothing joins any more. */
export interface SealedBatch {
  readonly process: Process;
  readonly ruleId: string;
  readonly files: BatchFiles;
  /** ID of the load job, to which the ledger part binds the files. */
  readonly jobId: string;
  /** Set when an earlier run has brought all rows to their place, but not what follows to its end. */
  readonly loaded?: { readonly jobId: string; readonly rows: number };
  /** Most files of one load job; absent: as many as BigQuery takes. Kept with the batch, as its job IDs depend on it. */
  readonly maxFiles?: number;
  /** Active load jobs of a balancer's projects when it chose; absent when that did not matter. */
  readonly performance?: Performance;
  /** An earlier run has begun with it: some of its rows may have arrived. */
  readonly resumed?: true;
  /** The first of the files announced that are not in the batch, since an earlier run did not know them. */
  readonly later?: FileVersion & { readonly eventId: string; readonly ruleId: string };
}

/** A BigQuery job as the plan records it; the source URIs of a load are those of its batch. */
export interface PlannedJob {
  readonly jobId: string;
  readonly projectId: string;
  readonly location?: string;
  readonly configuration: JsonObject;
}

/** How a job ended. */
export interface JobOutcome {
  readonly jobId: string;
  /** Rows written. */
  readonly rows: number;
  /** See `jobSummary`. */
  readonly resource?: JsonObject;
  readonly error?: { readonly message: string; readonly reason: string; readonly errors: readonly JobError[] };
}

/** One entry of a job's list of errors. */
export interface JobError {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
}
