/**
 * The normalised rule: plain, read-only JSON data. This module has no runtime imports, so workflow code may import it.
 */
import type { JsonObject, JsonValue } from '../json';
import type { LoadAttributes } from './loadAttributes';

export type { JsonObject, JsonValue };

/** One rule, with defaults applied and legacy keys mapped. */
export interface Rule {
  /** `<file URL>#<name>`, e.g. `gs://config/BqTail/Rules/orders.yaml#orders`: see `ruleNames`. */
  readonly id: string;
  /** URL of the rule file. */
  readonly url: string;
  /** Index of the rule in its file, from 0. It says where the rule is, not which rule it is. */
  readonly position: number;
  /** Files match the rule, but are not loaded. */
  readonly disabled: boolean;
  readonly async: boolean;
  readonly when: When;
  readonly dest: Destination;
  /** Absent: one load per file. */
  readonly batch?: Batch;
  readonly onSuccess: readonly Action[];
  readonly onFailure: readonly Action[];
  readonly info: RuleInfo;
  /** Maximum number of reloads of a batch after bad files were quarantined. */
  readonly maxReload: number;
  /** Age at which a running process counts as stalled, in seconds. */
  readonly stalledThresholdInSec: number;
  /** How often a Schedule lists the rule's files to load those whose event was missed; absent: never. Not in viant/bqtail. */
  readonly backfillEveryInSec?: number;
  /** Folder for corrupted files; absent: the configuration's. */
  readonly corruptedFileUrl?: string;
  /** Folder for files with a wrong schema; absent: the configuration's. */
  readonly invalidSchemaUrl?: string;
}

/** Conditions on the cleaned object path; all present conditions must hold. */
export interface When {
  /** Empty: all paths. */
  readonly prefix: string;
  /** Empty: all paths. Part of the window ID. */
  readonly suffix: string;
  /** RE2, matches anywhere in the path; `Dest.Pattern` when the rule has no Filter. */
  readonly filter?: string;
  /** RE2, must not match in the path. */
  readonly exclusion?: string;
  /** true: folders only, so no file matches. */
  readonly directory: boolean;
}

export interface Destination {
  /** Unexpanded; `[project:]dataset.table[$partition]` after expansion. */
  readonly table: string;
  /** Unexpanded; appended to the table as `$<value>`. */
  readonly partition?: string;
  /** RE2 whose groups are the values of `$1`, `$2`, … and of parameters. */
  readonly pattern?: string;
  readonly parameters: readonly PatternParameter[];
  readonly schema: DestinationSchema;
  readonly transient?: Transient;
  readonly uniqueColumns: readonly string[];
  /** SQL expressions by column. */
  readonly transform: Readonly<Record<string, string>>;
  readonly sideInputs: readonly SideInput[];
  /** true: truncate; false: append; absent: `load.writeDisposition` decides. */
  readonly override?: boolean;
  readonly allowFieldAddition: boolean;
  /** Lifetime of the table, e.g. `2hours`; `expiryMs` reads it. */
  readonly expiry?: string;
  /** Load attributes by their names in BigQuery's REST API. */
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
  /** Present only with cluster columns; `ts` by default. */
  readonly timeColumn?: string;
  readonly clusterColumns: readonly string[];
  readonly mapping: readonly SplitMapping[];
}

export interface SplitMapping {
  /** SQL condition. */
  readonly when: string;
  /** `Then` of the rule: destination table, unexpanded. */
  readonly table: string;
}

export type CopyMethod = 'COPY' | 'QUERY' | 'DML';

export interface Transient {
  readonly dataset: string;
  readonly projectId?: string;
  /** Location of the dataset if it must be created; `US` by default. */
  readonly region: string;
  /** Alias of the temporary table in SQL; `t` by default. */
  readonly alias: string;
  readonly template?: string;
  /** QUERY, never COPY, when the rule transforms rows. */
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
  /** The batch is sealed early when it has this number of files. */
  readonly maxFiles?: number;
  /** The batch is sealed early when its files have this total size. */
  readonly maxSizeInMb?: number;
  /** Name of an object, e.g. `_SUCCESS`, whose arrival in a folder of the window seals the batch. */
  readonly until?: string;
  /** How long a window that does not list its folders waits past due for late events. */
  readonly settleInSec: number;
  /** Whether the folders are listed when the window is due; absent: see `sealsByListing`. */
  readonly seal?: boolean;
}

export interface BatchGroup {
  /** 0: the group has no end. */
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
  /** Keys in documented spelling (`SQL`, `URLs`, …), values unexpanded. */
  readonly request: JsonObject;
  readonly onSuccess: readonly Action[];
  readonly onFailure: readonly Action[];
}

export interface ActionCondition {
  /** The action runs only if this table exists. A When without it: the action never runs. */
  readonly exists?: string;
}

export interface RuleInfo {
  /** Default: name of the rule file without its extension. */
  readonly workflow: string;
  readonly description?: string;
  readonly projectUrl?: string;
  readonly leadEngineer?: string;
  readonly url: string;
}
