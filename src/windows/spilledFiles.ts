/** Files of a crowded window that were written to the journal while the window gathers, so that payloads stay small. */
export interface SpilledFiles {
  readonly url: string;
  readonly files: number;
  /** Size of all its files; only where a batch may close before due, like `places`. */
  readonly bytes?: number;
  /** The folders of the files, and the newest update in each, Unix milliseconds. */
  readonly places?: readonly { readonly folder: string; readonly updatedMs: number }[];
}
