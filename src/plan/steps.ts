import type { JsonObject } from '../json';
import type { TableReference } from '../rules/tableReference';
import type { BatchFiles } from './batch';
import type { PlannedJob } from './job';

/** A change of a dataset or table that a job needs; each may be repeated without harm. */
export type PrepareStep =
  | {
      readonly kind: 'createDataset';
      readonly projectId: string;
      readonly datasetId: string;
      readonly location: string;
    }
  | {
      /** Creates the table unless it is there. */
      readonly kind: 'createTable';
      readonly table: TableReference;
      readonly resource: JsonObject;
      /** The table expires so long after its creation. */
      readonly lifetimeMs?: number;
    }
  /** Changes the table as `patchOf` says when it runs: columns are added to those that it has by then. */
  | { readonly kind: 'patchTable'; readonly table: TableReference; readonly resource: JsonObject }
  /** Reads both tables when it runs, and creates or patches `table` as `changeToTemplate` says; no template is a failure. */
  | { readonly kind: 'applyTemplate'; readonly table: TableReference; readonly template: TableReference }
  /** The table expires so long after this step. */
  | { readonly kind: 'expireTable'; readonly table: TableReference; readonly lifetimeMs: number };

/** Marks of a load step that was made because an earlier one failed. */
export interface ReloadTarget {
  /** The ledger part that the end of the step settles, and the place of the step's files in it. */
  readonly part: string;
  readonly from: number;
  /** The step loads all of the part's files that are left. */
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
  /** The step was made because one of the plan failed: what its end settles instead of its own part. */
  readonly reload?: ReloadTarget;
}

export type Step = JobStep | ActionStep;

interface Frame {
  /** Position in the plan, from 1. */
  readonly step: number;
  readonly prepare?: readonly PrepareStep[];
  /** The files of the batch, when the step is about them; absent when it names none. */
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
   * Temporary table that the job fills. A job of that ID must not be adopted when it ended before the table was made, or when
   * the table is gone: it filled an earlier table, which was dropped.
   */
  readonly fills?: TableReference;
}

/** Any other action; `copyPartitions` is a copy with MultiPartition. */
export interface ActionStep extends Frame {
  readonly kind: 'action';
  readonly action: 'delete' | 'move' | 'insert' | 'drop' | 'call' | 'push' | 'notify' | 'copyPartitions';
  /** Keys in the documented spelling; all is expanded but what is known only when the step runs. */
  readonly request: JsonObject;
  /** Query whose rows the action works on: the rows of an insert, the partitions of a copy. */
  readonly job?: PlannedJob;
}

/** A step runs only if this table exists; without `exists` it never runs. */
export interface StepCondition {
  readonly exists?: TableReference;
}
