import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Storage } from '@google-cloud/storage';
import { BigQueryError, invalid, notFound } from '../errors';

/** An object of Cloud Storage that a job reads. */
export interface SourceObject {
  readonly uri: string;
  readonly size: number;
  /** Where its bytes are on this machine, when Cloud Storage runs on it too. */
  readonly path?: string;
}

export interface Resolved {
  readonly objects: SourceObject[];
  /** URIs as the job has them that name nothing. */
  readonly missing: string[];
}

/**
 * The Cloud Storage that load jobs read and extract jobs write. A local one tells where objects lie on the disk; any other
 * is asked through the official client.
 */
export class ObjectSource {
  readonly client: Storage;
  private isLocal: boolean | undefined;

  constructor(
    private readonly url: string | undefined,
    project: string,
  ) {
    this.client = new Storage({
      projectId: project,
      ...(url ? { apiEndpoint: url, useAuthWithCustomEndpoint: false } : {}),
    });
  }

  /** Finds the objects of URIs, wildcards expanded, in the order of the URIs and without repeating one. */
  resolve(uris: readonly string[]): Promise<Resolved> {
    return reachable(() => this.resolveUris(uris));
  }

  private async resolveUris(uris: readonly string[]): Promise<Resolved> {
    if (this.url !== undefined && this.isLocal !== false) {
      const answer = await fetch(`${this.url}/_local/resolve`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ uris }),
      });
      if (answer.ok) {
        this.isLocal = true;
        return localAnswer(await answer.json());
      }
      await answer.arrayBuffer();
      if (answer.status !== 404 && answer.status !== 405) throw new Error(`Cloud Storage answered ${answer.status}`);
      this.isLocal = false;
    }
    return this.listOverHttp(uris);
  }

  /** The object's bytes, unzipped when they are zipped. */
  async open(object: SourceObject): Promise<Readable> {
    const raw =
      object.path === undefined
        ? this.file(object.uri).createReadStream({ decompress: false, validation: false })
        : createReadStream(object.path);
    try {
      return await unzipped(raw);
    } catch (error) {
      // Deleted since its URI was resolved.
      if (isNotFound(error)) throw notFound(`URI ${object.uri}`);
      throw unreachable(error);
    }
  }

  /** The object's bytes as they are. */
  async download(object: SourceObject): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of await this.open(object)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** Makes a file of this machine an object. */
  async upload(path: string, uri: string): Promise<void> {
    const { bucket, name } = splitUri(uri);
    await this.client.bucket(bucket).upload(path, { destination: name, resumable: false });
  }

  private file(uri: string) {
    const { bucket, name } = splitUri(uri);
    return this.client.bucket(bucket).file(name);
  }

  private async listOverHttp(uris: readonly string[]): Promise<Resolved> {
    const objects = new Map<string, SourceObject>();
    const missing: string[] = [];
    for (const uri of uris) {
      const { bucket, name } = splitUri(uri);
      const star = name.indexOf('*');
      const [files] = await this.client
        .bucket(bucket)
        .getFiles({ prefix: star < 0 ? name : name.slice(0, star) })
        .catch((error: unknown) => {
          if (isNotFound(error)) return [[]];
          throw error;
        });
      const fits = wildcard(name);
      const found = files.filter((file) => fits.test(file.name));
      if (found.length === 0) missing.push(uri);
      for (const file of found) {
        const own = `gs://${bucket}/${file.name}`;
        objects.set(own, { uri: own, size: Number(file.metadata.size ?? 0) });
      }
    }
    return { objects: [...objects.values()], missing };
  }
}

export function splitUri(uri: string): { bucket: string; name: string } {
  const match = /^gs:\/\/([^/]+)\/(.+)$/.exec(uri);
  if (!match) throw invalid(`Source URI must be a Google Cloud Storage location: ${uri}`);
  return { bucket: match[1] ?? '', name: match[2] ?? '' };
}

function wildcard(name: string): RegExp {
  const parts = name.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function isNotFound(error: unknown): boolean {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return code === 404 || code === 'ENOENT';
}

/** Cloud Storage that does not answer ends a job with an error that is worth another try. */
async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof BigQueryError ? error : unreachable(error);
  }
}

function unreachable(error: unknown): BigQueryError {
  const message = error instanceof Error ? error.message : String(error);
  return new BigQueryError(503, 'backendError', `Cloud Storage could not be read: ${message}`);
}

function localAnswer(body: unknown): Resolved {
  const list = (name: string): unknown[] => {
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
    return Array.isArray(value) ? value : [];
  };
  const objects = list('objects').flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const path: unknown = Reflect.get(entry, 'path');
    const object = { uri: String(Reflect.get(entry, 'uri')), size: Number(Reflect.get(entry, 'size') ?? 0) };
    return [typeof path === 'string' ? { ...object, path } : object];
  });
  return { objects, missing: list('missing').map(String) };
}

/** Looks at the first bytes, since names and metadata of zipped objects cannot be trusted. */
async function unzipped(raw: Readable): Promise<Readable> {
  const chunks: AsyncIterator<Buffer> = raw[Symbol.asyncIterator]();
  const first = await chunks.next();
  async function* all(): AsyncGenerator<Buffer> {
    for (let next = first; !next.done; next = await chunks.next()) yield next.value;
  }
  const plain = Readable.from(all(), { objectMode: false });
  const zipped = !first.done && first.value[0] === 0x1f && first.value[1] === 0x8b;
  // Who reads the result sees the error of either; nobody waits for the pipeline itself.
  return zipped ? pipeline(plain, createGunzip(), () => undefined) : plain;
}
