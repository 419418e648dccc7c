/**
 * The normalised rule: plain, read-only JSON data that travels in Temporal payloads. This module has no runtime imports,
 * so workflow code may import it freely.
 */
import type { JsonObject, JsonValue } from '../json';
import type { LoadAttributes } from './loadAttributes';

export type { JsonObject, JsonValue };

/** One rule, defaults applied and legacy keys mapped (spec 1, section 2). */
export interface Rule {
  /** `<file URL>#<position>`, e.g. `gs://config/BqTail/Rules/orders.yaml#0`. */
  readonly id: string;
  /** URL of the rule file. */
  readonly url: string;
  /** Place of the rule in its file, counted from 0 as in an array. */
  readonly position: number;
  /** Matched, but nothing is done. */
  readonly disabled: boolean;
  readonly async: boolean;
  readonly when: When;
  readonly dest: Destination;
  /** Absent: one load a file. */
  readonly batch?: Batch;
  readonly onSuccess: readonly Action[];
  readonly onFailure: readonly Action[];
  readonly info: RuleInfo;
  /** Attempts to reload the good files of a batch after bad ones were put aside. */
  readonly maxReload: number;
  /** Age at which a running process counts as stalled. */
  readonly stalledThresholdInSec: number;
  /** Ours: how often a Schedule lists the rule's files for missed notifications; absent: never. */
  readonly backfillEveryInSec?: number;
  /** Where corrupted files go; absent: the configuration's. */
  readonly corruptedFileUrl?: string;
  /** Where files of a wrong schema go; absent: the configuration's. */
  readonly invalidSchemaUrl?: string;
}

/** Conditions on the cleaned object path; all that are present must hold. */
export interface When {
  /** Empty: any. */
  readonly prefix: string;
  /** Empty: any. It is part of the window ID. */
  readonly suffix: string;
  /** RE2, found anywhere in the path; `Dest.Pattern` when the rule has no Filter of its own. */
  readonly filter?: string;
  /** RE2, not found in the path. */
  readonly exclusion?: string;
  /** Folders only; true never matches a file. */
  readonly directory: boolean;
}

export interface Destination {
  /** Expandable, as written: `[project:]dataset.table[$partition]` after expansion. */
  readonly table: string;
  /** Expandable; goes behind the table as `$<value>`. */
  readonly partition?: string;
  /** RE2 whose groups give `$1`… and the parameters. */
  readonly pattern?: string;
  readonly parameters: readonly PatternParameter[];
  readonly schema: DestinationSchema;
  readonly transient?: Transient;
  readonly uniqueColumns: readonly string[];
  /** Column → SQL expression. */
  readonly transform: Readonly<Record<string, string>>;
  readonly sideInputs: readonly SideInput[];
  /** true: truncate; false: append; absent: as `load.writeDisposition` says. */
  readonly override?: boolean;
  readonly allowFieldAddition: boolean;
  /** Lifetime of the table, e.g. `2hours`; `expiryMs` reads it. */
  readonly expiry?: string;
  /** Load attributes of the BigQuery REST API by their own names. */
  readonly load: LoadAttributes;
}

export interface PatternParameter {
  readonly name: string;
  readonly expression: string;
}

export interface DestinationSchema {
  readonly template?: string;
  readonly autodetect: boolean;
  readonly split?: Split;
}

export interface Split {
  /** Present when there are cluster columns; `ts` by default. */
  readonly timeColumn?: string;
  readonly clusterColumns: readonly string[];
  readonly mapping: readonly SplitMapping[];
}

export interface SplitMapping {
  /** SQL condition. */
  readonly when: string;
  /** `Then` of the rule: destination table, expandable as `Destination.table`. */
  readonly table: string;
}

export type CopyMethod = 'COPY' | 'QUERY' | 'DML';

export interface Transient {
  readonly dataset: string;
  readonly projectId?: string;
  /** Where the dataset is created when it is missing; `US` by default. */
  readonly region: string;
  /** Alias of the temporary table in SQL; `t` by default. */
  readonly alias: string;
  readonly template?: string;
  /** Already QUERY when the rule transforms and says COPY or nothing. */
  readonly copyMethod: CopyMethod;
  readonly criteria?: string;
  readonly balancer?: Balancer;
}

export interface Balancer {
  readonly strategy: 'rand' | 'fallback';
  readonly projectIds: readonly string[];
  /** 0: no limit. */
  readonly maxLoadJobs: number;
}

export interface SideInput {
  readonly table?: string;
  readonly from?: string;
  readonly alias: string;
  readonly on: string;
  readonly inner: boolean;
}

export interface Batch {
  readonly window: BatchWindow;
  readonly rollOver: boolean;
  readonly multiPath: boolean;
  readonly maxDelayInSec: number;
  /** Values of the pattern's groups are part of the window ID. */
  readonly usePatternHash: boolean;
  readonly group?: BatchGroup;
}

export interface BatchWindow {
  readonly durationInSec: number;
  /** The batch closes early at this many files. */
  readonly maxFiles?: number;
  /** The batch closes early at this size of all its files. */
  readonly maxSizeInMb?: number;
  /** Name of an object, e.g. `_SUCCESS`, whose arrival in a folder of the window closes the batch. */
  readonly until?: string;
  /** How long a window that does not list its folders waits past due for late announcements. */
  readonly settleInSec: number;
  /** Whether the folders are listed at due; absent: `sealsByListing` decides. */
  readonly seal?: boolean;
}

export interface BatchGroup {
  /** 0: endless. */
  readonly durationInSec: number;
  readonly onDone: readonly Action[];
}

export type ActionKind =
  | 'delete'
  | 'move'
  | 'copy'
  | 'query'
  | 'insert'
  | 'export'
  | 'drop'
  | 'call'
  | 'push'
  | 'notify';

export interface Action {
  readonly action: ActionKind;
  readonly when?: ActionCondition;
  /** Keys in the documented spelling (`SQL`, `URLs`, …), values unexpanded. */
  readonly request: JsonObject;
  readonly onSuccess: readonly Action[];
  readonly onFailure: readonly Action[];
}

export interface ActionCondition {
  /** The action runs only if this table exists; absent under a When: it never runs. */
  readonly exists?: string;
}

export interface RuleInfo {
  /** Name of the rule file without its extension when the rule names none. */
  readonly workflow: string;
  readonly description?: string;
  readonly projectUrl?: string;
  readonly leadEngineer?: string;
  readonly url: string;
}
