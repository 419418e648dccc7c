import { folderOf } from './folder';
import { hash, patternHash } from './hash';

/** How the files of one rule gather; durations in seconds. */
export interface WindowSettings {
  /** Expanded destination table as the rule writes it, e.g. `proj:ds.table$20231114`. */
  readonly dest: string;
  /** `When.Suffix` of the rule; empty when absent. */
  readonly suffix: string;
  readonly durationInSec: number;
  /** One window over many folders. */
  readonly multiPath: boolean;
  /** The values of the pattern's groups are part of the window ID. */
  readonly usePatternHash?: boolean;
  /** Values of the pattern's groups: none when it did not match, undefined without a pattern. */
  readonly patternGroups?: readonly string[];
}

/** The time slice `[start, due)` of one destination table; both in Unix seconds. */
export interface Window {
  /** `<dest>_<hash>_<due>`: the workflow ID and the name of the `.win` file. */
  readonly id: string;
  readonly dest: string;
  readonly start: number;
  readonly due: number;
}

/**
 * The window that a file belongs to (spec 1, sections 5.1 and 5.2).
 *
 * @param url the file, `gs://bucket/path`.
 * @param updatedMs last update of the file, Unix milliseconds; the window counts in whole seconds.
 */
export function windowOf(settings: WindowSettings, url: string, updatedMs: number): Window {
  const time = Math.floor(updatedMs / 1000);
  const due = time - (time % settings.durationInSec) + settings.durationInSec;
  const key = windowKey(settings, url);
  return { id: `${settings.dest}_${hash(key)}_${due}`, dest: settings.dest, start: due - settings.durationInSec, due };
}

/** The text whose hash stands in the window ID (spec 1, section 5.1). */
export function windowKey(settings: WindowSettings, url: string): string {
  const pattern = settings.usePatternHash ? patternHash(settings.patternGroups).toString() : '';
  const folder = settings.multiPath ? '' : folderOf(url);
  return settings.dest + settings.suffix + pattern + extensionOf(url) + folder;
}

/**
 * Start of the first window of a row under RollOver: it takes over the unused window before it when the file came in the
 * later half (spec 1, section 5.3). End and ID never change.
 */
export function rolledOverStart(window: Window, updatedMs: number): number {
  const duration = window.due - window.start;
  const into = Math.floor(updatedMs / 1000) - window.start;
  return into >= Math.floor(duration / 2) ? window.start - duration : window.start;
}

/** ID of the window just before, of the same files. */
export function previousWindowId(window: Window): string {
  const duration = window.due - window.start;
  return `${window.id.slice(0, window.id.lastIndexOf('_'))}_${window.due - duration}`;
}

/** Whether a file's time lies in the window, which is open at its end. */
export function inWindow(window: Pick<Window, 'start' | 'due'>, updatedMs: number): boolean {
  const time = Math.floor(updatedMs / 1000);
  return window.start <= time && time < window.due;
}

/** From the last dot of the last path element on, dot included; empty without a dot. */
export function extensionOf(url: string): string {
  const name = url.slice(url.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}
