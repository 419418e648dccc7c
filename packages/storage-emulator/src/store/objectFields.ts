import { z } from 'zod';
import { invalid } from '../errors';
import type { ExpectedHashes, ObjectFields } from './records';

const text = z.string().nullish();
const flag = z.boolean().nullish();
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** Fields of an object resource that clients may set; all other fields, such as output-only ones, are ignored. */
const resourceSchema = z.object({
  contentType: text,
  contentEncoding: text,
  contentDisposition: text,
  contentLanguage: text,
  cacheControl: text,
  customTime: text,
  storageClass: text,
  temporaryHold: flag,
  eventBasedHold: flag,
  metadata: z.record(z.string(), scalar.nullable()).nullish(),
  name: text,
  crc32c: text,
  md5Hash: text,
});

/** An object resource in a request; null removes a field. */
export type ObjectInput = z.infer<typeof resourceSchema>;

const TEXTS = [
  'contentType',
  'contentEncoding',
  'contentDisposition',
  'contentLanguage',
  'cacheControl',
  'customTime',
  'storageClass',
] as const;
const FLAGS = ['temporaryHold', 'eventBasedHold'] as const;

/** Reads an object resource. @throws ApiError 400 for a field of a wrong type, as the service does. */
export function parseObjectInput(value: unknown): ObjectInput {
  const parsed = resourceSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(`Invalid value at '${issue?.path.join('.')}': ${issue?.message}`);
}

/**
 * Applies a patch: absent fields stay, null removes a field, and custom metadata is merged key by key.
 *
 * @example patchFields({ contentType: 'a/b', metadata: { x: '1' } }, { contentType: null, metadata: { y: '2' } })
 *   // { metadata: { x: '1', y: '2' } }
 */
export function patchFields(current: Readonly<ObjectFields>, patch: ObjectInput): ObjectFields {
  const result: ObjectFields = { ...current };
  for (const key of TEXTS) {
    const value = patch[key];
    if (value === null) delete result[key];
    else if (value !== undefined) result[key] = value;
  }
  for (const key of FLAGS) {
    const value = patch[key];
    if (value === null) delete result[key];
    else if (value !== undefined) result[key] = value;
  }
  if (patch.metadata === null) delete result.metadata;
  else if (patch.metadata !== undefined) result.metadata = mergeMetadata(current.metadata ?? {}, patch.metadata);
  if (result.metadata !== undefined && Object.keys(result.metadata).length === 0) delete result.metadata;
  return result;
}

function mergeMetadata(
  current: Readonly<Record<string, string>>,
  patch: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const merged = new Map(Object.entries(current));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

/**
 * The fields of a copy: those of the source, or only those of the request when it has any. A storage class alone does not
 * count, because clients change it that way.
 */
export function copiedFields(source: Readonly<ObjectFields>, input: ObjectInput): ObjectFields {
  const { storageClass, ...sent } = patchFields({}, input);
  if (Object.keys(sent).length > 0) return patchFields({}, input);
  return storageClass === undefined ? source : { ...source, storageClass };
}

/** Hashes that a client sends with an upload. */
export function expectedHashes(input: ObjectInput): ExpectedHashes {
  const expected: ExpectedHashes = {};
  if (input.crc32c) expected.crc32c = input.crc32c;
  if (input.md5Hash) expected.md5Hash = input.md5Hash;
  return expected;
}

/** @throws ApiError 400 for a name that the service refuses. */
export function checkObjectName(name: string): string {
  const bytes = Buffer.byteLength(name, 'utf8');
  const reserved = name === '.' || name === '..' || name.startsWith('.well-known/acme-challenge/');
  if (bytes === 0 || bytes > 1024 || reserved || /[\r\n\0]/.test(name) || Buffer.from(name).toString() !== name)
    throw invalid(`Invalid object name: '${name}'`, 'name');
  return name;
}
