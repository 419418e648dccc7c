import {
  DuckDBIntervalValue,
  type DuckDBListValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
} from '@duckdb/node-api';
import { addMonths, DAY_MICROS, splitMicros } from './calendar';
import { MICROS_PER_PART, MONTHS_PER_PART } from './dateParts';
import { define, fail, type RuntimeFunction } from './define';
import { checkMicros } from './timeText';

const PARTS = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'] as const;

function make(months: number, days: number, micros: bigint): DuckDBIntervalValue {
  if (Math.abs(months) > 120_000 || Math.abs(days) > 3_660_000) fail('Interval field value is out of range');
  return new DuckDBIntervalValue(months, days, micros);
}

function of(count: bigint, part: string): DuckDBIntervalValue {
  const months = MONTHS_PER_PART[part];
  if (months !== undefined) return make(Number(count) * months, 0, 0n);
  // An INTERVAL keeps days apart from shorter parts.
  if (part === 'DAY' || part === 'WEEK') return make(0, Number(count) * (part === 'WEEK' ? 7 : 1), 0n);
  const unit = MICROS_PER_PART[part];
  if (unit !== undefined) return make(0, 0, count * unit);
  return fail(`Invalid date part ${part} in INTERVAL`);
}

function clock(text: string): bigint {
  const match = /^([+-]?)(\d+):(\d+):(\d+)(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return fail(`Invalid INTERVAL value '${text}'`);
  const micros =
    ((BigInt(match[2] ?? 0) * 60n + BigInt(match[3] ?? 0)) * 60n + BigInt(match[4] ?? 0)) * 1_000_000n +
    BigInt((match[5] ?? '').padEnd(6, '0').slice(0, 6));
  return match[1] === '-' ? -micros : micros;
}

/** Parses `'1-2 3 4:5:6' YEAR TO SECOND`, or the piece of it from one part to another. */
function parse(text: string, from: string, to: string): DuckDBIntervalValue {
  const [first, last] = [PARTS.indexOf(from as (typeof PARTS)[number]), PARTS.indexOf(to as (typeof PARTS)[number])];
  if (first === last) {
    if (from === 'SECOND')
      return make(0, 0, clock(`${text.startsWith('-') ? '-' : ''}0:0:${text.replace(/^[+-]/, '')}`));
    return /^[+-]?\d+$/.test(text.trim()) ? of(BigInt(text.trim()), from) : fail(`Invalid INTERVAL value '${text}'`);
  }
  if (first < 0 || last < first) return fail(`Invalid INTERVAL value '${text}'`);
  const words = text.trim().split(/\s+/);
  let months = 0;
  let days = 0;
  let micros = 0n;
  if (first <= 1) {
    const word = words.shift() ?? '';
    const sign = word.startsWith('-') ? -1 : 1;
    const numbers = word.replace(/^[+-]/, '').split('-').map(Number);
    months = sign * (first === 0 ? (numbers[0] ?? 0) * 12 + (last >= 1 ? (numbers[1] ?? 0) : 0) : (numbers[0] ?? 0));
  }
  if (first <= 2 && last >= 2) days = Number(words.shift() ?? 0);
  if (last >= 3) {
    const word = words.shift() ?? '0';
    const sign = /^[+-]/.exec(word)?.[0] ?? '';
    const numbers = word.replace(/^[+-]/, '').split(':');
    while (first > 3 && numbers.length < last - first + 1 + (first - 3)) numbers.unshift('0');
    while (numbers.length < 3) numbers.push('0');
    micros = clock(`${sign}${numbers.slice(0, 3).join(':')}`);
  }
  if (words.length > 0 || Number.isNaN(months) || Number.isNaN(days)) return fail(`Invalid INTERVAL value '${text}'`);
  return make(months, days, micros);
}

/** Text of an INTERVAL, e.g. `1-2 3 4:5:6.789`. */
export function intervalText(value: DuckDBIntervalValue): string {
  const months = Math.abs(value.months);
  const micros = value.micros < 0n ? -value.micros : value.micros;
  const seconds = micros / 1_000_000n;
  const fraction = micros % 1_000_000n;
  const digits = fraction === 0n ? '' : `.${fraction.toString().padStart(6, '0').replace(/000$/, '')}`;
  return `${value.months < 0 ? '-' : ''}${Math.floor(months / 12)}-${months % 12} ${value.days} ${value.micros < 0n ? '-' : ''}${seconds / 3600n}:${(seconds / 60n) % 60n}:${seconds % 60n}${digits}`;
}

function iso(text: string): DuckDBIntervalValue {
  const match =
    /^P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)W)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?\d+)(?:\.(\d+))?S)?)?$/.exec(
      text,
    );
  if (match === null) return parse(text, 'YEAR', 'SECOND');
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1, 8).map((one) => Number(one ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const micros =
    BigInt((hours * 60 + minutes) * 60 + seconds) * 1_000_000n + BigInt((match[8] ?? '').padEnd(6, '0').slice(0, 6));
  return make(years * 12 + months, weeks * 7 + days, micros);
}

function addTo(micros: bigint, interval: DuckDBIntervalValue, what: string): bigint {
  const { days, rest } = splitMicros(micros);
  const moved = (interval.months === 0 ? days : addMonths(days, interval.months)) + interval.days;
  return checkMicros(BigInt(moved) * DAY_MICROS + rest + interval.micros, what);
}

function justify(value: DuckDBIntervalValue, what: string): DuckDBIntervalValue {
  let { months, days, micros } = value;
  if (what !== 'DAYS') {
    days += Number(micros / DAY_MICROS);
    micros %= DAY_MICROS;
  }
  if (what !== 'HOURS') {
    months += Math.trunc(days / 30);
    days %= 30;
  }
  if (what === 'INTERVAL' && days > 0 && micros < 0n)
    return new DuckDBIntervalValue(months, days - 1, micros + DAY_MICROS);
  return new DuckDBIntervalValue(months, days, micros);
}

function extract(part: string, value: DuckDBIntervalValue): bigint {
  const seconds = value.micros / 1_000_000n;
  switch (part) {
    case 'YEAR':
      return BigInt(Math.trunc(value.months / 12));
    case 'MONTH':
      return BigInt(value.months % 12);
    case 'DAY':
      return BigInt(value.days);
    case 'HOUR':
      return seconds / 3600n;
    case 'MINUTE':
      return (seconds / 60n) % 60n;
    case 'SECOND':
      return seconds % 60n;
    case 'MILLISECOND':
      return (value.micros / 1000n) % 1000n;
    case 'MICROSECOND':
      return value.micros % 1_000_000n;
    default:
      return fail(`EXTRACT from INTERVAL does not support ${part}`);
  }
}

/** Divides an INTERVAL. Remaining months become days, remaining days microseconds. */
function divided(value: DuckDBIntervalValue, by: bigint): DuckDBIntervalValue {
  if (by === 0n) fail(`division by zero: ${intervalText(value)} / 0`);
  const count = Number(by);
  const months = Math.trunc(value.months / count);
  const days = value.days + (value.months % count) * 30;
  const wholeDays = Math.trunc(days / count);
  return make(months, wholeDays, (value.micros + BigInt(days % count) * DAY_MICROS) / by);
}

function total(list: DuckDBListValue): DuckDBIntervalValue {
  const items = list.items as DuckDBIntervalValue[];
  return items.reduce((sum, one) => make(sum.months + one.months, sum.days + one.days, sum.micros + one.micros));
}

/** Functions of INTERVAL. */
export const INTERVAL_FUNCTIONS: readonly RuntimeFunction[] = [
  define('bq_interval(INT64, STRING) -> INTERVAL', of),
  define('bq_interval_text(STRING, STRING, STRING) -> INTERVAL', parse),
  define('bq_text_to_interval(STRING) -> INTERVAL', iso),
  define('bq_interval_to_text(INTERVAL) -> STRING', intervalText),
  define(
    'bq_make_interval(INT64, INT64, INT64, INT64, INT64, INT64) -> INTERVAL',
    (years: bigint, months: bigint, days: bigint, hours: bigint, minutes: bigint, seconds: bigint) =>
      make(Number(years * 12n + months), Number(days), ((hours * 60n + minutes) * 60n + seconds) * 1_000_000n),
  ),
  define('bq_interval_sum(INTERVAL, INTERVAL) -> INTERVAL', (one: DuckDBIntervalValue, two: DuckDBIntervalValue) =>
    make(one.months + two.months, one.days + two.days, one.micros + two.micros),
  ),
  define('bq_interval_times(INTERVAL, INT64) -> INTERVAL', (value: DuckDBIntervalValue, by: bigint) =>
    make(value.months * Number(by), value.days * Number(by), value.micros * by),
  ),
  define('bq_interval_by(INTERVAL, INT64) -> INTERVAL', divided),
  define('bq_interval_total(ANY) -> INTERVAL', total),
  define('bq_interval_average(ANY) -> INTERVAL', (list: DuckDBListValue) =>
    divided(total(list), BigInt(list.items.length)),
  ),
  define(
    'bq_timestamp_interval(TIMESTAMP, INTERVAL) -> TIMESTAMP',
    (value: DuckDBTimestampTZValue, interval: DuckDBIntervalValue) => {
      if (interval.months !== 0)
        fail('TIMESTAMP +/- INTERVAL is not supported for intervals with non-zero MONTH or YEAR part.');
      return new DuckDBTimestampTZValue(addTo(value.micros, interval, 'timestamp overflow'));
    },
  ),
  define(
    'bq_datetime_interval(DATETIME, INTERVAL) -> DATETIME',
    (value: DuckDBTimestampValue, interval: DuckDBIntervalValue) =>
      new DuckDBTimestampValue(addTo(value.micros, interval, 'datetime overflow')),
  ),
  define('bq_justify(INTERVAL, STRING) -> INTERVAL', justify),
  define('bq_extract_interval(STRING, INTERVAL) -> INT64', extract),
];
