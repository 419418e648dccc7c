import { type Database, endOf, keyOf } from './database';
import type { ObjectRecord } from './records';

/** The objects that URIs name. */
export interface Resolution {
  readonly objects: readonly ObjectRecord[];
  /** URIs that match no object. */
  readonly missing: readonly string[];
}

/** The objects that the URIs of a load job match, each of them once. `*` matches any text, also `/`. */
export function resolveUris(db: Database, uris: readonly string[]): Resolution {
  const objects = new Map<string, ObjectRecord>();
  const missing: string[] = [];
  for (const uri of uris) {
    const matches = matching(db, uri);
    if (matches.length === 0) missing.push(uri);
    for (const object of matches) objects.set(`${object.bucket}/${object.name}`, object);
  }
  return { objects: [...objects.values()], missing };
}

function matching(db: Database, uri: string): ObjectRecord[] {
  const [, bucket, pattern] = /^gs:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? [];
  if (bucket === undefined || pattern === undefined) return [];
  const [prefix = '', ...rest] = pattern.split('*');
  if (rest.length === 0) {
    const object = db.objects.get(keyOf(bucket, pattern));
    return object === undefined ? [] : [object];
  }
  const literals = pattern.split('*').map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const expression = new RegExp(`^${literals.join('.*')}$`, 's');
  const start = keyOf(bucket, prefix);
  const candidates = [...db.objects.getRange({ start, end: endOf(start) })].map(({ value }) => value);
  return candidates.filter(({ name }) => expression.test(name));
}
