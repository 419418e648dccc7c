import type { FileEvent } from './fileEvent';

/**
 * Maximum size of the file events in one payload, in bytes. Temporal terminates a workflow that schedules a call with more than
 * 2 MB, and warns from 256 kB.
 */
export const MAX_EVENT_BYTES = 256 * 1024;

const sizes = new WeakMap<FileEvent, number>();

/** Size of a file event in a payload, in bytes. For characters outside the Basic Multilingual Plane, an upper bound. */
export function eventBytes(event: FileEvent): number {
  const cached = sizes.get(event);
  if (cached !== undefined) return cached;
  const text = JSON.stringify(event);
  const twoBytes = text.match(/[\u0080-\u07ff]/g)?.length ?? 0;
  const threeBytes = text.match(/[\u0800-\uffff]/g)?.length ?? 0;
  // One more for the comma between events.
  const bytes = text.length + twoBytes + 2 * threeBytes + 1;
  sizes.set(event, bytes);
  return bytes;
}

/** Size of file events in a payload, in bytes. */
export function totalEventBytes(events: Iterable<FileEvent>): number {
  let bytes = 0;
  for (const event of events) bytes += eventBytes(event);
  return bytes;
}

/** The first events that fit into one payload: at least one. */
export function firstSlice(events: Iterable<FileEvent>, maxBytes = MAX_EVENT_BYTES): FileEvent[] {
  const slice: FileEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += eventBytes(event);
    if (slice.length > 0 && bytes > maxBytes) break;
    slice.push(event);
  }
  return slice;
}

/** All events in order, in slices that fit into one payload each. */
export function eventSlices(events: readonly FileEvent[], maxBytes = MAX_EVENT_BYTES): FileEvent[][] {
  const slices: FileEvent[][] = [];
  let slice: FileEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += eventBytes(event);
    if (slice.length === 0 || bytes > maxBytes) {
      slice = [];
      slices.push(slice);
      bytes = eventBytes(event);
    }
    slice.push(event);
  }
  return slices;
}
