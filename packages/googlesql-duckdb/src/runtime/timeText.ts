import { civilOf, DAY_MICROS, daysInMonth, daysOf, splitMicros } from './calendar';
import { fail } from './define';
import { fromLocal, offsetAt, offsetText } from './zones';

/** Texts of dates and times, as CAST reads and writes them. */

const DATE_TEXT = /^\s*(\d{1,4})-(\d{1,2})-(\d{1,2})\s*$/;
const TIME_PART = String.raw`(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?`;
const TIME_TEXT = new RegExp(`^\\s*${TIME_PART}\\s*$`);
const MOMENT_TEXT = new RegExp(
  `^\\s*(\\d{1,4})-(\\d{1,2})-(\\d{1,2})(?:(?:\\s+|[Tt])${TIME_PART.replace(':(\\d{1,2})(?:', '(?::(\\d{1,2}))?(?:')})?\\s*(.*?)\\s*$`,
);

/** 0001-01-01, the first DATE. */
export const FIRST_DAY = daysOf(1, 1, 1);
/** 9999-12-31, the last DATE. */
export const LAST_DAY = daysOf(9999, 12, 31);

function checkedDays(year: string | undefined, month: string | undefined, day: string | undefined): number | undefined {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (y < 1 || m < 1 || m > 12 || d < 1 || d > daysInMonth(y, m)) return undefined;
  return daysOf(y, m, d);
}

function checkedClock(
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  fraction: string | undefined,
): bigint | undefined {
  const [h, m, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  if (
    h > 23 ||
    m > 59 ||
    s > 60 ||
    (fraction !== undefined && fraction.length > 6 && !/^\d{6}0*$/.test(fraction) && fraction.length > 9)
  )
    return undefined;
  return BigInt((h * 60 + m) * 60 + s) * 1_000_000n + BigInt((fraction ?? '').padEnd(6, '0').slice(0, 6));
}

/** Parses a date to days since the epoch; undefined if invalid. As in BigQuery, a time after the date is ignored. */
export function parseDate(text: string): number | undefined {
  const match = DATE_TEXT.exec(text);
  if (match !== null) return checkedDays(match[1], match[2], match[3]);
  const moment = parseDatetime(text);
  return moment === undefined ? undefined : splitMicros(moment).days;
}

/** Parses a time of day to microseconds; undefined if invalid. */
export function parseTime(text: string): bigint | undefined {
  const match = TIME_TEXT.exec(text);
  return match === null ? undefined : checkedClock(match[1], match[2], match[3], match[4]);
}

/** Parses a DATETIME to microseconds; undefined if invalid or with another zone than Z. */
export function parseDatetime(text: string): bigint | undefined {
  const parts = parseMoment(text);
  return parts === undefined || (parts.zone !== '' && !/^[zZ]$/.test(parts.zone)) ? undefined : parts.micros;
}

/** Parses a TIMESTAMP to microseconds since the epoch; undefined if invalid. `zone` applies to texts without one. */
export function parseTimestamp(text: string, zone = 'UTC'): bigint | undefined {
  const parts = parseMoment(text);
  if (parts === undefined) return undefined;
  const named = parts.zone === '' ? zone : parts.zone;
  if (!/^(?:[+-]\d{1,2}(?::?\d{2})?|[A-Za-z][\w+\-/]*)$/.test(named)) return undefined;
  try {
    return fromLocal(named, parts.micros);
  } catch {
    return undefined;
  }
}

function parseMoment(text: string): { micros: bigint; zone: string } | undefined {
  const match = MOMENT_TEXT.exec(text);
  if (match === null) return undefined;
  const days = checkedDays(match[1], match[2], match[3]);
  const clock = checkedClock(match[4], match[5], match[6], match[7]);
  return days === undefined || clock === undefined
    ? undefined
    : { micros: BigInt(days) * DAY_MICROS + clock, zone: match[8] ?? '' };
}

const two = (value: number | bigint) => String(value).padStart(2, '0');

/** Text of a date, e.g. `2024-01-15`. */
export function dateText(days: number): string {
  const { year, month, day } = civilOf(days);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** Text of a time, e.g. `12:34:56`, with three or six fractional digits if needed. */
export function timeText(micros: bigint): string {
  const seconds = micros / 1_000_000n;
  const fraction = micros % 1_000_000n;
  const clock = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  if (fraction === 0n) return clock;
  const digits = String(fraction).padStart(6, '0');
  return `${clock}.${digits.endsWith('000') ? digits.slice(0, 3) : digits}`;
}

/** Text of a DATETIME, e.g. `2024-01-15 12:34:56`. */
export function datetimeText(micros: bigint, separator = ' '): string {
  const { days, rest } = splitMicros(micros);
  return `${dateText(days)}${separator}${timeText(rest)}`;
}

/** Text of a TIMESTAMP in CAST, e.g. `2024-01-15 12:34:56+00`. */
export function timestampText(micros: bigint, zone = 'UTC'): string {
  const offset = offsetAt(zone, micros);
  const zoneText = offsetText(offset, true);
  return `${datetimeText(micros + offset)}${zoneText.endsWith(':00') ? zoneText.slice(0, -3) : zoneText}`;
}

/** Returns the day, or fails with `what` if it is out of range. */
export function checkDays(days: number, what: string): number {
  if (days < FIRST_DAY || days > LAST_DAY) fail(what);
  return days;
}

const LOWEST = BigInt(FIRST_DAY) * DAY_MICROS;
const HIGHEST = BigInt(LAST_DAY + 1) * DAY_MICROS - 1n;

/** Returns the microseconds, or fails with `what` if they are out of range. */
export function checkMicros(micros: bigint, what: string): bigint {
  if (micros < LOWEST || micros > HIGHEST) fail(what);
  return micros;
}
