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

/** Allowed form of an expiry, for messages. */
export const EXPIRY_ALLOWED =
  'a number and a unit (week, day, hour, minute, min, second, sec, ms, us or ns), such as 2hours; months and years are not allowed';

/**
 * Milliseconds of a table lifetime `<n><unit>[s]`; undefined for any other text. Months and years have no fixed length, and
 * viant/bqtail does not accept them either.
 *
 * @example expiryMs('2hours') // 7_200_000
 * @example expiryMs('1 month') // undefined
 */
export function expiryMs(text: string): number | undefined {
  const match = /^\s*(\d+)\s*([a-z]+)\s*$/i.exec(text);
  const [, digits, word] = match ?? [];
  if (digits === undefined || word === undefined) return undefined;
  const unit = UNITS.get(word.toLowerCase()) ?? UNITS.get(word.toLowerCase().replace(/s$/, ''));
  // Round up, so that a lifetime of a few nanoseconds does not become 0.
  return unit === undefined ? undefined : Math.ceil(Number(digits) * unit);
}
