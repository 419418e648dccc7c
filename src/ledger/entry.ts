import type { FileEvent } from '../windows/fileEvent';
import { type FileVersion, isNewer, newestGenerations } from '../windows/fileVersion';

/**
 * The files of one process and the load job that takes them. An entry is written before its job is submitted and never changes.
 * Its state is custom metadata of the object, so that it can change:
 *
 *     written ──► intent ──► confirmed ──► done
 *                   │
 *                   └──────► retired
 */
export interface LedgerEntry {
  readonly workflowId: string;
  readonly eventId: string;
  readonly ruleId: string;
  /** ID of the load job that takes the files. */
  readonly jobId: string;
  /** Project of the load job. */
  readonly projectId: string;
  /** File of the event that owns the process; absent in entries of early versions. */
  readonly owner?: Pick<FileVersion, 'url' | 'updatedMs'>;
  /** Most files of one load job when the entry was written; absent: as many as BigQuery allows. */
  readonly maxFiles?: number;
  readonly files: readonly FileVersion[];
}

/**
 * State of an entry.
 *
 * - `intent`: the job may have run or not, or some of the rows have arrived.
 * - `confirmed`: all rows are in the destination table.
 * - `done`: the rows are in the destination table, and all actions have succeeded.
 * - `retired`: none of the rows is in the destination table, and the job will never run.
 */
export type LedgerState = 'intent' | 'confirmed' | 'retired' | 'done';

/** The event that a process is named after, and its file. */
export type EntryOwner = Pick<FileEvent, 'eventId' | 'url' | 'updatedMs'>;

/** Custom metadata of the object of an entry. */
export type EntryMetadata = Readonly<Record<string, string>>;

const STATE = 'bqtail-state';
const JOBS = 'bqtail-job';
const ROWS = 'bqtail-rows';

/** Metadata that give an entry a state; what is known of its jobs stays. */
export function stateMetadata(state: LedgerState): EntryMetadata {
  return { [STATE]: state };
}

/** Metadata that give an entry a state, with the load jobs and, once it is confirmed, the number of rows. */
export function settledMetadata(state: LedgerState, jobIds: readonly string[], rows: number): EntryMetadata {
  const jobs = { ...stateMetadata(state), [JOBS]: jobIds.join(',') };
  return state === 'confirmed' ? { ...jobs, [ROWS]: String(rows) } : jobs;
}

export function stateOf(metadata: EntryMetadata): string {
  return metadata[STATE] ?? 'intent';
}

/** Whether all rows of an entry are in the destination table. */
export function isLoaded(metadata: EntryMetadata): boolean {
  const state = stateOf(metadata);
  return state === 'confirmed' || state === 'done';
}

/** The load job of a confirmed entry; undefined in any other state. */
export function confirmedJobOf(metadata: EntryMetadata): { readonly jobId: string; readonly rows: number } | undefined {
  const [jobId] = (metadata[JOBS] ?? '').split(',');
  if (stateOf(metadata) !== 'confirmed' || !jobId) return undefined;
  return { jobId, rows: Number(metadata[ROWS] ?? 0) };
}

/** The event that an entry is named after. Without a recorded file, it is the first of the entry. */
export function ownerOf({ eventId, owner, files: [first] }: LedgerEntry): EntryOwner {
  const { url, updatedMs } = owner ?? first ?? { url: '', updatedMs: 0 };
  return { eventId, url, updatedMs };
}

/**
 * The newest generation of each candidate that no entry contains. A generation older than the one in an entry no longer exists:
 * its late announcement must not load the newer content again.
 */
export function notYetLoaded(candidates: Iterable<FileVersion>, entries: readonly LedgerEntry[]): FileVersion[] {
  const loaded = new Map(newestGenerations(entries.flatMap((entry) => entry.files)).map((file) => [file.url, file]));
  return newestGenerations(candidates).filter((file) => {
    const earlier = loaded.get(file.url);
    return earlier === undefined || isNewer(file, earlier);
  });
}
