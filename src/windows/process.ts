import type { FileVersion } from './fileVersion';

/** Identity of a process: one load of a single file or batch, from its start to its last action. */
export interface ProcessName {
  /** Destination table as the rule writes it, expanded. */
  readonly dest: string;
  /** Event ID of the owner: the file, or the first file of the batch. */
  readonly eventId: string;
  /** Start of the process, Unix milliseconds. */
  readonly startedMs: number;
}

/** A process as the journal describes it. */
export interface Process extends ProcessName {
  /** The owner's file. */
  readonly source: Pick<FileVersion, 'url' | 'updatedMs'>;
  readonly ruleUrl: string;
  readonly async: boolean;
  /** Project of the BigQuery jobs. */
  readonly projectId: string;
  /** Values of the pattern's parameters, and of `$Date`, `$Hour` and `$EventID`. */
  readonly params: Readonly<Record<string, string>>;
  /** Number of steps planned so far. */
  readonly stepCount: number;
  /** URL of the `.grp` file; absent without a group. */
  readonly groupUrl?: string;
}
