import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { GroupRun } from '../windows/groupRun';

/** Input of `windowGroup`. */
export interface WindowGroupInput extends GroupRun {
  /** Seconds past its end for which a group waits for windows whose files are announced late. */
  readonly settleInSec: number;
  /** Set when the group continues as new. */
  readonly carried?: CarriedMembers;
}

/** The members that a run of a group passes on when it continues as new. */
export interface CarriedMembers {
  readonly open: readonly string[];
  readonly failed: readonly string[];
  readonly ended: number;
  readonly files: number;
  readonly rules: readonly string[];
}

/** How a window of a group has ended. */
export interface WindowEnd {
  readonly windowId: string;
  readonly outcome: 'done' | 'failed' | 'abandoned';
  /** IDs of rules that loaded at least one batch. */
  readonly rules: readonly string[];
  /** Number of loaded files. */
  readonly files: number;
}

/** Result of `windowGroup`. */
export interface GroupResult {
  readonly dest: string;
  readonly groupId: string;
  readonly windows: number;
  readonly files: number;
  readonly jobIds: readonly string[];
}

export const WINDOW_GROUP = 'windowGroup';

/**
 * A window, given by its ID, is open from now on. Answers the `$GroupID`. An update, because the window needs the answer. The
 * group refuses it once its actions run; then the next run of the group takes the window.
 */
export const joinGroup = defineUpdate<string, [string]>('joinGroup');
export const windowDone = defineSignal<[WindowEnd]>('windowDone');
