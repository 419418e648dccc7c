/** An object in a listing. */
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

/**
 * One change of a batch request. A delete or move of an object or generation that no longer exists succeeds.
 */
export type ObjectChange =
  | { readonly kind: 'delete'; readonly url: string; readonly generation?: string }
  | { readonly kind: 'move'; readonly from: string; readonly generation?: string; readonly to: string }
  | { readonly kind: 'annotate'; readonly url: string; readonly metadata: Readonly<Record<string, string>> };

/** Result of one change; `error` is set when it was not made. */
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

/** Thrown by `write` with `ifAbsent` when the object exists. */
export class ObjectExistsError extends Error {
  override readonly name = 'ObjectExistsError';
}

/** Options of a write. */
export interface WriteOptions {
  /** Fail if the object exists. */
  readonly ifAbsent?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Reads, writes, lists and changes objects. Content that BigQuery loads is not read here, except by `lines`. */
export interface ObjectStore {
  /** The text of an object; undefined when it does not exist. */
  read(url: string): Promise<string | undefined>;
  /**
   * The lines of an object, while it is read; gzip data are unzipped. Leave the loop to read no further.
   *
   * @throws the client's error, also when the object does not exist
   */
  lines(url: string): AsyncIterable<string>;
  /** The object as in a listing; undefined when it, or that generation, does not exist. */
  stat(url: string, generation?: string): Promise<ObjectInfo | undefined>;
  /** Writes an object. @throws ObjectExistsError with `ifAbsent` when it exists */
  write(url: string, text: string, options?: WriteOptions): Promise<void>;
  /** Objects of a folder, with those of its subfolders if `recursive`. */
  list(folderUrl: string, options: { readonly recursive: boolean }): Promise<ObjectInfo[]>;
  /** Makes changes in any order, with as few requests as the service allows. */
  change(changes: readonly ObjectChange[]): Promise<ObjectChangeResult[]>;
}
