import type { FileEvent } from '../windows/fileEvent';
import type { JoinedGroup } from '../windows/group';
import type { SpilledFiles } from '../windows/spilledFiles';
import type { WindowIdentity } from '../windows/windowIdentity';

/** The files that a batch is sealed from. */
export interface SealInput {
  readonly workflowId: string;
  /** Start of the workflow, Unix milliseconds. */
  readonly startedMs: number;
  readonly dest: string;
  readonly ruleId: string;
  readonly owner: FileEvent;
  readonly files: readonly FileEvent[];
  readonly spilled: readonly SpilledFiles[];
  /** Absent for a single file. */
  readonly window?: WindowIdentity;
  /** Ledger parts of earlier runs that this run has resumed already. */
  readonly resumedParts?: readonly string[];
  /** The batch closed before its window was due: its folders may still fill, and are not listed. */
  readonly beforeDue?: boolean;
  readonly group?: JoinedGroup;
}
