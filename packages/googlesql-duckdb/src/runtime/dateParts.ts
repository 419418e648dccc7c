import {
  addMonths,
  civilOf,
  DAY_MICROS,
  daysOf,
  floorDiv,
  isoWeek,
  isoYearStart,
  splitMicros,
  weekday,
  weekOfYear,
} from './calendar';
import { fail } from './define';
import { DAYS } from './formatElements';
import { checkDays, checkMicros } from './timeText';
import { fromLocal, offsetAt } from './zones';

/** Microseconds of the date parts with a fixed length. */
export const MICROS_PER_PART: Readonly<Record<string, bigint>> = {
  MICROSECOND: 1n,
  MILLISECOND: 1000n,
  SECOND: 1_000_000n,
  MINUTE: 60_000_000n,
  HOUR: 3_600_000_000n,
  DAY: DAY_MICROS,
  WEEK: 7n * DAY_MICROS,
};
/** Months of the date parts of whole months. */
export const MONTHS_PER_PART: Readonly<Record<string, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };
const WEEKDAYS = DAYS.map((day) => day.toUpperCase());

/** First weekday of a week part, 0 for Sunday; undefined for other parts. */
function weekStart(part: string): number | undefined {
  if (part === 'WEEK') return 0;
  if (part === 'ISOWEEK') return 1;
  const day = WEEKDAYS.indexOf(/^WEEK\((\w+)\)$/.exec(part)?.[1] ?? '');
  return day < 0 ? undefined : day;
}

/** Adds `count` parts to a day. Fails with `what` when the result is out of range. */
export function addToDays(days: number, count: bigint, part: string, what: string): number {
  if (count > 10_000_000n || count < -10_000_000n) fail(what);
  const months = MONTHS_PER_PART[part];
  if (months !== undefined) return checkDays(addMonths(days, Number(count) * months), what);
  if (part === 'DAY') return checkDays(days + Number(count), what);
  if (part === 'WEEK') return checkDays(days + Number(count) * 7, what);
  return fail(`A valid date part argument is required, but found ${part}`);
}

/** Adds `count` parts to a local time in microseconds. */
export function addToMicros(micros: bigint, count: bigint, part: string, what: string): bigint {
  const unit = MICROS_PER_PART[part];
  if (unit !== undefined) return checkMicros(micros + count * unit, what);
  const { days, rest } = splitMicros(micros);
  return checkMicros(BigInt(addToDays(days, count, part, what)) * DAY_MICROS + rest, what);
}

/** Truncates a day to the first day of its part. */
export function truncDays(days: number, part: string): number {
  const start = weekStart(part);
  if (start !== undefined) return days - ((weekday(days) - start + 7) % 7);
  const { year, month } = civilOf(days);
  switch (part) {
    case 'DAY':
      return days;
    case 'MONTH':
      return daysOf(year, month, 1);
    case 'QUARTER':
      return daysOf(year, month - ((month - 1) % 3), 1);
    case 'YEAR':
      return daysOf(year, 1, 1);
    case 'ISOYEAR':
      return isoYearStart(isoWeek(days).year);
    default:
      return fail(`A valid date part argument is required, but found ${part}`);
  }
}

/** Truncates a local time to the start of its part. */
export function truncMicros(micros: bigint, part: string): bigint {
  const unit = MICROS_PER_PART[part];
  if (unit !== undefined && part !== 'WEEK' && part !== 'DAY') return floorDiv(micros, unit) * unit;
  return BigInt(truncDays(splitMicros(micros).days, part)) * DAY_MICROS;
}

/** Number of part boundaries between two days. */
export function diffDays(one: number, two: number, part: string): bigint {
  const start = weekStart(part);
  if (start !== undefined) return BigInt((truncDays(one, part) - truncDays(two, part)) / 7);
  const [a, b] = [civilOf(one), civilOf(two)];
  switch (part) {
    case 'DAY':
      return BigInt(one - two);
    case 'MONTH':
      return BigInt((a.year - b.year) * 12 + a.month - b.month);
    case 'QUARTER':
      return BigInt((a.year - b.year) * 4 + Math.floor((a.month - 1) / 3) - Math.floor((b.month - 1) / 3));
    case 'YEAR':
      return BigInt(a.year - b.year);
    case 'ISOYEAR':
      return BigInt(isoWeek(one).year - isoWeek(two).year);
    default:
      return fail(`A valid date part argument is required, but found ${part}`);
  }
}

/** Number of part boundaries between two local times. */
export function diffLocal(one: bigint, two: bigint, part: string): bigint {
  const unit = MICROS_PER_PART[part];
  if (unit !== undefined && part !== 'WEEK') return floorDiv(one, unit) - floorDiv(two, unit);
  return diffDays(splitMicros(one).days, splitMicros(two).days, part);
}

/** Number of whole parts between two moments, for TIMESTAMP_DIFF and TIME_DIFF. */
export function diffMoments(one: bigint, two: bigint, part: string): bigint {
  const unit = part === 'WEEK' ? undefined : MICROS_PER_PART[part];
  if (unit === undefined) return fail(`TIMESTAMP_DIFF does not support the ${part} date part`);
  return (one - two) / unit;
}

/** The value of a part for EXTRACT. `rest` is the microseconds of the day. */
export function extractPart(days: number, rest: bigint, part: string): bigint {
  const { year, month, day } = civilOf(days);
  switch (part) {
    case 'MICROSECOND':
      return rest % 1_000_000n;
    case 'MILLISECOND':
      return (rest / 1000n) % 1000n;
    case 'SECOND':
      return (rest / 1_000_000n) % 60n;
    case 'MINUTE':
      return (rest / 60_000_000n) % 60n;
    case 'HOUR':
      return rest / 3_600_000_000n;
    case 'DAYOFWEEK':
      return BigInt(weekday(days) + 1);
    case 'DAY':
      return BigInt(day);
    case 'DAYOFYEAR':
      return BigInt(days - daysOf(year, 1, 1) + 1);
    case 'MONTH':
      return BigInt(month);
    case 'QUARTER':
      return BigInt(Math.floor((month - 1) / 3) + 1);
    case 'YEAR':
      return BigInt(year);
    case 'ISOYEAR':
      return BigInt(isoWeek(days).year);
    case 'ISOWEEK':
      return BigInt(isoWeek(days).week);
    default: {
      const start = weekStart(part);
      return start === undefined
        ? fail(`A valid date part argument for EXTRACT is required, but found ${part}`)
        : BigInt(weekOfYear(days, start));
    }
  }
}

/** Truncates a moment in a time zone. Parts shorter than a day use the local clock, too. */
export function truncTimestamp(micros: bigint, part: string, zone: string): bigint {
  if (['MICROSECOND', 'MILLISECOND', 'SECOND', 'MINUTE'].includes(part)) return truncMicros(micros, part);
  const offset = offsetAt(zone, micros);
  if (part === 'HOUR') return truncMicros(micros + offset, part) - offset;
  return fromLocal(zone, truncMicros(micros + offset, part));
}

/** The last day of the part that contains a day. */
export function lastDay(days: number, part: string): number {
  const start = truncDays(days, part);
  const week = weekStart(part);
  if (week !== undefined) return start + 6;
  if (part === 'ISOYEAR') return isoYearStart(isoWeek(days).year + 1) - 1;
  const months = MONTHS_PER_PART[part];
  return months === undefined
    ? fail(`A valid date part argument is required, but found ${part}`)
    : addMonths(start, months) - 1;
}
