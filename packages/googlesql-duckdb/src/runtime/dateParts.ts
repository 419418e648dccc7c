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
import { checkDays, checkMicros } from './timeText';
import { fromLocal, offsetAt } from './zones';

/** Microseconds of the parts that have a fixed length. */
export const MICROS: Readonly<Record<string, bigint>> = {
  MICROSECOND: 1n,
  MILLISECOND: 1000n,
  SECOND: 1_000_000n,
  MINUTE: 60_000_000n,
  HOUR: 3_600_000_000n,
  DAY: DAY_MICROS,
  WEEK: 7n * DAY_MICROS,
};
const MONTHS: Readonly<Record<string, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };
const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];

/** First day of the week that a part counts by, 0 for Sunday; null for other parts. */
function weekStart(part: string): number | null {
  if (part === 'WEEK') return 0;
  if (part === 'ISOWEEK') return 1;
  const day = WEEKDAYS.indexOf(/^WEEK\((\w+)\)$/.exec(part)?.[1] ?? '');
  return day < 0 ? null : day;
}

/** A day moved by `count` times a part. */
export function addToDays(days: number, count: bigint, part: string, what: string): number {
  if (count > 10_000_000n || count < -10_000_000n) fail(what);
  const months = MONTHS[part];
  if (months !== undefined) return checkDays(addMonths(days, Number(count) * months), what);
  if (part === 'DAY') return checkDays(days + Number(count), what);
  if (part === 'WEEK') return checkDays(days + Number(count) * 7, what);
  return fail(`A valid date part argument is required, but found ${part}`);
}

/** A local time moved by `count` times a part. */
export function addToMicros(micros: bigint, count: bigint, part: string, what: string): bigint {
  const unit = MICROS[part];
  if (unit !== undefined) return checkMicros(micros + count * unit, what);
  const { days, rest } = splitMicros(micros);
  return checkMicros(BigInt(addToDays(days, count, part, what)) * DAY_MICROS + rest, what);
}

/** The first day of the part that a day is in. */
export function truncDays(days: number, part: string): number {
  const start = weekStart(part);
  if (start !== null) return days - ((weekday(days) - start + 7) % 7);
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

/** The beginning of the part that a local time is in. */
export function truncMicros(micros: bigint, part: string): bigint {
  const unit = MICROS[part];
  if (unit !== undefined && part !== 'WEEK' && part !== 'DAY') return floorDiv(micros, unit) * unit;
  return BigInt(truncDays(splitMicros(micros).days, part)) * DAY_MICROS;
}

/** Boundaries of a part between two days. */
export function diffDays(one: number, two: number, part: string): bigint {
  const start = weekStart(part);
  if (start !== null) return BigInt((truncDays(one, part) - truncDays(two, part)) / 7);
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

/** Boundaries between two local times. */
export function diffLocal(one: bigint, two: bigint, part: string): bigint {
  const unit = MICROS[part];
  if (unit !== undefined && part !== 'WEEK') return floorDiv(one, unit) - floorDiv(two, unit);
  return diffDays(splitMicros(one).days, splitMicros(two).days, part);
}

/** Whole units between two moments, which is what TIMESTAMP_DIFF and TIME_DIFF count. */
export function diffMoments(one: bigint, two: bigint, part: string): bigint {
  const unit = part === 'WEEK' ? undefined : MICROS[part];
  if (unit === undefined) return fail(`TIMESTAMP_DIFF does not support the ${part} date part`);
  return (one - two) / unit;
}

/** Value of a part, as EXTRACT gives it. */
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
      return start === null
        ? fail(`A valid date part argument for EXTRACT is required, but found ${part}`)
        : BigInt(weekOfYear(days, start));
    }
  }
}

/** Cuts a moment in a zone. Parts below a day are cut on the zone's clock, too. */
export function truncTimestamp(micros: bigint, part: string, zone: string): bigint {
  if (['MICROSECOND', 'MILLISECOND', 'SECOND', 'MINUTE'].includes(part)) return truncMicros(micros, part);
  const offset = offsetAt(zone, micros);
  if (part === 'HOUR') return truncMicros(micros + offset, part) - offset;
  return fromLocal(zone, truncMicros(micros + offset, part));
}

/** The last day of the part that a day is in. */
export function lastDay(days: number, part: string): number {
  const start = truncDays(days, part);
  const week = weekStart(part);
  if (week !== null) return start + 6;
  if (part === 'ISOYEAR') return isoYearStart(isoWeek(days).year + 1) - 1;
  const months = MONTHS[part];
  return months === undefined
    ? fail(`A valid date part argument is required, but found ${part}`)
    : addMonths(start, months) - 1;
}
