import type { Action } from '../rules/types';
import type { Process } from '../windows/process';
import type { Performance } from './balancer';
import type { ActionStep, JobStep, LoadStep, PrepareStep, Step } from './steps';

/**
 * What turns a batch into rows: made by an activity, recorded, and interpreted by the workflow, in the order of its fields.
 * Source URIs are not in it, since histories must not grow with files; `expandAtRun` puts them in when a step runs.
 */
export interface Plan {
  readonly process: Process;
  readonly ruleId: string;
  /** What the balancer knew when it chose `process.projectId`: see `SealedBatch.performance`. */
  readonly performance?: Performance;
  /** In back-quotes, as `$TempTable`; absent without Transient. */
  readonly tempTable?: string;
  /** Datasets and tables to be made or changed before anything is loaded. */
  readonly prepare: readonly PrepareStep[];
  /** Rounds, one after the other; the jobs of one round run side by side. */
  readonly load: readonly (readonly LoadStep[])[];
  /** The temporary table may gain columns while it is loaded: plan again then, with `loadedTable`, and take that transfer. */
  readonly transferAfterLoad: boolean;
  /** From the temporary table to the destination, one after the other; empty for a direct load. */
  readonly transfer: readonly JobStep[];
  readonly onSuccess: readonly Step[];
  /** Once, when the failure of whatever step is final. */
  readonly onFailure: readonly Step[];
  /** Always, whatever happened before. */
  readonly cleanup: readonly ActionStep[];
  /** How often the files of a load step are loaded again after bad ones were set aside. */
  readonly maxReload: number;
  /** Steps handed out; the last one is the number of the last step. */
  readonly stepCount: number;
  /** Of the steps that must not be repeated: see `stepKeys`. */
  readonly stepKeys?: Readonly<Record<number, string>>;
  /** The rule's actions as written, for the process file. */
  readonly actions: { readonly onSuccess: readonly Action[]; readonly onFailure: readonly Action[] };
}
