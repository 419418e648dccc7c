import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database as LmdbDatabase, open, type RootDatabase } from 'lmdb';
import { Clock } from '../clock';
import type { BucketRecord, NotificationRecord, ObjectRecord, OutboxRecord, UploadRecord } from './records';

/** A table with keys in the order of their bytes. For UTF-8 this is the order in which the service lists names. */
export type Table<V> = LmdbDatabase<V, Buffer>;

/** Registers an action that runs once the changes of a transaction are durable. */
export type AfterCommit = (action: () => void) => void;

const CLOCK = Buffer.from('clock');

/**
 * All metadata, in one LMDB environment, so that a change of an object and its notifications commit together.
 * Committed changes survive a kill of the process, because LMDB writes through the page cache of the operating system.
 */
export class Database {
  readonly clock: Clock;
  readonly buckets: Table<BucketRecord>;
  /** By bucket, NUL, name. */
  readonly objects: Table<ObjectRecord>;
  /** Number of objects that share the contents, by blob. */
  readonly references: Table<number>;
  /** Blobs whose last object was deleted and whose files still exist, by the tick of the deletion. */
  readonly garbage: Table<number>;
  readonly uploads: Table<UploadRecord>;
  /** By bucket, NUL, id. */
  readonly notifications: Table<NotificationRecord>;
  /** By topic, NUL, tick. */
  readonly outbox: Table<OutboxRecord>;
  private readonly root: RootDatabase<unknown, Buffer>;
  private readonly state: Table<number>;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.root = open<unknown, Buffer>({ path: join(dataDir, 'metadata.lmdb'), maxDbs: 16, separateFlushed: true });
    const table = <V>(name: string): Table<V> => this.root.openDB<V, Buffer>({ name, keyEncoding: 'binary' });
    this.buckets = table('buckets');
    this.objects = table('objects');
    this.references = table('references');
    this.garbage = table('garbage');
    this.uploads = table('uploads');
    this.notifications = table('notifications');
    this.outbox = table('outbox');
    this.state = table('state');
    this.clock = new Clock(this.state.get(CLOCK) ?? 0);
  }

  /**
   * Runs a change alone and atomically: when it throws, nothing is changed. Resolves when the change is durable. Changes
   * that wait at the same time share one commit.
   */
  async write<T>(change: (afterCommit: AfterCommit) => T): Promise<T> {
    const actions: (() => void)[] = [];
    const result = await this.root.childTransaction(() => {
      const value = change((action) => actions.push(action));
      this.state.put(CLOCK, this.clock.last);
      return value;
    });
    for (const action of actions) action();
    return result;
  }

  async close(): Promise<void> {
    await this.root.close();
  }
}

/** Key of a name, or of a pair such as bucket and object. The first of a pair cannot contain NUL. */
export function keyOf(...parts: readonly string[]): Buffer {
  return Buffer.from(parts.join('\0'), 'utf8');
}

/** Key of a tick, padded so that keys have the order of their numbers. */
export function tickKey(tick: number): string {
  return String(tick).padStart(16, '0');
}

/** End of the range of all keys with a prefix. The byte 0xff is in no UTF-8 text. */
export function endOf(prefix: Buffer): Buffer {
  return Buffer.concat([prefix, Buffer.of(0xff)]);
}
