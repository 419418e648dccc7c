/** What is kept of a bucket. */
export interface BucketRecord {
  readonly name: string;
  readonly project: string;
  readonly metageneration: number;
  readonly created: number;
  readonly updated: number;
  /** Settings that clients may write, as they were given. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The part of an object's metadata that clients write. */
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

/** Immutable contents: a file named by `blob`, shared by all objects that were copied from one another. */
export interface Content {
  readonly blob: number;
  readonly size: number;
  readonly crc32c: string;
  /** Absent for composed objects, as in the service. */
  readonly md5Hash?: string;
  readonly componentCount?: number;
}

/** What is kept of an object; times in Unix milliseconds. */
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

/** Hashes in Base64 that a client computed of what it sends. */
export interface ExpectedHashes {
  crc32c?: string;
  md5Hash?: string;
}

/** Conditions of one call; generation 0 stands for an absent object. */
export interface Preconditions {
  generationMatch?: number;
  generationNotMatch?: number;
  metagenerationMatch?: number;
  metagenerationNotMatch?: number;
}
