import type { FileVersion } from '../windows/fileVersion';
import type { Process } from '../windows/process';
import type { Performance } from './balancer';

/**
 * The files of a batch by reference. The list is in a ledger entry, so that plans and histories do not grow with the files.
 */
export interface BatchFiles {
  /** URL of the ledger entry. */
  readonly entry: string;
  /** Index of the first of these files in the entry; 0 if absent. */
  readonly from?: number;
  readonly count: number;
  /** Total size. */
  readonly bytes: number;
  /** The first URLs, for people who read the plan. */
  readonly sample: readonly string[];
}

/** A batch whose files are fixed. */
export interface SealedBatch {
  readonly process: Process;
  readonly ruleId: string;
  readonly files: BatchFiles;
  /** ID of the load job in the ledger entry of these files. */
  readonly jobId: string;
  /** Set if an earlier run has loaded all rows but has not finished the steps after the load. */
  readonly loaded?: { readonly jobId: string; readonly rows: number };
  /**
   * Maximum number of files of one load job; absent: BigQuery's limit. Kept with the batch because its job IDs depend on it.
   */
  readonly maxFiles?: number;
  /** Active load jobs of the balancer's projects when it chose; absent if they did not matter. */
  readonly performance?: Performance;
  /** An earlier run has started the load: some rows may have arrived. */
  readonly resumed?: true;
  /** The first announced file that is not in this batch, which an earlier run sealed. It owns the next batch. */
  readonly nextOwner?: FileVersion & { readonly eventId: string; readonly ruleId: string };
}

/** Number of URLs in `BatchFiles.sample`. */
const SAMPLE = 3;

/** The first URLs of files, for `BatchFiles.sample`. */
export function sampleOf(files: readonly Pick<FileVersion, 'url'>[]): readonly string[] {
  return files.slice(0, SAMPLE).map(({ url }) => url);
}

/** A reference to these files, which are all files of an entry. */
export function batchFilesOf(entry: string, files: readonly Pick<FileVersion, 'url' | 'size'>[]): BatchFiles {
  return {
    entry,
    count: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    sample: sampleOf(files),
  };
}
