/** A set of windows of one table; the rule's `OnDone` actions run once after all of them. */
export interface WindowGroup {
  /** `<dest>_<end>`, or `<dest>` without an end: the workflow ID, and the name of the `.grp` file. */
  readonly id: string;
  /** Unix seconds; absent: the group ends as soon as none of its windows is open. */
  readonly end?: number;
}

/** A group that a window has joined. */
export interface JoinedGroup {
  readonly id: string;
  /** Value of `$GroupID`. */
  readonly groupId: string;
}

/**
 * The group of a file's window. Groups divide time as windows do: each ends at a multiple of the duration.
 *
 * @param dest destination table as the rule writes it, expanded except for `$GroupID`.
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
