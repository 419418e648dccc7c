import type { Action } from '../rules/types';
import type { Process } from '../windows/process';
import type { Performance } from './balancer';
import type { ActionStep, JobStep, LoadStep, PrepareStep, Step } from './steps';

/**
 * The jobs and actions that turn a batch into rows. An activity makes the plan, the history records it, and the workflow
 * runs its fields in their order. It does not contain the source URIs, because histories must not grow with the files;
 * `expandAtRun` adds them when a step runs.
 */
export interface Plan {
  readonly process: Process;
  readonly ruleId: string;
  /** Active jobs of the projects when the balancer chose `process.projectId`: see `SealedBatch.performance`. */
  readonly performance?: Performance;
  /** Temporary table in backticks, the value of `$TempTable`; absent without Transient. */
  readonly tempTable?: string;
  /** Datasets and tables to create or change before the load. */
  readonly prepare: readonly PrepareStep[];
  /** Load stages, which run one after the other. The jobs of a stage run side by side. */
  readonly load: readonly (readonly LoadStep[])[];
  /**
   * The load may add columns to the temporary table: plan again after the load, with `loadedTable`, and use that `transfer`.
   */
  readonly transferAfterLoad: boolean;
  /** Jobs from the temporary table to the destination, one after the other; empty for a direct load. */
  readonly transfer: readonly JobStep[];
  /** The rule's OnSuccess, after the last transfer. */
  readonly onSuccess: readonly Step[];
  /** The rule's OnFailure, once, after the final failure of any step. */
  readonly onFailure: readonly Step[];
  /** Steps that always run last. */
  readonly cleanup: readonly ActionStep[];
  /** Maximum number of reloads of a load step after bad files were quarantined. */
  readonly maxReload: number;
  /** Number of steps, and number of the last step. */
  readonly stepCount: number;
  /** Keys of the steps that must not run twice: see `stepKeys`. */
  readonly stepKeys?: Readonly<Record<number, string>>;
  /** The rule's actions as written, without secrets, for the process file. */
  readonly actions: { readonly onSuccess: readonly Action[]; readonly onFailure: readonly Action[] };
}
