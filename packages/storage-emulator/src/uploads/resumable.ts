import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { invalid, notFound } from '../errors';
import type { Blobs } from '../store/blobs';
import { type Database, keyOf } from '../store/database';
import { ContentDigest, verifyHashes } from '../store/digest';
import type { Objects } from '../store/objects';
import type { ExpectedHashes, ObjectRecord, UploadRecord } from '../store/records';
import type { UploadRange } from './contentRange';

/** The service keeps a resumable upload for a week. */
const LIFETIME_MS = 7 * 24 * 3600 * 1000;

/** The state of an upload: the number of bytes that have arrived, or the finished object. */
export type UploadState = { readonly persisted: number } | { readonly object: ObjectRecord };

/**
 * Resumable uploads. They survive the process: the bytes that have arrived are in the file of the later object. A process
 * that has not received all of them computes the hashes anew.
 */
export class ResumableUploads {
  private readonly digests = new Map<string, ContentDigest>();
  /** The last request of each upload. The next one waits for it, because it may not have noticed its broken connection. */
  private readonly tails = new Map<string, Promise<unknown>>();

  constructor(
    private readonly db: Database,
    private readonly blobs: Blobs,
    private readonly objects: Objects,
  ) {}

  async start(upload: Omit<UploadRecord, 'id' | 'blob' | 'started'>): Promise<UploadRecord> {
    const record = { ...upload, id: randomUUID(), blob: this.blobs.allocate(), started: Date.now() };
    await this.db.uploads.put(keyOf(record.id), record);
    return record;
  }

  /** @param late hashes in the headers of this request. */
  async resume(
    id: string,
    range: UploadRange,
    source: AsyncIterable<Buffer>,
    late: ExpectedHashes,
  ): Promise<UploadState> {
    const turn = (this.tails.get(id) ?? Promise.resolve()).then(() => this.resumeNow(id, range, source, late));
    const tail = turn.catch(() => undefined);
    this.tails.set(id, tail);
    try {
      return await turn;
    } finally {
      if (this.tails.get(id) === tail) this.tails.delete(id);
    }
  }

  async cancel(id: string): Promise<void> {
    await this.forget(this.find(id));
  }

  /** Removes uploads that are too old. @returns the blobs of those that are not finished. */
  async openBlobs(): Promise<Set<number>> {
    const open = new Set<number>();
    for (const { value } of [...this.db.uploads.getRange({})]) {
      if (value.started + LIFETIME_MS < Date.now()) await this.forget(value);
      else if (value.finished === undefined) open.add(value.blob);
    }
    return open;
  }

  private find(id: string): UploadRecord {
    const upload = this.db.uploads.get(keyOf(id));
    if (upload === undefined) throw notFound('Upload not found.');
    return upload;
  }

  private async resumeNow(
    id: string,
    range: UploadRange,
    source: AsyncIterable<Buffer>,
    late: ExpectedHashes,
  ): Promise<UploadState> {
    const upload = this.find(id);
    if (upload.finished !== undefined) return { object: upload.finished };
    const digest = await this.digest(upload);
    if (range.kind === 'bytes') await this.receive(upload, range.start, source, digest);
    const { total } = range;
    if (total !== undefined && digest.size > total)
      throw invalid(`Invalid request. The upload has ${digest.size} bytes, more than its total of ${total}.`);
    const complete = total === undefined ? range.kind === 'bytes' && range.last : digest.size === total;
    if (!complete) return { persisted: digest.size };
    return { object: await this.finish(upload, digest, late) };
  }

  private async receive(upload: UploadRecord, start: number, source: AsyncIterable<Buffer>, digest: ContentDigest) {
    if (start > digest.size)
      throw invalid(
        `Invalid request. According to the Content-Range header, the upload offset is ${start} byte(s), which exceeds already uploaded size of ${digest.size} byte(s).`,
      );
    try {
      await this.blobs.append(upload.blob, skip(source, digest.size - start), digest);
    } catch (error) {
      // Compute the digest anew from the file, which has the bytes that arrived.
      this.digests.delete(upload.id);
      throw error;
    }
  }

  private async finish(upload: UploadRecord, digest: ContentDigest, late: ExpectedHashes): Promise<ObjectRecord> {
    this.digests.delete(upload.id);
    const content = { blob: upload.blob, ...digest.finish() };
    try {
      verifyHashes({ ...upload.expected, ...late }, content);
      return await this.db.write((afterCommit) => {
        const object = this.objects.place(upload, upload.fields, content, upload.preconditions, afterCommit);
        this.db.uploads.put(keyOf(upload.id), { ...upload, finished: object });
        return object;
      });
    } catch (error) {
      await this.forget(upload);
      throw error;
    }
  }

  private async digest(upload: UploadRecord): Promise<ContentDigest> {
    const existing = this.digests.get(upload.id);
    if (existing !== undefined) return existing;
    const digest = new ContentDigest();
    await this.blobs.append(upload.blob, nothing(), digest);
    for await (const chunk of createReadStream(this.blobs.path(upload.blob))) digest.update(chunk);
    this.digests.set(upload.id, digest);
    return digest;
  }

  private async forget(upload: UploadRecord): Promise<void> {
    this.digests.delete(upload.id);
    await this.db.uploads.remove(keyOf(upload.id));
    if (upload.finished === undefined) await this.blobs.discard(upload.blob);
  }
}

/** Omits bytes that have arrived before. */
async function* skip(source: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of source) {
    if (chunk.length > left) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/** Creates the file also for an upload without any bytes. */
async function* nothing(): AsyncGenerator<Buffer> {}
