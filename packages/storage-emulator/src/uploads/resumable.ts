import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { invalid, notFound } from '../errors';
import type { Blobs } from '../store/blobs';
import { type Database, keyOf } from '../store/database';
import { ContentDigest, verifyHashes } from '../store/digest';
import type { Objects } from '../store/objects';
import type { ExpectedHashes, ObjectRecord, UploadRecord } from '../store/records';
import type { UploadRange } from './contentRange';

/** The service keeps the address of an upload for a week. */
const LIFETIME_MS = 7 * 24 * 3600 * 1000;

/** How an upload stands: how many bytes have arrived, or the object that they became. */
export type UploadState = { readonly persisted: number } | { readonly object: ObjectRecord };

/**
 * Resumable uploads. They outlive the process: what has arrived lies in the file of the later object, and its hashes are
 * computed again when this process has not seen all of it.
 */
export class ResumableUploads {
  readonly #digests = new Map<string, ContentDigest>();
  /** The last request of each upload; the next one waits for it, as its broken connection may not have been noticed. */
  readonly #tails = new Map<string, Promise<unknown>>();

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

  /** @param late hashes that came with this request. */
  async resume(
    id: string,
    range: UploadRange,
    source: AsyncIterable<Buffer>,
    late: ExpectedHashes,
  ): Promise<UploadState> {
    const turn = (this.#tails.get(id) ?? Promise.resolve()).then(() => this.#resume(id, range, source, late));
    const tail = turn.catch(() => undefined);
    this.#tails.set(id, tail);
    try {
      return await turn;
    } finally {
      if (this.#tails.get(id) === tail) this.#tails.delete(id);
    }
  }

  async cancel(id: string): Promise<void> {
    await this.#forget(this.#find(id));
  }

  /** Contents of uploads under way, after those that are too old were given up. */
  async openBlobs(): Promise<Set<number>> {
    const open = new Set<number>();
    for (const { value } of [...this.db.uploads.getRange({})]) {
      if (value.started + LIFETIME_MS < Date.now()) await this.#forget(value);
      else if (value.finished === undefined) open.add(value.blob);
    }
    return open;
  }

  #find(id: string): UploadRecord {
    const upload = this.db.uploads.get(keyOf(id));
    if (upload === undefined) throw notFound('Upload not found.');
    return upload;
  }

  async #resume(
    id: string,
    range: UploadRange,
    source: AsyncIterable<Buffer>,
    late: ExpectedHashes,
  ): Promise<UploadState> {
    const upload = this.#find(id);
    if (upload.finished !== undefined) return { object: upload.finished };
    const digest = await this.#digest(upload);
    if (range.kind === 'bytes') await this.#receive(upload, range.start, source, digest);
    const { total } = range;
    if (total !== undefined && digest.size > total)
      throw invalid(`Invalid request. The upload has ${digest.size} bytes, more than its total of ${total}.`);
    const complete = total === undefined ? range.kind === 'bytes' && range.last : digest.size === total;
    if (!complete) return { persisted: digest.size };
    return { object: await this.#finish(upload, digest, late) };
  }

  async #receive(upload: UploadRecord, start: number, source: AsyncIterable<Buffer>, digest: ContentDigest) {
    if (start > digest.size)
      throw invalid(
        `Invalid request. According to the Content-Range header, the upload offset is ${start} byte(s), which exceeds already uploaded size of ${digest.size} byte(s).`,
      );
    try {
      await this.blobs.append(upload.blob, skip(source, digest.size - start), digest);
    } catch (error) {
      // The file tells what has arrived.
      this.#digests.delete(upload.id);
      throw error;
    }
  }

  async #finish(upload: UploadRecord, digest: ContentDigest, late: ExpectedHashes): Promise<ObjectRecord> {
    this.#digests.delete(upload.id);
    const content = { blob: upload.blob, ...digest.finish() };
    try {
      verifyHashes({ ...upload.expected, ...late }, content);
      return await this.db.write((afterCommit) => {
        const object = this.objects.place(upload, upload.fields, content, upload.preconditions, afterCommit);
        this.db.uploads.put(keyOf(upload.id), { ...upload, finished: object });
        return object;
      });
    } catch (error) {
      await this.#forget(upload);
      throw error;
    }
  }

  async #digest(upload: UploadRecord): Promise<ContentDigest> {
    const known = this.#digests.get(upload.id);
    if (known !== undefined) return known;
    const digest = new ContentDigest();
    await this.blobs.append(upload.blob, nothing(), digest);
    for await (const chunk of createReadStream(this.blobs.path(upload.blob))) digest.update(chunk);
    this.#digests.set(upload.id, digest);
    return digest;
  }

  async #forget(upload: UploadRecord): Promise<void> {
    this.#digests.delete(upload.id);
    await this.db.uploads.remove(keyOf(upload.id));
    if (upload.finished === undefined) await this.blobs.discard(upload.blob);
  }
}

/** Leaves out bytes that have arrived before. */
async function* skip(source: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of source) {
    if (chunk.length > left) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/** Makes the file of an upload that is complete without a byte. */
async function* nothing(): AsyncGenerator<Buffer> {}
