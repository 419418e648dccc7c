import type { JsonObject } from '../json';
import type { TableReference } from '../rules/tableReference';
import type { BatchFiles } from './batch';
import type { PlannedJob } from './job';

/** Number of the load in every plan. */
export const LOAD_STEP = 1;

/** A change of a dataset or table that a job needs. Every change can be repeated. */
export type PrepareStep =
  | {
      readonly kind: 'createDataset';
      readonly projectId: string;
      readonly datasetId: string;
      readonly location: string;
    }
  | {
      /** Creates the table if it does not exist. */
      readonly kind: 'createTable';
      readonly table: TableReference;
      readonly resource: JsonObject;
      /** Time from creation to expiration. */
      readonly lifetimeMs?: number;
    }
  /** Patches the table with the result of `patchOf`, which adds columns to those that the table has when the step runs. */
  | { readonly kind: 'patchTable'; readonly table: TableReference; readonly resource: JsonObject }
  /**
   * Reads both tables when the step runs and makes the change of `changeToTemplate`. Fails if the template does not exist.
   */
  | { readonly kind: 'applyTemplate'; readonly table: TableReference; readonly template: TableReference }
  /** Sets the expiration of the table, counted from this step. */
  | { readonly kind: 'expireTable'; readonly table: TableReference; readonly lifetimeMs: number };

/** The ledger entry that the end of a reload settles. */
export interface ReloadTarget {
  /** URL of the ledger entry. */
  readonly entry: string;
  /** Index of the step's first file in the entry. */
  readonly from: number;
  /** The step loads all remaining files of the entry. */
  readonly whole: boolean;
}

/** One load job. */
export interface LoadStep {
  readonly step: number;
  readonly action: 'load';
  readonly job: PlannedJob;
  readonly files: BatchFiles;
  /** See `JobStep.fills`. */
  readonly fills?: TableReference;
  /** Set for the reload of a failed step: the ledger entry that its end settles instead of its own. */
  readonly reload?: ReloadTarget;
}

export type Step = JobStep | ActionStep;

interface Frame {
  /** Number of the step in the plan, from 1. */
  readonly step: number;
  readonly prepare?: readonly PrepareStep[];
  /** Files of the batch; absent if the step does not refer to them. */
  readonly files?: BatchFiles;
  readonly when?: StepCondition;
  readonly onSuccess: readonly Step[];
  readonly onFailure: readonly Step[];
}

/** A BigQuery job. */
export interface JobStep extends Frame {
  readonly kind: 'job';
  readonly action: 'copy' | 'query' | 'export';
  readonly job: PlannedJob;
  /**
   * Temporary table that the job fills. An existing job with the same ID must not be adopted if it ended before the table
   * was created, or if the table does not exist: that job filled an earlier table, which was dropped.
   */
  readonly fills?: TableReference;
}

/** Any other action. `copyPartitions` is a copy with MultiPartition. */
export interface ActionStep extends Frame {
  readonly kind: 'action';
  readonly action: 'delete' | 'move' | 'insert' | 'drop' | 'call' | 'push' | 'notify' | 'copyPartitions';
  /** Keys in the documented spelling. Expanded, except for variables that have no value before the step runs. */
  readonly request: JsonObject;
  /** Query that returns the rows of an insert, or the partitions of a copy. */
  readonly job?: PlannedJob;
}

/** The step runs only if this table exists. Without `exists` it never runs. */
export interface StepCondition {
  readonly exists?: TableReference;
}
