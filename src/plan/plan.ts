import type { Action, JsonObject } from '../rules/types';
import type { Process } from '../windows/process';

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
}

/** A BigQuery job as the plan records it; the source URIs of a load are those of its batch. */
export interface PlannedJob {
  readonly jobId: string;
  readonly projectId: string;
  readonly location?: string;
  readonly configuration: JsonObject;
}

/** The load job of a plan. */
export interface LoadStep {
  readonly step: number;
  readonly action: 'load';
  readonly job: PlannedJob;
  readonly files: BatchFiles;
}

/** An action on files. */
export interface ActionStep {
  readonly step: number;
  readonly action: 'delete';
  /** URLs named one by one. */
  readonly urls: readonly string[];
  /** The files of the batch, when the action is about them too. */
  readonly files?: BatchFiles;
}

/** What turns a batch into rows: made by an activity, recorded, and interpreted by the workflow. */
export interface Plan {
  readonly process: Process;
  readonly ruleId: string;
  readonly load: LoadStep;
  readonly onSuccess: readonly ActionStep[];
  readonly onFailure: readonly ActionStep[];
  /** The rule's actions as written, for the process file. */
  readonly actions: { readonly onSuccess: readonly Action[]; readonly onFailure: readonly Action[] };
}

/** How a job ended. */
export interface JobOutcome {
  readonly jobId: string;
  /** Rows written. */
  readonly rows: number;
  readonly error?: { readonly message: string; readonly reason: string; readonly errors: readonly JobError[] };
}

/** One entry of a job's list of errors. */
export interface JobError {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
}
