import { defineSearchAttributeKey } from '@temporalio/common';
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { RejectedCounts } from '../plan/recovery/rejected';
import type { FileEvent } from '../windows/fileEvent';
import type { JoinedGroup } from '../windows/group';
import type { SpilledFiles } from '../windows/spilledFiles';

/** Input of `batchWindow`; what depends on the rule is the first file's. */
export interface BatchWindowInput {
  readonly windowId: string;
  /** Expanded destination table as the rule writes it. */
  readonly dest: string;
  /** Unix seconds. */
  readonly start: number;
  /** Unix seconds. */
  readonly due: number;
  /** Seconds past due for which the window waits for late events, when sealing does not list the folders. */
  readonly settleInSec: number;
  /** Limits that close a batch before due; absent: none. */
  readonly limits?: BatchLimits;
  /** The window covers several folders, each with a `.loc` file. */
  readonly multiPath?: true;
  /** Set when the window continues as new. */
  readonly carried?: CarriedGathering;
  /** Totals of the earlier runs of the chain. */
  readonly earlier?: EarlierLoads;
  /** Loads of the earlier runs that no group has received yet; absent: all of `earlier`. */
  readonly unreported?: UnreportedLoads;
  /** The groups that the window is a member of. */
  readonly groups?: readonly JoinedGroup[];
  /** Requests of operators that are not met yet. */
  readonly requests?: CarriedRequests;
}

/** Loads that a window reports to its groups when it ends. */
export interface UnreportedLoads {
  readonly files: number;
  /** IDs of rules that loaded at least one batch. */
  readonly rules: readonly string[];
}

/** The requests of operators that a run of a window passes on when it continues as new. */
export interface CarriedRequests {
  readonly flushed: boolean;
  /** Reason for which the run was abandoned; absent while it was not. */
  readonly abandoned?: string;
}

/** Limits of one batch of a window. A batch that reaches one closes before due. */
export interface BatchLimits {
  readonly maxFiles?: number;
  readonly maxBytes?: number;
  /** Completion files close a batch: see `CompleteFolder`. */
  readonly until?: true;
}

/** A folder that holds all its files, because a completion file of the name that the rule gives was written. */
export interface CompleteFolder {
  /** Without its final slash. */
  readonly folder: string;
  /** The folders below are complete too. */
  readonly below: boolean;
  /** When the completion file was written, Unix milliseconds. Younger files are not part of the complete folder. */
  readonly updatedMs: number;
}

/** Totals of the runs before a continuation, failures included. */
export interface EarlierLoads {
  readonly files: number;
  readonly rows: number;
  readonly jobIds: readonly string[];
  readonly jobs: readonly JobReference[];
  readonly quarantined?: number;
  /** IDs of rules that loaded at least one batch. */
  readonly rules: readonly string[];
  readonly error?: { readonly type: string; readonly message: string };
}

/** The gathered files that a run of a window passes on when it continues as new. */
export interface CarriedGathering {
  readonly first: FileEvent;
  readonly announced: number;
  readonly complete?: readonly CompleteFolder[];
  readonly rules: readonly {
    readonly ruleId: string;
    readonly owner: FileEvent;
    readonly spilled: readonly SpilledFiles[];
  }[];
  /** Batches in whose place the batch of an earlier run was loaded. */
  readonly postponed?: readonly {
    readonly ruleId: string;
    readonly owner: FileEvent;
    readonly files: readonly FileEvent[];
    readonly spilled: readonly SpilledFiles[];
    readonly resumedEntries?: readonly string[];
  }[];
}

/** Input of `fileLoad`. */
export interface FileLoadInput {
  readonly dest: string;
  readonly file: FileEvent;
}

/** Stage of a run or of a process. */
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

/** Why a run is parked: a service is down, a quota that refills over a rolling day is used up, or a permission is missing. */
export type ParkReason = 'outage' | 'quota' | 'permission';

/** Answer to the query `status`. */
export interface WindowStatus {
  readonly stage: Stage;
  /** Unix seconds; absent for a single file. */
  readonly due?: number;
  readonly dest: string;
  /** Number of announced files, each counted once. */
  readonly announced: number;
  readonly processes: readonly ProcessStatus[];
  /** Of a group only. */
  readonly windows?: { readonly open: number; readonly failed: number; readonly ended: number };
  /** Why the run is parked; absent while it is not, and for a group that waits for a failed window. */
  readonly parkedFor?: ParkReason;
  readonly lastError?: string;
  /** Absent while no job has run. */
  readonly usage?: Usage;
}

/** One batch of a window: files of one rule. Or the actions of a group. */
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
  /** Rows written; absent while the job runs. */
  readonly rows?: number;
  readonly kind?: 'load' | 'probe' | 'copy' | 'query' | 'export';
  /** Lasting table whose daily limit of modifications the job counts against, `project.dataset.table`. */
  readonly modifies?: string;
  /** How often it was submitted, when more than once. */
  readonly attempts?: number;
}

/** Use of a daily limit of BigQuery. */
export interface DailyUse {
  readonly used: number;
  readonly limit: number;
}

/** How much of BigQuery's daily limits the jobs of a run have used. */
export interface Usage {
  /** Load jobs, out of the project's limit. */
  readonly loadJobs: DailyUse;
  /** Modifications by jobs, failed ones included, per table. DML does not count. */
  readonly tableModifications: Readonly<Record<string, DailyUse>>;
}

/** Reference of a BigQuery job, with BigQuery's field names. */
export interface JobReference {
  readonly projectId: string;
  readonly location?: string;
  readonly jobId: string;
}

/** Result of `batchWindow` and `fileLoad`. */
export interface LoadResult {
  readonly dest: string;
  readonly files: number;
  readonly rows: number;
  /** Number of files that are corrupted, of another schema or missing; absent when there are none. */
  readonly quarantined?: number;
  /** The last 1,000 jobs that loaded. */
  readonly jobIds: readonly string[];
  readonly jobs: readonly JobReference[];
}

/** Which files a backfill lists. */
export interface BackfillRequest {
  /** Rules by ID, file URL or `Info.Workflow`; none: all. */
  readonly rules?: readonly string[];
  /** Prefix of the files: a path in the trigger bucket, or a `gs://` URL; absent: the prefixes of the rules. */
  readonly prefix?: string;
  /** Unix milliseconds: only files updated since then. */
  readonly sinceMs?: number;
  readonly dryRun?: boolean;
}

/** Result of a backfill, in files. */
export interface BackfillReport {
  readonly listed: number;
  /** Files that match a rule and are in the ledger. */
  readonly known: number;
  readonly sent: number;
  /** Files that only `bqtail retry` loads: their run died, and it was of another window than the rule gives today. */
  readonly waiting: number;
}

/** Activity of `backfill`. The worker takes it from `src/backfill`, because it sends files as intake does. */
export interface BackfillActivities {
  backfill(request: BackfillRequest): Promise<BackfillReport>;
}

export const BACKFILL = 'backfill';
export const BATCH_WINDOW = 'batchWindow';
export const FILE_LOAD = 'fileLoad';

/** Number of files that the query `files` answers at most. */
export const FILES_PER_PAGE = 1000;

export const filesArrived = defineSignal<[readonly FileEvent[]]>('filesArrived');
/** A folder is complete. */
export const folderComplete = defineSignal<[CompleteFolder]>('folderComplete');
/** Load now, without waiting for due. */
export const flush = defineSignal('flush');
/** Try a parked step again at once. */
export const retry = defineSignal('retry');
/** End without loading the files that wait. */
export const abandon = defineSignal<[string?]>('abandon');

export const status = defineQuery<WindowStatus>('status');
/** Announced files, `FILES_PER_PAGE` per page, pages counted from 0. */
export const files = defineQuery<FileEvent[], [number?]>('files');

/** Search attributes of every workflow. The worker registers them where they are missing. */
export const searchAttributes = {
  dest: defineSearchAttributeKey('BqtailDest', 'KEYWORD'),
  rule: defineSearchAttributeKey('BqtailRule', 'KEYWORD'),
  stage: defineSearchAttributeKey('BqtailStage', 'KEYWORD'),
  due: defineSearchAttributeKey('BqtailDue', 'DATETIME'),
  files: defineSearchAttributeKey('BqtailFiles', 'INT'),
};

/** Memo of every workflow. */
export interface WorkflowMemo extends Record<string, unknown> {
  /** Event ID of the file that started the run; it names the whole process. */
  readonly ownerEventId: string;
  readonly ruleUrl: string;
}
