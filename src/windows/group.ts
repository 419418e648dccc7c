import type { FileEvent } from './fileEvent';

/** The windows of one table whose OnDone actions wait for all of them. */
export interface WindowGroup {
  /** `<dest>_<end>`, or `<dest>` without an end: the workflow ID and the name of the `.grp` file. */
  readonly id: string;
  /** Unix seconds; absent: the group ends whenever none of its windows is open. */
  readonly end?: number;
}

/** One run of a group; what depends on the rule is that of the first window's first file. */
export interface GroupRun {
  readonly group: WindowGroup;
  /** Expanded destination table as the rule writes it. */
  readonly dest: string;
  /** `$GroupID`: Unix seconds of the run's start, decimal. */
  readonly groupId: string;
  /** The first window's first file. */
  readonly owner: FileEvent;
}

/** A group that a window has joined. */
export interface JoinedGroup {
  readonly id: string;
  /** `$GroupID`. */
  readonly groupId: string;
}

/**
 * The group that a file's window belongs to; it ends as windows do.
 *
 * @param dest expanded destination table as the rule writes it; `$GroupID` is still in it.
 * @param durationInSec 0 for a group without end.
 * @param updatedMs last update of the file, Unix milliseconds.
 * @example groupOf('ds.t', 60, 1_700_000_003_000) // { id: 'ds.t_1700000040', end: 1700000040 }
 */
export function groupOf(dest: string, durationInSec: number, updatedMs: number): WindowGroup {
  if (durationInSec === 0) return { id: dest };
  const time = Math.floor(updatedMs / 1000);
  const end = time - (time % durationInSec) + durationInSec;
  return { id: `${dest}_${end}`, end };
}
