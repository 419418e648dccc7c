import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { GroupRun } from '../windows/group';

/** Input of `windowGroup`. */
export interface WindowGroupInput extends GroupRun {
  /** Seconds past its end for which a group waits for windows whose files are announced late. */
  readonly settleInSec: number;
  /** Set when the group continues as new. */
  readonly carried?: CarriedMembers;
}

/** What a run of a group hands on when it continues as new. */
export interface CarriedMembers {
  readonly open: readonly string[];
  readonly failed: readonly string[];
  readonly ended: number;
  readonly files: number;
  readonly rules: readonly string[];
}

/** How a window that belongs to a group has ended. */
export interface WindowEnd {
  readonly windowId: string;
  readonly outcome: 'done' | 'failed' | 'abandoned';
  /** IDs of the rules of which it loaded files. */
  readonly rules: readonly string[];
  /** Number of files loaded. */
  readonly files: number;
}

/** Result of a group. */
export interface GroupResult {
  readonly dest: string;
  readonly groupId: string;
  readonly windows: number;
  readonly files: number;
  readonly jobIds: readonly string[];
}

export const WINDOW_GROUP = 'windowGroup';

/** A window is open from now on, by its ID; answers the `$GroupID`. Refused once the actions run: the next run takes it. */
export const joinGroup = defineUpdate<string, [string]>('joinGroup');
export const windowDone = defineSignal<[WindowEnd]>('windowDone');
