import { type Database, endOf, keyOf } from './database';
import type { ObjectRecord } from './records';

/** An object and the URI, perhaps with wildcards, that stands for it. */
export interface Resolution {
  readonly objects: readonly ObjectRecord[];
  /** URIs that stand for no object. */
  readonly missing: readonly string[];
}

/** The objects that the URIs of a load job stand for: `*` is any text, `/` included; an object is named once. */
export function resolveUris(db: Database, uris: readonly string[]): Resolution {
  const found = new Map<string, ObjectRecord>();
  const missing: string[] = [];
  for (const uri of uris) {
    const objects = matching(db, uri);
    if (objects.length === 0) missing.push(uri);
    for (const object of objects) found.set(`${object.bucket}/${object.name}`, object);
  }
  return { objects: [...found.values()], missing };
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
