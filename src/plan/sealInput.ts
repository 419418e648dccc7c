import type { FileEvent } from '../windows/fileEvent';
import type { JoinedGroup } from '../windows/group';
import type { SpilledFiles } from '../windows/spilledFiles';
import type { WindowIdentity } from '../windows/windowIdentity';

/** The files that a batch is sealed from. */
export interface SealInput {
  readonly workflowId: string;
  /** Start of the workflow, Unix milliseconds. */
  readonly startedMs: number;
  /** Destination table as the rule writes it, expanded. */
  readonly dest: string;
  readonly ruleId: string;
  /** The first file of the batch. */
  readonly owner: FileEvent;
  readonly files: readonly FileEvent[];
  readonly spilled: readonly SpilledFiles[];
  /** Absent for a single file. */
  readonly window?: WindowIdentity;
  /** URLs of the ledger entries of earlier runs that this run has already resumed. */
  readonly resumedEntries?: readonly string[];
  /** The batch is sealed before its window is due. More files may arrive in its folders, so they are not listed. */
  readonly beforeDue?: boolean;
  readonly group?: JoinedGroup;
}
