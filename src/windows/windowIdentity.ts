import type { FileEvent } from './fileEvent';

/** Times of a window. */
export interface WindowTimes {
  /** Unix seconds. */
  readonly start: number;
  /** Unix seconds. */
  readonly due: number;
  /** The window covers several folders and has a `.loc` file for each. */
  readonly multiPath?: boolean;
}

/** Identity of a window, with the file that opened it. */
export interface WindowIdentity extends WindowTimes {
  readonly id: string;
  /** Destination table as the rule writes it, expanded. */
  readonly dest: string;
  /** The first file of the window. */
  readonly owner: FileEvent;
  /** Start of the workflow, Unix milliseconds. */
  readonly startedMs: number;
}
