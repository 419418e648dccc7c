/** What a listing tells of an object. */
export interface ObjectInfo {
  readonly url: string;
  /** Decimal; grows with each overwrite. */
  readonly generation: string;
  /** Bytes. */
  readonly size: number;
  /** Last update, Unix milliseconds. */
  readonly updatedMs: number;
  /** Custom metadata. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** One entry of a batch request; a delete or move of what is already gone, or of a generation overwritten since, counts as done. */
export type ObjectChange =
  | { readonly kind: 'delete'; readonly url: string; readonly generation?: string }
  | { readonly kind: 'move'; readonly from: string; readonly generation?: string; readonly to: string }
  | { readonly kind: 'annotate'; readonly url: string; readonly metadata: Readonly<Record<string, string>> };

/** What became of one change; `error` tells why it was not made. */
export interface ObjectChangeResult {
  readonly change: ObjectChange;
  readonly error?: {
    /** HTTP status. */
    readonly status: number;
    /** Code of Google's API, e.g. `quotaExceeded`. */
    readonly reason?: string;
    readonly message: string;
  };
}

/** Thrown by `write` with `ifAbsent` when the object is there already. */
export class ObjectExistsError extends Error {
  override readonly name = 'ObjectExistsError';
}

/** How an object is written. */
export interface WriteOptions {
  /** Only if there is none of that name. */
  readonly ifAbsent?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Whole small objects, listings and batched changes: all that the product does with files it does not hand to BigQuery. */
export interface ObjectStore {
  /** The object's text; undefined when there is none. */
  read(url: string): Promise<string | undefined>;
  /**
   * The object's lines, as they are read; gzip is undone. Stop early to read no further.
   *
   * @throws what the client throws, also when there is no such object.
   */
  lines(url: string): AsyncIterable<string>;
  /** What a listing would tell of the object; undefined when there is none, or none of that generation any more. */
  stat(url: string, generation?: string): Promise<ObjectInfo | undefined>;
  /** @throws ObjectExistsError with `ifAbsent`, when there is one. */
  write(url: string, text: string, options?: WriteOptions): Promise<void>;
  /** Objects below a folder; those of sub-folders only when `recursive`. */
  list(folderUrl: string, options: { readonly recursive: boolean }): Promise<ObjectInfo[]>;
  /** Makes the changes with as few requests as the service allows; no order among them. */
  change(changes: readonly ObjectChange[]): Promise<ObjectChangeResult[]>;
}
