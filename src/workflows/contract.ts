import { defineSearchAttributeKey } from '@temporalio/common';
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { RejectedCounts } from '../plan/recovery/rejected';
import type { FileEvent } from '../windows/fileEvent';
import type { SpilledFiles } from '../windows/spilledFiles';

/** Start of a window; what depends on the rule is the first file's. */
export interface BatchWindowInput {
  readonly windowId: string;
  /** Expanded destination table as the rule writes it. */
  readonly dest: string;
  /** Unix seconds. */
  readonly start: number;
  /** Unix seconds. */
  readonly due: number;
  /** How many seconds past due late announcements are waited for, when the folders are not listed. */
  readonly settleInSec: number;
  /** What closes a batch before due; absent: nothing does. */
  readonly limits?: BatchLimits;
  /** Files of many folders: each folder is marked by a `.loc` file. */
  readonly multiPath?: true;
  /** Set when the window continues as new. */
  readonly carried?: CarriedGathering;
  /** What earlier runs of the chain have loaded. */
  readonly earlier?: EarlierLoads;
}

/** Limits of one batch of a window. */
export interface BatchLimits {
  readonly maxFiles?: number;
  readonly maxBytes?: number;
  /** Objects say that folders are complete. */
  readonly until?: true;
}

/** An object of the name that the rule gives says that a folder holds all its files. */
export interface CompleteFolder {
  /** Without its final slash. */
  readonly folder: string;
  /** It is about the folders below too. */
  readonly below: boolean;
  /** When the object was written, Unix milliseconds: it is about files that are not younger. */
  readonly updatedMs: number;
}

/** What the runs before a continuation have loaded, failures included. */
export interface EarlierLoads {
  readonly files: number;
  readonly rows: number;
  readonly jobIds: readonly string[];
  readonly jobs: readonly JobReference[];
  readonly quarantined?: number;
  /** IDs of the rules of which files were loaded. */
  readonly rules: readonly string[];
  readonly error?: { readonly type: string; readonly message: string };
}

/** What a run of a window hands on when it continues as new. */
export interface CarriedGathering {
  readonly first: FileEvent;
  readonly announced: number;
  readonly complete?: readonly CompleteFolder[];
  readonly rules: readonly {
    readonly ruleId: string;
    readonly owner: FileEvent;
    readonly spilled: readonly SpilledFiles[];
  }[];
}

/** Start of the load of a single file. */
export interface FileLoadInput {
  readonly dest: string;
  readonly file: FileEvent;
}

/** Where a window stands. */
export type Stage =
  | 'gathering'
  | 'sealing'
  | 'planning'
  | 'loading'
  | 'acting'
  | 'closing'
  | 'parked'
  | 'done'
  | 'failed'
  | 'abandoned'
  | 'cancelled';

/** Answer to the query `status`. */
export interface WindowStatus {
  readonly stage: Stage;
  /** Unix seconds; absent for a single file. */
  readonly due?: number;
  readonly dest: string;
  /** Files announced so far, the newest generation of each. */
  readonly announced: number;
  readonly processes: readonly ProcessStatus[];
  /** Of a group only. */
  readonly windows?: { readonly open: number; readonly failed: number; readonly ended: number };
  readonly lastError?: string;
  /** Absent while no job has run. */
  readonly usage?: Usage;
}

/** One load of a window: a rule's files, or those that came late. */
export interface ProcessStatus {
  readonly ruleId: string;
  readonly eventId: string;
  readonly stage: Stage;
  readonly files: number;
  readonly jobs: readonly JobStatus[];
  /** Quarantined files by class; absent while there are none. */
  readonly rejected?: RejectedCounts;
}

/** A job as operators see it. */
export interface JobStatus {
  readonly jobId: string;
  readonly state: 'running' | 'succeeded' | 'failed';
  /** Rows written, once known. */
  readonly rows?: number;
  readonly kind?: 'load' | 'probe' | 'copy' | 'query' | 'export';
  /** Table that stays and whose daily limit of modifications the job counts against, `project.dataset.table`. */
  readonly modifies?: string;
  /** How often it was submitted, when more than once. */
  readonly attempts?: number;
}

/** Jobs of a run against a limit that BigQuery sets for a day. */
export interface DailyUse {
  readonly used: number;
  readonly limit: number;
}

/** What a run has taken of BigQuery's daily limits. */
export interface Usage {
  /** Load jobs, of all that the project may have. */
  readonly loadJobs: DailyUse;
  /** Modifications by jobs, failed ones too, by table; DML does not count. */
  readonly tableModifications: Readonly<Record<string, DailyUse>>;
}

/** A BigQuery job as its service names it. */
export interface JobReference {
  readonly projectId: string;
  readonly location?: string;
  readonly jobId: string;
}

/** Result of a run. */
export interface LoadResult {
  readonly dest: string;
  readonly files: number;
  readonly rows: number;
  /** Files that are corrupted, of another schema or missing; absent when there were none. */
  readonly quarantined?: number;
  readonly jobIds: readonly string[];
  readonly jobs: readonly JobReference[];
}

/** What a backfill looks at. */
export interface BackfillRequest {
  /** Rules by ID, file URL or `Info.Workflow`; none: all. */
  readonly rules?: readonly string[];
  /** Path in the trigger bucket, or `gs://` URL, with which the files begin; absent: the prefixes of the rules. */
  readonly prefix?: string;
  /** Unix milliseconds: only files updated since then. */
  readonly sinceMs?: number;
  readonly dryRun?: boolean;
}

/** What a backfill found, in files. */
export interface BackfillReport {
  readonly listed: number;
  /** Taken by a rule, and in the ledger. */
  readonly known: number;
  readonly sent: number;
  /** Left to `bqtail retry`: a run of another window, as the rule was then, died with them. */
  readonly waiting: number;
}

/** Activity of `backfill`. The worker takes it from `src/backfill`, since it sends files as intake does. */
export interface BackfillActivities {
  backfill(request: BackfillRequest): Promise<BackfillReport>;
}

export const BACKFILL = 'backfill';
export const BATCH_WINDOW = 'batchWindow';
export const FILE_LOAD = 'fileLoad';

export const filesArrived = defineSignal<[readonly FileEvent[]]>('filesArrived');
/** A folder is complete. */
export const folderComplete = defineSignal<[CompleteFolder]>('folderComplete');
/** Load now, without waiting for due. */
export const flush = defineSignal('flush');
/** Try a failed step again at once. */
export const retry = defineSignal('retry');
/** End without loading what is not loaded yet. */
export const abandon = defineSignal<[string?]>('abandon');

export const status = defineQuery<WindowStatus>('status');
/** Files announced, a thousand a page, pages counted from 0. */
export const files = defineQuery<FileEvent[], [number?]>('files');

/** Search attributes of every workflow; the product registers them where they are missing. */
export const searchAttributes = {
  dest: defineSearchAttributeKey('BqtailDest', 'KEYWORD'),
  rule: defineSearchAttributeKey('BqtailRule', 'KEYWORD'),
  stage: defineSearchAttributeKey('BqtailStage', 'KEYWORD'),
  due: defineSearchAttributeKey('BqtailDue', 'DATETIME'),
  files: defineSearchAttributeKey('BqtailFiles', 'INT'),
};

/** Memo of every workflow. */
export interface WorkflowMemo extends Record<string, unknown> {
  /** Event ID of the file that started the run: the ID of the whole process. */
  readonly ownerEventId: string;
  readonly ruleUrl: string;
}
