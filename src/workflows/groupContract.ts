import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { FileEvent } from '../windows/fileEvent';
import type { WindowGroup } from '../windows/group';

/** Start of a group of windows; what depends on the rule is that of the first window's first file. */
export interface WindowGroupInput {
  readonly group: WindowGroup;
  /** Expanded destination table as the rule writes it. */
  readonly dest: string;
  /** `$GroupID`: Unix seconds of the group's start, decimal. */
  readonly groupId: string;
  /** How many seconds past its end a group waits for windows whose files are announced late. */
  readonly settleInSec: number;
  readonly owner: FileEvent;
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

/** A group that a window has joined. */
export interface JoinedGroup {
  readonly id: string;
  /** `$GroupID`. */
  readonly groupId: string;
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
