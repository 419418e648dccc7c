import type { FileEvent } from './fileEvent';

/** Files of a crowded window that were written to the journal while the window gathers, so that payloads stay small. */
export interface SpilledFiles {
  /** URL of the list of files. */
  readonly url: string;
  /** Number of files. */
  readonly files: number;
  /** Total size of the files in bytes; like `places`, present only if a batch may close before its window is due. */
  readonly bytes?: number;
  /** The folders of the files, and the newest update in each folder, Unix milliseconds. */
  readonly places?: readonly { readonly folder: string; readonly updatedMs: number }[];
  /** The file that was announced first; present as `places` is. It owns the batch that begins with these files. */
  readonly first?: FileEvent;
}
