import { posix } from 'node:path';

/**
 * The text that rules are matched against (spec 1, section 2.2): path of the object with a leading slash, without scheme and
 * bucket, `//` and `..` resolved.
 *
 * @example cleanPath('gs://bucket/data//a.json') // '/data/a.json'
 */
export function cleanPath(pathOrUrl: string): string {
  const [, rest] = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(.*)$/is.exec(pathOrUrl) ?? [];
  const clean = posix.normalize(`/${rest ?? pathOrUrl}`);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}
