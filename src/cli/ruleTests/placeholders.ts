import { isList } from '../../json';
import type { JsonValue } from '../../rules/types';
import { CommandError } from '../commandError';

/** Values of placeholders by name: `triggerBucket`, `journalUrl`, … */
export type PlaceholderValues = Readonly<Record<string, string>>;

const DAY_MS = 86_400_000;

/**
 * Expands `${name}`, and `${date:<days from today>:<format>}` in UTC with the letters of strftime. Other texts with `$` stay,
 * because rules have variables of that form.
 *
 * @example expandPlaceholders('${opsBucket}/${date:-1:%Y%m%d}/$EventID', { opsBucket: 'ops' }, now) // 'ops/20231113/$EventID'
 */
export function expandPlaceholders(text: string, values: PlaceholderValues, now: Date): string {
  return text.replace(
    /\$\{(?:(\w+)|date:(-?\d+):([^}]*))\}/g,
    (written, name: string | undefined, days: string, format: string) => {
      if (name !== undefined) return Object.hasOwn(values, name) ? (values[name] ?? written) : written;
      return formatted(new Date(now.getTime() + Number(days) * DAY_MS), format);
    },
  );
}

/** Expands the placeholders in all texts and keys of some data. */
export function expandData(value: JsonValue, values: PlaceholderValues, now: Date): JsonValue {
  if (typeof value === 'string') return expandPlaceholders(value, values, now);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => expandData(item, values, now));
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [expandPlaceholders(key, values, now), expandData(item, values, now)]),
  );
}

/** Expands the number of a file: `${i}`, `${i:05}` (padded) and `${i%3}` (modulo). */
export function expandNumber(text: string, number: number): string {
  return text.replace(/\$\{i(?::0*(\d+))?(?:%(\d+))?\}/g, (_written, width?: string, modulus?: string) => {
    if (width !== undefined) return String(number).padStart(Number(width), '0');
    return String(modulus === undefined ? number : number % Number(modulus));
  });
}

function formatted(time: Date, format: string): string {
  const parts = partsOf(time);
  return format.replace(/%(.)/gs, (written, letter: string) => {
    const part = parts[letter];
    if (part !== undefined) return part;
    throw new CommandError(`date format ${written}: unknown`, `allowed are %${Object.keys(parts).join(' %')}`);
  });
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** The parts of a time in UTC by the letters of strftime. */
function partsOf(time: Date): Readonly<Record<string, string>> {
  const iso = time.toISOString();
  const hour = time.getUTCHours();
  const day = DAYS[time.getUTCDay()] ?? '';
  const month = MONTHS[time.getUTCMonth()] ?? '';
  const ofYear = Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0)) / DAY_MS) + 1;
  return {
    Y: iso.slice(0, 4),
    y: iso.slice(2, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    j: String(ofYear).padStart(3, '0'),
    H: iso.slice(11, 13),
    I: String(hour % 12 || 12).padStart(2, '0'),
    p: hour < 12 ? 'AM' : 'PM',
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    f: `${iso.slice(20, 23)}000`,
    F: iso.slice(0, 10),
    T: iso.slice(11, 19),
    s: String(Math.floor(time.getTime() / 1000)),
    Z: 'UTC',
    z: '+0000',
    A: day,
    a: day.slice(0, 3),
    B: month,
    b: month.slice(0, 3),
    '%': '%',
  };
}
