import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { rangeNotSatisfiable } from '../errors';
import type { Blobs } from '../store/blobs';
import type { ObjectRecord } from '../store/records';
import { etagOf } from '../store/resource';
import type { StorageContext } from './context';

/** Contents up to this size are read in one piece, which is faster than a stream. */
const SMALL = 256 * 1024;

interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/**
 * The contents of an object, or the requested range of them. As in the service, a client that does not accept gzip
 * receives contents that are stored as gzip decompressed; ranges are ignored then.
 */
export async function mediaResponse(context: StorageContext, object: ObjectRecord, blobs: Blobs): Promise<Response> {
  const { content, fields } = object;
  const headers = mediaHeaders(object);
  const head = context.req.raw.method === 'HEAD';
  const path = blobs.path(content.blob);
  if (fields.contentEncoding === 'gzip' && !acceptsGzip(context) && !fields.cacheControl?.includes('no-transform')) {
    headers.set('warning', '214 UploadServer gunzipped');
    headers.set('vary', 'Accept-Encoding');
    return new Response(head ? null : webStream(decompressed(path)), { headers });
  }
  if (fields.contentEncoding !== undefined) headers.set('content-encoding', fields.contentEncoding);
  headers.set('accept-ranges', 'bytes');
  const range = rangeOf(context.req.header('range'), content.size);
  const { start, end } = range ?? { start: 0, end: content.size - 1 };
  const length = end - start + 1;
  headers.set('content-length', String(length));
  if (range !== undefined) headers.set('content-range', `bytes ${start}-${end}/${content.size}`);
  const status = range === undefined ? 200 : 206;
  if (head || length === 0) return new Response(null, { status, headers });
  if (content.size <= SMALL)
    return new Response(new Uint8Array(await readFile(path)).subarray(start, end + 1), { status, headers });
  return new Response(webStream(createReadStream(path, { start, end, highWaterMark: SMALL })), { status, headers });
}

/** Headers that go with the contents, by their names in the XML API. */
function mediaHeaders({ content, fields, ...object }: ObjectRecord): Headers {
  const hashes = content.md5Hash === undefined ? [] : [`md5=${content.md5Hash}`];
  const headers = new Headers({
    'content-type': fields.contentType ?? 'application/octet-stream',
    etag: etagOf(object),
    'last-modified': new Date(object.updated).toUTCString(),
    'x-goog-generation': String(object.generation),
    'x-goog-metageneration': String(object.metageneration),
    'x-goog-hash': [`crc32c=${content.crc32c}`, ...hashes].join(','),
    'x-goog-storage-class': fields.storageClass ?? 'STANDARD',
    'x-goog-stored-content-encoding': fields.contentEncoding ?? 'identity',
    'x-goog-stored-content-length': String(content.size),
  });
  if (fields.cacheControl !== undefined) headers.set('cache-control', fields.cacheControl);
  if (fields.contentDisposition !== undefined) headers.set('content-disposition', fields.contentDisposition);
  if (fields.contentLanguage !== undefined) headers.set('content-language', fields.contentLanguage);
  for (const [key, value] of Object.entries(fields.metadata ?? {})) {
    // Metadata may be any text, but a header may not.
    if (/^[\w-]+$/.test(key) && /^[\x20-\x7e]*$/.test(value)) headers.set(`x-goog-meta-${key}`, value);
  }
  return headers;
}

function acceptsGzip(context: StorageContext): boolean {
  return /\bgzip\b/i.test(context.req.header('accept-encoding') ?? '');
}

/** The requested range; undefined for no range and for several ranges, which the service answers with all contents. */
function rangeOf(header: string | undefined, size: number): ByteRange | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(' ', '') ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (start >= size || (from === '' && Number(to) === 0)) throw rangeNotSatisfiable();
  return { start, end };
}

function decompressed(path: string): Readable {
  // Contents that are not gzip break the connection, so that the client notices the error.
  return pipeline(createReadStream(path), createGunzip(), () => {});
}

function webStream(stream: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(stream);
}
