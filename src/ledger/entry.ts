import { type FileVersion, isNewer, newestGenerations } from '../windows/fileVersion';

/**
 * One process's files, written before its load job is submitted and never changed. The custom metadata of the object says
 * whether the load is confirmed.
 */
export interface LedgerEntry {
  readonly workflowId: string;
  readonly eventId: string;
  readonly ruleId: string;
  /** ID of the load job that takes the files, and its project. */
  readonly jobId: string;
  readonly projectId: string;
  /** File of the event that owns the process; absent in parts of before it was kept. */
  readonly owner?: Pick<FileVersion, 'url' | 'updatedMs'>;
  /** Most files of one load job when it was written; absent: as many as BigQuery takes. */
  readonly maxFiles?: number;
  readonly files: readonly FileVersion[];
}

/** Metadata key of a part's state. */
export const LEDGER_STATE = 'bqtail-state';

/** Metadata key of the job that loads what is left of a part's files, from that place on, once some were set aside. */
export function reloadKey(from: number): string {
  return `bqtail-reload-${from}`;
}

/**
 * `intent`: the job may or may not have run, or some rows have arrived; `confirmed`: its rows are loaded; `retired`: it never will be; `done`: all that
 * follows the load has ended well too.
 */
export type LedgerState = 'intent' | 'confirmed' | 'retired' | 'done';

/** Whether the metadata of a part say that its rows are in their place. */
export function isLoaded(metadata: Readonly<Record<string, string>>): boolean {
  const state = metadata[LEDGER_STATE];
  return state === 'confirmed' || state === 'done';
}

const LEDGER_JOBS = 'bqtail-job';
const LEDGER_ROWS = 'bqtail-rows';

/** What the metadata of a part tell of it: state, load jobs, and rows once they are loaded. */
export function ledgerMetadata(
  state: LedgerState,
  jobIds: readonly string[],
  rows: number,
): Readonly<Record<string, string>> {
  return {
    [LEDGER_STATE]: state,
    [LEDGER_JOBS]: jobIds.join(','),
    ...(state === 'confirmed' ? { [LEDGER_ROWS]: String(rows) } : {}),
  };
}

/** The load that a part's metadata tell of; undefined while its rows are not in their place. */
export function loadedOf(
  metadata: Readonly<Record<string, string>>,
): { readonly jobId: string; readonly rows: number } | undefined {
  const [jobId] = (metadata[LEDGER_JOBS] ?? '').split(',');
  if (metadata[LEDGER_STATE] !== 'confirmed' || !jobId) return undefined;
  return { jobId, rows: Number(metadata[LEDGER_ROWS] ?? 0) };
}

/**
 * Files of `candidates` that no part holds, the newest generation of each. A generation older than the loaded one is
 * gone: its late announcement must not load the newer content again.
 */
export function notYetLoaded(candidates: Iterable<FileVersion>, parts: readonly LedgerEntry[]): FileVersion[] {
  const loaded = new Map(newestGenerations(parts.flatMap((part) => part.files)).map((file) => [file.url, file]));
  return newestGenerations(candidates).filter((file) => {
    const known = loaded.get(file.url);
    return known === undefined || isNewer(file, known);
  });
}
