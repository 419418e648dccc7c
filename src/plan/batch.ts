import type { FileVersion } from '../windows/fileVersion';
import type { Process } from '../windows/process';
import type { Performance } from './balancer';

/** The files of a batch by reference: they lie in a ledger part, so that neither plan nor history grows with them. */
export interface BatchFiles {
  /** URL of the ledger part. */
  readonly part: string;
  /** Place of the first of these files in the part; absent: 0. */
  readonly from?: number;
  readonly count: number;
  readonly bytes: number;
  /** The first few URLs, for a person who reads the plan. */
  readonly sample: readonly string[];
}

/** A batch that nothing joins any more. */
export interface SealedBatch {
  readonly process: Process;
  readonly ruleId: string;
  readonly files: BatchFiles;
  /** ID of the load job, to which the ledger part binds the files. */
  readonly jobId: string;
  /** Set when an earlier run has brought all rows to their place, but not what follows to its end. */
  readonly loaded?: { readonly jobId: string; readonly rows: number };
  /** Most files of one load job; absent: as many as BigQuery takes. Kept with the batch, as its job IDs depend on it. */
  readonly maxFiles?: number;
  /** Active load jobs of a balancer's projects when it chose; absent when that did not matter. */
  readonly performance?: Performance;
  /** An earlier run has begun with it: some of its rows may have arrived. */
  readonly resumed?: true;
  /** The first announced file that is not in the batch, because the batch is an earlier run's; it owns the next batch. */
  readonly nextOwner?: FileVersion & { readonly eventId: string; readonly ruleId: string };
}

const SAMPLE = 3;

/** Files by reference, where they are all the files of `part`. */
export function batchFilesOf(part: string, files: readonly Pick<FileVersion, 'url' | 'size'>[]): BatchFiles {
  return {
    part,
    count: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    sample: files.slice(0, SAMPLE).map(({ url }) => url),
  };
}
