import { posix } from 'node:path';

/**
 * The text that rules match: the object's path with a leading slash, without scheme and bucket; `//` and `..` are resolved.
 *
 * @example cleanPath('gs://bucket/data//a.json') // '/data/a.json'
 */
export function cleanPath(pathOrUrl: string): string {
  const [, rest] = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(.*)$/is.exec(pathOrUrl) ?? [];
  const clean = posix.normalize(`/${rest ?? pathOrUrl}`);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}
