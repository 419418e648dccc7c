import type { FileEvent } from './fileEvent';

/** Times of a window, Unix seconds. */
export interface WindowTimes {
  readonly start: number;
  readonly due: number;
  /** Its files lie in several folders, each with a `.loc` file. */
  readonly multiPath?: boolean;
}

/** Names a window and the file that owns it. */
export interface WindowIdentity extends WindowTimes {
  readonly id: string;
  readonly dest: string;
  readonly owner: FileEvent;
  /** Start of the workflow, Unix milliseconds. */
  readonly startedMs: number;
}
