import type { FileEvent } from './fileEvent';
import type { WindowGroup } from './group';

/** One run of a group. Values that depend on the rule are those of the first file of its first window. */
export interface GroupRun {
  readonly group: WindowGroup;
  /** Destination table as the rule writes it, expanded. */
  readonly dest: string;
  /** Value of `$GroupID`: start of the run in Unix seconds, as a decimal. */
  readonly groupId: string;
  /** The first file of the first window. */
  readonly owner: FileEvent;
}
