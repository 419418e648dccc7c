import { hash } from '../windows/hash';

const MAX_INT64 = 2n ** 63n - 1n;

/**
 * The event ID of a file: the source's when it is a positive decimal that fits into INT64, since users' SQL puts it there;
 * else one made of the file's version, so that a redelivered event keeps its ID.
 */
export function eventIdOf(sourceId: string, url: string, generation: string): string {
  if (/^[1-9]\d{0,18}$/.test(sourceId) && BigInt(sourceId) <= MAX_INT64) return sourceId;
  const id = hash(`${url}#${generation}`);
  return (id < 0n ? MAX_INT64 : id).toString();
}
