import {
  DuckDBDateValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  listValue,
} from '@duckdb/node-api';
import { DAY_MICROS, daysInMonth, daysOf, floorDiv, splitMicros } from './calendar';
import {
  addToDays,
  addToMicros,
  diffDays,
  diffLocal,
  diffMoments,
  extractPart,
  lastDay,
  MICROS_PER_PART,
  truncDays,
  truncMicros,
  truncTimestamp,
} from './dateParts';
import { define, fail, type RuntimeFunction } from './define';
import { checkDays, checkMicros } from './timeText';
import { fromLocal, offsetAt } from './zones';

const date = (days: number) => new DuckDBDateValue(days);
const datetime = (micros: bigint) => new DuckDBTimestampValue(micros);
const timestamp = (micros: bigint) => new DuckDBTimestampTZValue(micros);
const time = (micros: bigint) => new DuckDBTimeValue(((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS);
const TIME_UNITS: Readonly<Record<string, bigint>> = {
  MICROSECOND: 1n,
  MILLISECOND: 1000n,
  SECOND: 1_000_000n,
  MINUTE: 60_000_000n,
  HOUR: 3_600_000_000n,
};

function timeUnit(part: string): bigint {
  return TIME_UNITS[part] ?? fail(`A valid date part argument is required, but found ${part}`);
}

function makeDate(year: bigint, month: bigint, day: bigint): number {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > daysInMonth(y, m))
    fail(
      `Input calculates to invalid date: ${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`,
    );
  return daysOf(y, m, d);
}

function makeTime(hour: bigint, minute: bigint, second: bigint): bigint {
  if (hour < 0n || hour > 23n || minute < 0n || minute > 59n || second < 0n || second > 59n)
    fail(
      `Input calculates to invalid time: ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}`,
    );
  return ((hour * 60n + minute) * 60n + second) * 1_000_000n;
}

/** The items of GENERATE_DATE_ARRAY and GENERATE_TIMESTAMP_ARRAY. */
function series<T>(start: T, step: bigint, add: (start: T, count: bigint) => T, within: (value: T) => boolean): T[] {
  if (step === 0n) fail('Sequence step cannot be 0.');
  const items: T[] = [];
  for (let value = start; within(value) && items.length < 1_000_000; value = add(start, step * BigInt(items.length)))
    items.push(value);
  return items;
}

/** Start of the bucket that contains a local time. Buckets are counted from `origin`. */
function bucket(micros: bigint, count: bigint, part: string, origin: bigint): bigint {
  if (count <= 0n) fail('Bucket width must be positive');
  const unit = MICROS_PER_PART[part];
  if (unit !== undefined) return origin + floorDiv(micros - origin, unit * count) * unit * count;
  // Months differ in length: estimate the bucket, then correct it.
  const months = Number(count) * (part === 'YEAR' ? 12 : part === 'QUARTER' ? 3 : 1);
  let step = floorDiv(micros - origin, 2_629_746_000_000n * BigInt(months));
  const at = (steps: bigint) => addToMicros(origin, steps * count, part, 'Bucket is out of range');
  while (at(step) > micros) step -= 1n;
  while (at(step + 1n) <= micros) step += 1n;
  return at(step);
}

/** Functions of date and time arithmetic. */
export const DATETIME_FUNCTIONS: readonly RuntimeFunction[] = [
  define(
    'bq_bucket(DATETIME, INT64, STRING, DATETIME) -> DATETIME',
    (value: DuckDBTimestampValue, count: bigint, part: string, origin: DuckDBTimestampValue) =>
      datetime(bucket(value.micros, count, part, origin.micros)),
  ),
  define('bq_date_add(DATE, INT64, STRING) -> DATE', (value: DuckDBDateValue, count: bigint, part: string) =>
    date(addToDays(value.days, count, part, `Adding ${count} ${part} to date overflowed`)),
  ),
  define(
    'bq_datetime_add(DATETIME, INT64, STRING) -> DATETIME',
    (value: DuckDBTimestampValue, count: bigint, part: string) =>
      datetime(addToMicros(value.micros, count, part, `Adding ${count} ${part} to datetime overflowed`)),
  ),
  define(
    'bq_timestamp_add(TIMESTAMP, INT64, STRING) -> TIMESTAMP',
    (value: DuckDBTimestampTZValue, count: bigint, part: string) => {
      const unit = part === 'WEEK' ? undefined : MICROS_PER_PART[part];
      return unit === undefined
        ? fail(`TIMESTAMP_ADD does not support the ${part} date part when the argument is TIMESTAMP type`)
        : timestamp(checkMicros(value.micros + count * unit, `Adding ${count} ${part} to timestamp overflowed`));
    },
  ),
  define('bq_time_add(TIME, INT64, STRING) -> TIME', (value: DuckDBTimeValue, count: bigint, part: string) =>
    time(value.micros + count * timeUnit(part)),
  ),
  define('bq_date_trunc(DATE, STRING) -> DATE', (value: DuckDBDateValue, part: string) =>
    date(truncDays(value.days, part)),
  ),
  define('bq_datetime_trunc(DATETIME, STRING) -> DATETIME', (value: DuckDBTimestampValue, part: string) =>
    datetime(truncMicros(value.micros, part)),
  ),
  define(
    'bq_timestamp_trunc(TIMESTAMP, STRING, STRING) -> TIMESTAMP',
    (value: DuckDBTimestampTZValue, part: string, zone: string) => timestamp(truncTimestamp(value.micros, part, zone)),
  ),
  define('bq_time_trunc(TIME, STRING) -> TIME', (value: DuckDBTimeValue, part: string) =>
    time((value.micros / timeUnit(part)) * timeUnit(part)),
  ),
  define('bq_date_diff(DATE, DATE, STRING) -> INT64', (one: DuckDBDateValue, two: DuckDBDateValue, part: string) =>
    diffDays(one.days, two.days, part),
  ),
  define(
    'bq_datetime_diff(DATETIME, DATETIME, STRING) -> INT64',
    (one: DuckDBTimestampValue, two: DuckDBTimestampValue, part: string) => diffLocal(one.micros, two.micros, part),
  ),
  define(
    'bq_timestamp_diff(TIMESTAMP, TIMESTAMP, STRING) -> INT64',
    (one: DuckDBTimestampTZValue, two: DuckDBTimestampTZValue, part: string) =>
      diffMoments(one.micros, two.micros, part),
  ),
  define(
    'bq_time_diff(TIME, TIME, STRING) -> INT64',
    (one: DuckDBTimeValue, two: DuckDBTimeValue, part: string) =>
      one.micros / timeUnit(part) - two.micros / timeUnit(part),
  ),
  define('bq_extract_date(STRING, DATE) -> INT64', (part: string, value: DuckDBDateValue) =>
    extractPart(value.days, 0n, part),
  ),
  define('bq_extract_datetime(STRING, DATETIME) -> INT64', (part: string, value: DuckDBTimestampValue) => {
    const { days, rest } = splitMicros(value.micros);
    return extractPart(days, rest, part);
  }),
  define(
    'bq_extract_timestamp(STRING, TIMESTAMP, STRING) -> INT64',
    (part: string, value: DuckDBTimestampTZValue, zone: string) => {
      const { days, rest } = splitMicros(value.micros + offsetAt(zone, value.micros));
      return extractPart(days, rest, part);
    },
  ),
  define('bq_extract_time(STRING, TIME) -> INT64', (part: string, value: DuckDBTimeValue) =>
    extractPart(0, value.micros, part),
  ),
  define('bq_local(TIMESTAMP, STRING) -> DATETIME', (value: DuckDBTimestampTZValue, zone: string) =>
    datetime(value.micros + offsetAt(zone, value.micros)),
  ),
  define('bq_moment(DATETIME, STRING) -> TIMESTAMP', (value: DuckDBTimestampValue, zone: string) =>
    timestamp(fromLocal(zone, value.micros)),
  ),
  define('bq_date_of(DATETIME) -> DATE', (value: DuckDBTimestampValue) => date(splitMicros(value.micros).days)),
  define(
    'bq_time_of(DATETIME) -> TIME',
    (value: DuckDBTimestampValue) => new DuckDBTimeValue(splitMicros(value.micros).rest),
  ),
  define('bq_datetime_of(DATE, TIME) -> DATETIME', (day: DuckDBDateValue, clock: DuckDBTimeValue) =>
    datetime(BigInt(day.days) * DAY_MICROS + clock.micros),
  ),
  define('bq_make_date(INT64, INT64, INT64) -> DATE', (year: bigint, month: bigint, day: bigint) =>
    date(makeDate(year, month, day)),
  ),
  define(
    'bq_make_time(INT64, INT64, INT64) -> TIME',
    (hour: bigint, minute: bigint, second: bigint) => new DuckDBTimeValue(makeTime(hour, minute, second)),
  ),
  define('bq_last_day(DATE, STRING) -> DATE', (value: DuckDBDateValue, part: string) =>
    date(lastDay(value.days, part)),
  ),
  define('bq_date_from_unix(INT64) -> DATE', (days: bigint) =>
    date(checkDays(Number(days), `DATE_FROM_UNIX_DATE range is 0001-01-01 to 9999-12-31, but saw ${days}`)),
  ),
  define('bq_unix_date(DATE) -> INT64', (value: DuckDBDateValue) => BigInt(value.days)),
  define('bq_timestamp_of(INT64, INT64) -> TIMESTAMP', (count: bigint, unit: bigint) =>
    timestamp(checkMicros(count * unit, `Input timestamp is out of range: ${count}`)),
  ),
  define('bq_unix_of(TIMESTAMP, INT64) -> INT64', (value: DuckDBTimestampTZValue, unit: bigint) =>
    floorDiv(value.micros, unit),
  ),
  define(
    'bq_date_series(DATE, DATE, INT64, STRING) -> DATE[]',
    (start: DuckDBDateValue, end: DuckDBDateValue, step: bigint, part: string) =>
      listValue(
        series(
          start.days,
          step,
          (from, count) => addToDays(from, count, part, 'overflow'),
          (day) => (step > 0n ? day <= end.days : day >= end.days),
        ).map(date),
      ),
  ),
  define(
    'bq_timestamp_series(TIMESTAMP, TIMESTAMP, INT64, STRING) -> TIMESTAMP[]',
    (start: DuckDBTimestampTZValue, end: DuckDBTimestampTZValue, step: bigint, part: string) =>
      listValue(
        series(
          start.micros,
          step,
          (from, count) => addToMicros(from, count, part, 'overflow'),
          (at) => (step > 0n ? at <= end.micros : at >= end.micros),
        ).map(timestamp),
      ),
  ),
];
