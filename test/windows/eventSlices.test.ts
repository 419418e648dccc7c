import { eventBytes, eventSlices, firstSlice, MAX_EVENT_BYTES } from '../../src/windows/eventSlices';
import type { FileEvent } from '../../src/windows/fileEvent';

function named(name: string): FileEvent {
  return { url: `gs://b/${name}`, generation: '1', size: 1, updatedMs: 0, eventId: '1', ruleId: 'r' };
}

test.each(['plain.json', 'Zürich.json', '東京.json', '🚲.json', 'quote".json'])(
  'the size of an event is at least that of its JSON: %s',
  (name) => {
    const exact = Buffer.byteLength(JSON.stringify(named(name)));
    expect(eventBytes(named(name))).toBeGreaterThan(exact);
    expect(eventBytes(named(name))).toBeLessThan(exact + 10);
  },
);

test.each<[string, number, number, number]>([
  ['no event makes no slice', 0, 1, 0],
  ['events with short names share one slice', 1000, 10, 1],
  ['10,000 events with names of 1,000 bytes make slices below the limit', 10_000, 1000, 42],
  ['an event that is larger than the limit has a slice of its own', 3, MAX_EVENT_BYTES, 3],
])('%s', (_name, count, nameBytes, expected) => {
  const events = Array.from({ length: count }, (_, at) => named(String(at).padStart(nameBytes, 'x')));
  const slices = eventSlices(events);
  expect(slices).toHaveLength(expected);
  expect(slices.flat()).toEqual(events);
  expect(slices[0] ?? []).toEqual(firstSlice(events));
  for (const slice of slices) {
    if (slice.length > 1) expect(JSON.stringify(slice).length).toBeLessThanOrEqual(MAX_EVENT_BYTES);
  }
});
