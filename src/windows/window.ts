import { folderOf } from './folder';
import { hash, patternHash } from './hash';

/** How the files of one rule gather in windows. */
export interface WindowSettings {
  /** Destination table as the rule writes it, expanded, e.g. `proj:ds.table$20231114`. */
  readonly dest: string;
  /** `When.Suffix` of the rule; empty when absent. */
  readonly suffix: string;
  /** Length of a window, seconds. */
  readonly durationInSec: number;
  /** One window covers all folders; otherwise each folder has windows of its own. */
  readonly multiPath: boolean;
  /** Files with other values of the pattern's groups go to another window. */
  readonly usePatternHash?: boolean;
  /** Values of the pattern's groups; empty if the pattern did not match, undefined if the rule has no pattern. */
  readonly patternGroups?: readonly string[];
}

/** The time slice `[start, due)` of one destination table. */
export interface Window {
  /** `<dest>_<hash>_<due>`: the workflow ID, and the name of the `.win` file. */
  readonly id: string;
  readonly dest: string;
  /** Unix seconds. */
  readonly start: number;
  /** Unix seconds. */
  readonly due: number;
}

/**
 * The window of a file. Windows end at multiples of their duration, counted in whole Unix seconds.
 *
 * @param url the file, `gs://bucket/path`.
 * @param updatedMs last update of the file, Unix milliseconds.
 * @example
 * const settings = { dest: 'ds.t', suffix: '', durationInSec: 60, multiPath: false };
 * windowOf(settings, 'gs://b/noext', 1_699_999_999_000).id // 'ds.t_5435837779503391839_1700000040'
 */
export function windowOf(settings: WindowSettings, url: string, updatedMs: number): Window {
  const time = Math.floor(updatedMs / 1000);
  const due = time - (time % settings.durationInSec) + settings.durationInSec;
  const key = windowKey(settings, url);
  return { id: `${settings.dest}_${hash(key)}_${due}`, dest: settings.dest, start: due - settings.durationInSec, due };
}

/**
 * The text whose hash is part of the window ID. Files with the same key share windows; the rule is not part of the key
 * (docs/compatibility.md#several-rules-per-window).
 */
export function windowKey(settings: WindowSettings, url: string): string {
  const pattern = settings.usePatternHash ? patternHash(settings.patternGroups).toString() : '';
  const folder = settings.multiPath ? '' : folderOf(url);
  return settings.dest + settings.suffix + pattern + extensionOf(url) + folder;
}

/**
 * Start of a window that may take over the unused window before it (`Batch.RollOver`). It does so if the file came in the
 * second half of the window. Due time and ID do not change.
 *
 * @param updatedMs last update of the file that opens the window, Unix milliseconds.
 */
export function rolledOverStart(window: Window, updatedMs: number): number {
  const duration = window.due - window.start;
  const elapsed = Math.floor(updatedMs / 1000) - window.start;
  return elapsed >= Math.floor(duration / 2) ? window.start - duration : window.start;
}

/** ID of the preceding window with the same key. */
export function previousWindowId(window: Window): string {
  const duration = window.due - window.start;
  return `${window.id.slice(0, window.id.lastIndexOf('_'))}_${window.due - duration}`;
}

/** Whether a time, Unix milliseconds, lies in the window: from its start up to, but not including, its due time. */
export function inWindow(window: Pick<Window, 'start' | 'due'>, updatedMs: number): boolean {
  const time = Math.floor(updatedMs / 1000);
  return window.start <= time && time < window.due;
}

/** Extension of a file name with its dot: `.gz` of `gs://b/x.csv.gz`; empty without a dot. */
export function extensionOf(url: string): string {
  const name = url.slice(url.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}
