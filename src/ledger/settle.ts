import type { ObjectChange, ObjectStore } from '../objects/objectStore';
import { type LedgerState, settledMetadata, stateMetadata } from './entry';

/** The change that settles an entry: its state, with the load jobs and the rows that they have loaded. */
export function settleEntry(url: string, state: LedgerState, jobIds: readonly string[], rows: number): ObjectChange {
  return { kind: 'annotate', url, metadata: settledMetadata(state, jobIds, rows) };
}

/** The change that ends an entry: its rows are loaded and its actions carried out. */
export function endEntry(url: string): ObjectChange {
  return { kind: 'annotate', url, metadata: stateMetadata('done') };
}

/** The files of an entry, from a position on, that one job loads. */
export interface ReloadedFiles {
  /** URL of the entry. */
  readonly entry: string;
  /** Position of the first file in the entry. */
  readonly from: number;
}

/** The change that names, before it is submitted, the job that loads the files again without the bad ones. */
export function announceReload({ entry, from }: ReloadedFiles, jobId: string): ObjectChange {
  return { kind: 'annotate', url: entry, metadata: { [reloadKey(from)]: jobId } };
}

/** ID of the last announced job that loads the files again; undefined when there is none. */
export async function announcedReload(
  { entry, from }: ReloadedFiles,
  objects: ObjectStore,
): Promise<string | undefined> {
  return (await objects.stat(entry))?.metadata[reloadKey(from)];
}

function reloadKey(from: number): string {
  return `bqtail-reload-${from}`;
}
