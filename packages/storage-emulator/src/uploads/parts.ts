import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { invalid, notFound } from '../errors';
import type { Blobs } from '../store/blobs';
import { verifyHashes } from '../store/digest';
import type { ObjectName, Objects } from '../store/objects';
import type { Content, ExpectedHashes, ObjectFields, ObjectRecord, Preconditions } from '../store/records';

interface PartUpload extends ObjectName {
  readonly fields: ObjectFields;
  readonly parts: Map<number, Content>;
}

/** A part that the client names when it completes the upload. */
export interface NamedPart {
  readonly number: number;
  readonly etag: string;
}

/**
 * Multipart uploads of the XML API: parts arrive in any order, also in parallel, and become one object. An upload does not
 * survive the process; the next start removes its files.
 */
export class PartUploads {
  private readonly uploads = new Map<string, PartUpload>();

  constructor(
    private readonly blobs: Blobs,
    private readonly objects: Objects,
  ) {}

  start(where: ObjectName, fields: ObjectFields): string {
    this.objects.requireBucket(where.bucket);
    const id = randomUUID();
    this.uploads.set(id, { ...where, fields, parts: new Map() });
    return id;
  }

  /** Stores a part. It replaces an earlier part of the same number. */
  async put(
    where: ObjectName,
    id: string,
    number: number,
    source: AsyncIterable<Buffer>,
    expected: ExpectedHashes,
  ): Promise<Content> {
    const { parts } = this.find(where, id);
    const content = await this.blobs.store(source);
    try {
      verifyHashes(expected, content);
    } catch (error) {
      await this.blobs.discard(content.blob);
      throw error;
    }
    const replaced = parts.get(number);
    parts.set(number, content);
    if (replaced) await this.blobs.discard(replaced.blob);
    return content;
  }

  /** Joins the named parts and removes the others. */
  async complete(
    where: ObjectName,
    id: string,
    named: readonly NamedPart[],
    conditions: Preconditions,
  ): Promise<ObjectRecord> {
    const upload = this.find(where, id);
    if (named.length === 0) throw invalid('You must provide at least one part.');
    const paths = named.map(({ number, etag }, index) => {
      const part = upload.parts.get(number);
      if (!part || etagOf(part) !== etag)
        throw invalid(`One or more of the specified parts could not be found: ${number}.`);
      if (number <= (named[index - 1]?.number ?? 0)) throw invalid('The list of parts was not in ascending order.');
      return this.blobs.path(part.blob);
    });
    // As composed objects, the object has no MD5.
    const { md5Hash: _, ...content } = await this.blobs.store(joined(paths));
    const object = await this.objects.insert(where, upload.fields, content, conditions);
    await this.abort(where, id);
    return object;
  }

  async abort(where: ObjectName, id: string): Promise<void> {
    const { parts } = this.find(where, id);
    this.uploads.delete(id);
    for (const { blob } of parts.values()) await this.blobs.discard(blob);
  }

  private find({ bucket, name }: ObjectName, id: string): PartUpload {
    const upload = this.uploads.get(id);
    if (upload?.bucket === bucket && upload.name === name) return upload;
    throw notFound('The requested upload was not found.');
  }
}

/** The ETag of a part: its MD5 in hexadecimal. */
export function etagOf({ md5Hash }: Content): string {
  return Buffer.from(md5Hash ?? '', 'base64').toString('hex');
}

async function* joined(paths: readonly string[]): AsyncGenerator<Buffer> {
  for (const path of paths) yield* createReadStream(path);
}
