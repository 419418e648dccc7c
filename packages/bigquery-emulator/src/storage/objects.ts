import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Storage } from '@google-cloud/storage';
import { BigQueryError, invalid, notFound } from '../errors';
import { errorCode, errorText } from '../unknownError';

/** An object of Cloud Storage that a job reads. */
export interface SourceObject {
  readonly uri: string;
  readonly size: number;
  /** File with the object's bytes, if the storage emulator on this machine reports it. */
  readonly path?: string;
}

/** The objects of a job's URIs. */
export interface Resolved {
  readonly objects: SourceObject[];
  /** URIs of the job that match no object. */
  readonly missing: string[];
}

/**
 * The Cloud Storage that load jobs read and extract jobs write. This project's storage emulator reports the files of its
 * objects; any other Cloud Storage is read by the official client.
 */
export class ObjectSource {
  readonly client: Storage;
  /** Whether `url` answers `/_local/resolve`; undefined before the first call. */
  private reportsFiles: boolean | undefined;

  constructor(
    private readonly url: string | undefined,
    project: string,
  ) {
    this.client = new Storage(
      url ? { projectId: project, apiEndpoint: url, useAuthWithCustomEndpoint: false } : { projectId: project },
    );
  }

  /**
   * Finds the objects of URIs and wildcards, in the order of the URIs and each object once.
   *
   * @throws BigQueryError `backendError` when Cloud Storage cannot be reached.
   */
  resolve(uris: readonly string[]): Promise<Resolved> {
    return reachable(() => this.resolveUris(uris));
  }

  private async resolveUris(uris: readonly string[]): Promise<Resolved> {
    if (this.url !== undefined && this.reportsFiles !== false) {
      const answer = await fetch(`${this.url}/_local/resolve`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ uris }),
      });
      if (answer.ok) {
        this.reportsFiles = true;
        return localAnswer(await answer.json());
      }
      await answer.arrayBuffer();
      if (answer.status !== 404 && answer.status !== 405) throw new Error(`Cloud Storage answered ${answer.status}`);
      this.reportsFiles = false;
    }
    return this.listOverHttp(uris);
  }

  /**
   * The object's bytes, decompressed if they are gzip.
   *
   * @throws BigQueryError `notFound` when the object does not exist any more, `backendError` when it cannot be read.
   */
  async open(object: SourceObject): Promise<Readable> {
    const raw =
      object.path === undefined
        ? this.file(object.uri).createReadStream({ decompress: false, validation: false })
        : createReadStream(object.path);
    try {
      return await decompressed(raw);
    } catch (error) {
      // Deleted since its URI was resolved.
      if (isNotFound(error)) throw notFound(`URI ${object.uri}`);
      throw unreachable(error);
    }
  }

  /** `open`, with all bytes in memory. */
  async download(object: SourceObject): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of await this.open(object)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** Uploads a file as an object. */
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
      const pattern = wildcard(name);
      const matches = files.filter((file) => pattern.test(file.name));
      if (matches.length === 0) missing.push(uri);
      for (const file of matches) {
        const objectUri = `gs://${bucket}/${file.name}`;
        objects.set(objectUri, { uri: objectUri, size: Number(file.metadata.size ?? 0) });
      }
    }
    return { objects: [...objects.values()], missing };
  }
}

/** @throws BigQueryError `invalid` when the URI is not `gs://bucket/object`. */
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
  const code = errorCode(error);
  return code === 404 || code === 'ENOENT';
}

/** If Cloud Storage does not answer, the job ends with `backendError`, which clients retry. */
async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof BigQueryError ? error : unreachable(error);
  }
}

function unreachable(error: unknown): BigQueryError {
  return new BigQueryError(503, 'backendError', `Cloud Storage could not be read: ${errorText(error)}`);
}

function localAnswer(body: unknown): Resolved {
  const list = (name: string): unknown[] => {
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
    return Array.isArray(value) ? value : [];
  };
  const objects = list('objects').flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const path: unknown = Reflect.get(entry, 'path');
    return [
      {
        uri: String(Reflect.get(entry, 'uri')),
        size: Number(Reflect.get(entry, 'size') ?? 0),
        path: typeof path === 'string' ? path : undefined,
      },
    ];
  });
  return { objects, missing: list('missing').map(String) };
}

/** Decides by the first bytes, because names and metadata of compressed objects are unreliable. */
async function decompressed(raw: Readable): Promise<Readable> {
  const chunks: AsyncIterator<Buffer> = raw[Symbol.asyncIterator]();
  const first = await chunks.next();
  async function* all(): AsyncGenerator<Buffer> {
    for (let next = first; !next.done; next = await chunks.next()) yield next.value;
  }
  const plain = Readable.from(all(), { objectMode: false });
  const compressed = !first.done && first.value[0] === 0x1f && first.value[1] === 0x8b;
  // The reader of the result sees the errors of both streams, so the pipeline's own callback ignores them.
  return compressed ? pipeline(plain, createGunzip(), () => undefined) : plain;
}
