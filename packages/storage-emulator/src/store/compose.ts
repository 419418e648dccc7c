import { createReadStream } from 'node:fs';
import { invalid } from '../errors';
import type { Blobs } from './blobs';
import { type ObjectInput, patchFields } from './objectFields';
import type { ObjectName, Objects } from './objects';
import { checkWrite } from './preconditions';
import type { ObjectRecord, Preconditions } from './records';

/** The service's limit of source objects. */
const MAX_SOURCES = 32;

export interface ComposeSource {
  readonly name: string;
  readonly generation?: number | undefined;
  readonly conditions: Preconditions;
}

/**
 * Joins objects of one bucket into one. As in the service, the result has no MD5, and its component count is the number
 * of uploads in it.
 */
export async function compose(
  objects: Objects,
  blobs: Blobs,
  destination: ObjectName,
  sources: readonly ComposeSource[],
  input: ObjectInput,
  conditions: Preconditions,
): Promise<ObjectRecord> {
  if (sources.length === 0) throw invalid('You must provide at least one source component.');
  if (sources.length > MAX_SOURCES)
    throw invalid(`The number of source components provided (${sources.length}) exceeds the maximum (${MAX_SOURCES}).`);
  const originals = sources.map((source) => {
    const where = { bucket: destination.bucket, name: source.name };
    const original = objects.get(where, source.generation);
    checkWrite(source.conditions, original);
    return original;
  });
  checkWrite(conditions, objects.find(destination));
  const paths = originals.map(({ content }) => blobs.path(content.blob));
  const { md5Hash: _, ...joined } = await blobs.store(concatenation(paths));
  const componentCount = originals.reduce((sum, { content }) => sum + (content.componentCount ?? 1), 0);
  return objects.insert(destination, patchFields({}, input), { ...joined, componentCount }, conditions);
}

async function* concatenation(paths: readonly string[]): AsyncGenerator<Buffer> {
  for (const path of paths) yield* createReadStream(path);
}
