import { integerOf } from '../store/preconditions';
import type { ExpectedHashes, ObjectFields, Preconditions } from '../store/records';
import type { StorageContext } from './context';

/** Hashes in the header x-goog-hash: `crc32c=...,md5=...`. */
export function headerHashes(context: StorageContext): ExpectedHashes {
  const hashes: ExpectedHashes = {};
  const header = context.req.header('x-goog-hash') ?? '';
  const crc32c = /(?:^|,)\s*crc32c=([^,\s]+)/.exec(header)?.[1];
  const md5Hash = /(?:^|,)\s*md5=([^,\s]+)/.exec(header)?.[1];
  if (crc32c !== undefined) hashes.crc32c = crc32c;
  if (md5Hash !== undefined) hashes.md5Hash = md5Hash;
  return hashes;
}

/** Conditions of a call of the XML API. */
export function headerConditions(context: StorageContext): Preconditions {
  const header = (name: string) => context.req.header(name);
  return {
    generationMatch: integerOf(header, 'x-goog-if-generation-match'),
    metagenerationMatch: integerOf(header, 'x-goog-if-metageneration-match'),
  };
}

const FIELDS = {
  'content-type': 'contentType',
  'content-encoding': 'contentEncoding',
  'content-disposition': 'contentDisposition',
  'content-language': 'contentLanguage',
  'cache-control': 'cacheControl',
  'x-goog-custom-time': 'customTime',
  'x-goog-storage-class': 'storageClass',
} as const;

/** Metadata in the headers of an upload of the XML API. */
export function headerFields(context: StorageContext): ObjectFields {
  const fields: ObjectFields = {};
  for (const [header, field] of Object.entries(FIELDS)) {
    const value = context.req.header(header);
    if (value !== undefined) fields[field] = value;
  }
  const metadata = [...context.req.raw.headers].flatMap(([name, value]) =>
    name.startsWith('x-goog-meta-') ? [[name.slice('x-goog-meta-'.length), value]] : [],
  );
  if (metadata.length > 0) fields.metadata = Object.fromEntries(metadata);
  return fields;
}

/** Whether a header such as If-Match names an ETag. */
export function namesEtag(header: string, etag: string): boolean {
  const names = header.split(',').map((name) =>
    name
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1'),
  );
  return names.includes('*') || names.includes(etag);
}
