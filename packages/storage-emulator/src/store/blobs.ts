import { mkdir, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, keyOf, tickKey } from './database';
import { ContentDigest } from './digest';
import type { Content } from './records';

/** How long contents stay on disk after their object is deleted, for the BigQuery emulator, which may just read them. */
const GRACE_MS = 60_000;
const SWEEP_MS = 5_000;
const SHARDS = 64;

/**
 * The files that hold the contents of objects. A file is written once, under a number of its own, and belongs to no
 * object until a transaction of the metadata refers to it. So an upload that breaks off is never visible, and an
 * overwrite never disturbs a reader.
 */
export class Blobs {
  private readonly folder: string;
  private readonly bootTick: number;
  private readonly sweeper: NodeJS.Timeout;
  private sweeping: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly db: Database,
    dataDir: string,
  ) {
    this.folder = join(dataDir, 'contents');
    this.bootTick = db.clock.next();
    this.sweeper = setTimeout(() => this.sweepRepeatedly(), SWEEP_MS).unref();
  }

  /** Creates the folders. */
  async open(): Promise<void> {
    for (let shard = 0; shard < SHARDS; shard++) await mkdir(join(this.folder, shardOf(shard)), { recursive: true });
  }

  /** Stops the removal of files; the next process removes the rest. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.sweeper);
    await this.sweeping;
  }

  /** Absolute path of a blob's file. */
  path(blob: number): string {
    return join(this.folder, shardOf(Math.floor(blob / 1000) % SHARDS), String(blob));
  }

  /** A number for new contents. */
  allocate(): number {
    return this.db.clock.next();
  }

  /** Stores the contents of a source, one chunk at a time; leaves no file when the source breaks off. */
  async store(source: AsyncIterable<Buffer>): Promise<Content> {
    const blob = this.allocate();
    const digest = new ContentDigest();
    try {
      await this.append(blob, source, digest);
    } catch (error) {
      await this.discard(blob);
      throw error;
    }
    return { blob, ...digest.finish() };
  }

  /** Appends to the file of a blob; when the source breaks off, the bytes that arrived before stay. */
  async append(blob: number, source: AsyncIterable<Buffer>, digest: ContentDigest): Promise<void> {
    const file = await open(this.path(blob), 'a');
    try {
      for await (const chunk of source) {
        await file.appendFile(chunk);
        digest.update(chunk);
      }
    } finally {
      await file.close();
    }
  }

  /** Removes a file to which no object has referred. */
  async discard(blob: number): Promise<void> {
    await unlink(this.path(blob)).catch(absent);
  }

  /** Counts one more object with these contents. Only within a transaction. */
  retain(content: Content): void {
    const key = keyOf(tickKey(content.blob));
    this.db.references.put(key, (this.db.references.get(key) ?? 0) + 1);
  }

  /** Counts one object less with these contents. Only within a transaction. */
  release(content: Content): void {
    const key = keyOf(tickKey(content.blob));
    const left = (this.db.references.get(key) ?? 1) - 1;
    if (left > 0) {
      this.db.references.put(key, left);
      return;
    }
    this.db.references.remove(key);
    this.db.garbage.put(keyOf(tickKey(this.db.clock.next())), content.blob);
  }

  /** Removes files that a killed process left incomplete or without an object. */
  async removeOrphans(uploads: ReadonlySet<number>): Promise<void> {
    const used = new Set(uploads);
    for (const { value } of this.db.garbage.getRange({})) used.add(value);
    for (let shard = 0; shard < SHARDS && !this.closed; shard++) {
      for (const name of await readdir(join(this.folder, shardOf(shard)))) {
        const blob = Number(name);
        if (this.closed) return;
        if (!(blob < this.bootTick) || used.has(blob)) continue;
        if (this.db.references.get(keyOf(tickKey(blob))) === undefined) await this.discard(blob);
      }
    }
  }

  /** Removes files whose grace period is over. */
  private async sweep(): Promise<void> {
    const end = keyOf(tickKey((Date.now() - GRACE_MS) * 1000));
    let removed: Promise<boolean> | undefined;
    for (const { key, value } of [...this.db.garbage.getRange({ end })]) {
      if (this.closed) break;
      await this.discard(value);
      removed = this.db.garbage.remove(key);
    }
    await removed;
  }

  private sweepRepeatedly(): void {
    this.sweeping = this.sweep().then(
      () => void this.sweeper.refresh(),
      (error: unknown) => console.error('Contents without an object could not be removed:', error),
    );
  }
}

function shardOf(shard: number): string {
  return shard.toString(16).padStart(2, '0');
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
