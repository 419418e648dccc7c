import type { WindowTimes } from '../../journal/processFile';
import type { FileEvent } from '../../windows/fileEvent';

/** Names a window and the file that owns it. */
export interface WindowIdentity {
  readonly window: WindowTimes & { readonly id: string };
  readonly dest: string;
  readonly owner: FileEvent;
  /** Start of the workflow, Unix milliseconds. */
  readonly startedMs: number;
}
