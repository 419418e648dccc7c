/** The windows of one table whose OnDone actions wait for all of them. */
export interface WindowGroup {
  /** `<dest>_<end>`, or `<dest>` without an end: the workflow ID and the name of the `.grp` file (spec 1, section 4.6). */
  readonly id: string;
  /** Unix seconds; absent: the group ends whenever none of its windows is open. */
  readonly end?: number;
}

/**
 * The group that a file's window belongs to; it ends as windows do (spec 1, sections 4.6 and 5.2).
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
