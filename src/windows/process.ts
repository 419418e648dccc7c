import type { FileVersion } from './fileVersion';

/** What names one process: one load of one file or batch, from its start to its last action. */
export interface ProcessName {
  /** Expanded destination table as the rule writes it. */
  readonly dest: string;
  /** Event ID of the owner. */
  readonly eventId: string;
  /** Unix milliseconds. */
  readonly startedMs: number;
}

/** A process with what its files tell of it. */
export interface Process extends ProcessName {
  /** The owner's file. */
  readonly source: Pick<FileVersion, 'url' | 'updatedMs'>;
  readonly ruleUrl: string;
  readonly async: boolean;
  /** Project of the jobs. */
  readonly projectId: string;
  /** Values of the pattern's parameters and of `$Date`, `$Hour`, `$EventID`. */
  readonly params: Readonly<Record<string, string>>;
  /** Steps handed out. */
  readonly stepCount: number;
  /** URL of the `.grp` file; absent without a group. */
  readonly groupUrl?: string;
}
