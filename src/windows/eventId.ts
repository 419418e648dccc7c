import { hash } from './hash';

const MAX_INT64 = 2n ** 63n - 1n;

/**
 * The event ID of a file. It must fit into INT64, because users' SQL writes it to such columns: the source's ID is used if it is
 * a positive decimal integer that fits. Otherwise the ID is made from the file's version, so that a redelivered event keeps
 * its ID (docs/compatibility.md#event-id).
 *
 * @param sourceId ID that the source of the event gave; may be empty.
 */
export function eventIdOf(sourceId: string, url: string, generation: string): string {
  if (/^[1-9]\d{0,18}$/.test(sourceId) && BigInt(sourceId) <= MAX_INT64) return sourceId;
  const id = hash(`${url}#${generation}`);
  return (id < 0n ? MAX_INT64 : id).toString();
}
