import { bucketNotFound, held, objectNotFound } from '../errors';
import type { Blobs } from './blobs';
import { type AfterCommit, type Database, keyOf } from './database';
import { copiedFields, type ObjectInput } from './objectFields';
import { checkWrite } from './preconditions';
import type { BucketRecord, Content, ObjectFields, ObjectRecord, Preconditions } from './records';

/** A change of an object. */
export type ObjectEvent =
  | { readonly type: 'OBJECT_FINALIZE'; readonly object: ObjectRecord; readonly overwroteGeneration?: number }
  | { readonly type: 'OBJECT_DELETE'; readonly object: ObjectRecord; readonly overwrittenByGeneration?: number }
  | { readonly type: 'OBJECT_METADATA_UPDATE'; readonly object: ObjectRecord };

/** Records an event in the transaction of the change. */
export type RecordEvent = (event: ObjectEvent, afterCommit: AfterCommit) => void;

export interface ObjectName {
  readonly bucket: string;
  readonly name: string;
}

/** The source of a copy: the object, its generation, and the conditions on it. */
export interface CopySource extends ObjectName {
  readonly generation?: number | undefined;
  readonly conditions: Preconditions;
}

export interface CopyDestination extends ObjectName {
  readonly input: ObjectInput;
  readonly conditions: Preconditions;
}

/** The live objects. Each change checks its conditions, is made, and is recorded as an event in one transaction. */
export class Objects {
  constructor(
    private readonly db: Database,
    private readonly blobs: Blobs,
    private readonly recordEvent: RecordEvent,
  ) {}

  find({ bucket, name }: ObjectName): ObjectRecord | undefined {
    return this.db.objects.get(keyOf(bucket, name));
  }

  /** @throws ApiError 404, also when the object has another generation. */
  get(where: ObjectName, generation?: number): ObjectRecord {
    const object = this.find(where);
    if (object === undefined) this.requireBucket(where.bucket);
    if (object === undefined || (generation !== undefined && generation !== object.generation))
      throw objectNotFound(where.bucket, where.name);
    return object;
  }

  requireBucket(bucket: string): BucketRecord {
    const record = this.db.buckets.get(keyOf(bucket));
    if (record === undefined) throw bucketNotFound();
    return record;
  }

  /** Makes uploaded contents an object. Removes the contents when a condition fails. */
  async insert(
    where: ObjectName,
    fields: Readonly<ObjectFields>,
    content: Content,
    conditions: Preconditions,
  ): Promise<ObjectRecord> {
    try {
      return await this.db.write((afterCommit) => this.place(where, fields, content, conditions, afterCommit));
    } catch (error) {
      await this.blobs.discard(content.blob);
      throw error;
    }
  }

  /** Creates or replaces an object. Only within a transaction. */
  place(
    where: ObjectName,
    given: Readonly<ObjectFields>,
    content: Content,
    conditions: Preconditions,
    afterCommit: AfterCommit,
  ): ObjectRecord {
    const { bucket, name } = where;
    const { storageClass } = this.requireBucket(bucket).fields;
    const fields = typeof storageClass === 'string' ? { storageClass, ...given } : given;
    const replaced = this.find(where);
    checkWrite(conditions, replaced);
    if (replaced !== undefined) checkHolds(replaced);
    const generation = this.db.clock.next();
    const now = Date.now();
    const object = { bucket, name, generation, metageneration: 1, created: now, updated: now, content, fields };
    this.blobs.retain(content);
    this.db.objects.put(keyOf(bucket, name), object);
    if (replaced === undefined) {
      this.recordEvent({ type: 'OBJECT_FINALIZE', object }, afterCommit);
      return object;
    }
    this.blobs.release(replaced.content);
    this.recordEvent({ type: 'OBJECT_FINALIZE', object, overwroteGeneration: replaced.generation }, afterCommit);
    this.recordEvent({ type: 'OBJECT_DELETE', object: replaced, overwrittenByGeneration: generation }, afterCommit);
    return object;
  }

  async patch(
    where: ObjectName,
    generation: number | undefined,
    conditions: Preconditions,
    change: (fields: Readonly<ObjectFields>) => ObjectFields,
  ): Promise<ObjectRecord> {
    return this.db.write((afterCommit) => {
      const current = this.get(where, generation);
      checkWrite(conditions, current);
      const fields = change(current.fields);
      const object = { ...current, fields, metageneration: current.metageneration + 1, updated: Date.now() };
      this.db.objects.put(keyOf(where.bucket, where.name), object);
      this.recordEvent({ type: 'OBJECT_METADATA_UPDATE', object }, afterCommit);
      return object;
    });
  }

  async remove(where: ObjectName, generation: number | undefined, conditions: Preconditions): Promise<void> {
    await this.db.write((afterCommit) => {
      const object = this.get(where, generation);
      checkWrite(conditions, object);
      this.drop(object, afterCommit);
    });
  }

  /** Copies an object; both objects share the contents. */
  async copy(source: CopySource, destination: CopyDestination): Promise<ObjectRecord> {
    return this.db.write((afterCommit) => this.copyWithin(source, destination, afterCommit).copied);
  }

  /** Renames an object within its bucket in one change. */
  async move(source: CopySource, destination: CopyDestination): Promise<ObjectRecord> {
    return this.db.write((afterCommit) => {
      const { original, copied } = this.copyWithin(source, destination, afterCommit);
      this.drop(original, afterCommit);
      return copied;
    });
  }

  private copyWithin(source: CopySource, destination: CopyDestination, afterCommit: AfterCommit) {
    const original = this.get(source, source.generation);
    checkWrite(source.conditions, original);
    const fields = copiedFields(original.fields, destination.input);
    const copied = this.place(destination, fields, original.content, destination.conditions, afterCommit);
    return { original, copied };
  }

  private drop(object: ObjectRecord, afterCommit: AfterCommit): void {
    checkHolds(object);
    this.blobs.release(object.content);
    this.db.objects.remove(keyOf(object.bucket, object.name));
    this.recordEvent({ type: 'OBJECT_DELETE', object }, afterCommit);
  }
}

function checkHolds({ bucket, name, fields }: ObjectRecord): void {
  if (fields.temporaryHold) throw held(bucket, name, 'Temporary');
  if (fields.eventBasedHold) throw held(bucket, name, 'Event-Based');
}
