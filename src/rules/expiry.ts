const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: ReadonlyMap<string, number> = new Map([
  ['week', 7 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
  ['min', MINUTE],
  ['second', SECOND],
  ['sec', SECOND],
  ['ms', 1],
  ['us', 1e-3],
  ['ns', 1e-6],
]);

/** What an expiry may look like; shown beside what was found. */
export const EXPIRY_ALLOWED =
  '<n><unit> with unit week, day, hour, minute, min, second, sec, ms, us or ns, e.g. 2hours; no month, no year';

/**
 * Milliseconds of a table lifetime `<n><unit>[s]` (spec 2, section 6.3); undefined when it is none. Months and years, which
 * have no fixed length, are refused as in the original.
 *
 * @example expiryMs('2hours') // 7_200_000
 * @example expiryMs('1 month') // undefined
 */
export function expiryMs(text: string): number | undefined {
  const match = /^\s*(\d+)\s*([a-z]+)\s*$/i.exec(text);
  const [, digits, word] = match ?? [];
  if (digits === undefined || word === undefined) return undefined;
  const unit = UNITS.get(word.toLowerCase()) ?? UNITS.get(word.toLowerCase().replace(/s$/, ''));
  // Rounded up, so that a lifetime of some nanoseconds is not one of none.
  return unit === undefined ? undefined : Math.ceil(Number(digits) * unit);
}
