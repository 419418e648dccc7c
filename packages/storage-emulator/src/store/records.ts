/** A bucket; times in Unix milliseconds. */
export interface BucketRecord {
  readonly name: string;
  readonly project: string;
  readonly metageneration: number;
  readonly created: number;
  readonly updated: number;
  /** Settings that clients may write, as clients sent them. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Metadata of an object that clients may write. */
export interface ObjectFields {
  contentType?: string;
  contentEncoding?: string;
  contentDisposition?: string;
  contentLanguage?: string;
  cacheControl?: string;
  customTime?: string;
  storageClass?: string;
  temporaryHold?: boolean;
  eventBasedHold?: boolean;
  metadata?: Record<string, string>;
}

/** Immutable contents in the file `blob`. All copies of an object share them. */
export interface Content {
  readonly blob: number;
  readonly size: number;
  readonly crc32c: string;
  /** As in the service, composed objects have none. */
  readonly md5Hash?: string;
  readonly componentCount?: number;
}

/** An object; times in Unix milliseconds. */
export interface ObjectRecord {
  readonly bucket: string;
  readonly name: string;
  readonly generation: number;
  readonly metageneration: number;
  readonly created: number;
  readonly updated: number;
  readonly content: Content;
  readonly fields: Readonly<ObjectFields>;
}

export interface NotificationRecord {
  readonly id: string;
  readonly bucket: string;
  /** `projects/p/topics/t` */
  readonly topic: string;
  readonly eventTypes: readonly string[];
  readonly prefix: string;
  readonly payloadFormat: 'JSON_API_V1' | 'NONE';
  readonly attributes: Readonly<Record<string, string>>;
}

/** A notification that is not published yet. */
export interface OutboxRecord {
  readonly id: number;
  /** Base64. */
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A resumable upload. */
export interface UploadRecord {
  readonly id: string;
  readonly bucket: string;
  readonly name: string;
  readonly fields: Readonly<ObjectFields>;
  readonly expected: Readonly<ExpectedHashes>;
  readonly preconditions: Readonly<Preconditions>;
  readonly blob: number;
  readonly started: number;
  /** Set once the object exists. */
  readonly finished?: ObjectRecord;
}

/** Hashes in Base64 that a client sends with an upload. */
export interface ExpectedHashes {
  crc32c?: string;
  md5Hash?: string;
}

/** Conditions of one call. Generation 0 means that no object exists. */
export interface Preconditions {
  readonly generationMatch?: number | undefined;
  readonly generationNotMatch?: number | undefined;
  readonly metagenerationMatch?: number | undefined;
  readonly metagenerationNotMatch?: number | undefined;
}
