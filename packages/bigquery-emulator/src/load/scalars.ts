import type { TableField } from '@bqtail/googlesql-duckdb';
import { typeOf } from '@bqtail/googlesql-duckdb';
import { DECIMAL, plainDecimal, roundedTo } from './decimalText';
import { NumberText, writeJson } from './jsonText';
import { cannotConvert, RowError } from './rowError';
import { dateText, datetimeText, timestampOfMicros, timestampText, timeText } from './times';

/** A value in the canonical row: JSON, and its logical bytes. */
export interface Fragment {
  json: string;
  bytes: number;
}

/**
 * Converts a JSON value other than null.
 *
 * @param path of the field, for the message.
 * @throws RowError when the value cannot be converted.
 */
export type ScalarCoercion = (value: unknown, path: string) => Fragment;

const MAX_INT = 9_223_372_036_854_775_807n;
const INTEGER = /^[+-]?\d+(?:\.0*)?$/;

const numberText = (value: unknown): string | undefined =>
  typeof value === 'number' ? value.toString() : value instanceof NumberText ? value.text : undefined;

const scalarText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.trim() : numberText(value);

const quotedText = (text: string, bytes = 8): Fragment => ({ json: JSON.stringify(text), bytes });

function integer(value: unknown, path: string): Fragment {
  if (Number.isSafeInteger(value)) return { json: String(value), bytes: 8 };
  const text = scalarText(value);
  const whole = text === undefined ? undefined : wholeOf(text);
  if (whole === undefined || whole > MAX_INT || whole < -MAX_INT - 1n) throw cannotConvert('integer', path, value);
  return { json: whole.toString(), bytes: 8 };
}

/** The integer that a text writes: `12`, `12.0` or `1.2e1`, but not `1.5` or a number that is not exact. */
function wholeOf(text: string): bigint | undefined {
  if (INTEGER.test(text)) return BigInt(text.replace(/\.0*$/, '').replace(/^\+/, ''));
  if (!DECIMAL.test(text) || !/[eE]/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

const SPECIAL: Record<string, string> = {
  nan: 'NaN',
  inf: 'Infinity',
  '+inf': 'Infinity',
  '-inf': '-Infinity',
  infinity: 'Infinity',
  '+infinity': 'Infinity',
  '-infinity': '-Infinity',
};

function float(value: unknown, path: string): Fragment {
  if (typeof value === 'number') return { json: value.toString(), bytes: 8 };
  const text = scalarText(value);
  if (text !== undefined && DECIMAL.test(text) && Number.isFinite(Number(text)))
    return { json: Number(text).toString(), bytes: 8 };
  const special = SPECIAL[text?.toLowerCase() ?? ''];
  if (special === undefined) throw cannotConvert('double', path, value);
  return quotedText(special);
}

const TRUE = new Set(['true', 't', 'yes', 'y', '1']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0']);

function boolean(value: unknown, path: string): Fragment {
  if (typeof value === 'boolean') return { json: String(value), bytes: 1 };
  const text = scalarText(value)?.toLowerCase() ?? '';
  if (TRUE.has(text)) return { json: 'true', bytes: 1 };
  if (FALSE.has(text)) return { json: 'false', bytes: 1 };
  throw cannotConvert('boolean', path, value);
}

function string(value: unknown, path: string): Fragment {
  if (typeof value !== 'string') throw cannotConvert('string', path, value);
  return quotedText(value, 2 + Buffer.byteLength(value));
}

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

function bytes(value: unknown, path: string): Fragment {
  if (typeof value !== 'string' || !BASE64.test(value)) throw cannotConvert('bytes', path, value);
  const data = Buffer.from(value, 'base64');
  return { json: `"${data.toString('hex')}"`, bytes: 2 + data.length };
}

/**
 * Conversion to a decimal type.
 *
 * @param whole its number of digits before the point.
 * @param scale its number of digits after the point.
 * @param size its logical bytes.
 */
function decimal(type: string, whole: number, scale: number, size: number): ScalarCoercion {
  return (value, path) => {
    const text = scalarText(value);
    const plain = text === undefined || !DECIMAL.test(text) ? undefined : plainDecimal(text);
    if (plain === undefined) throw cannotConvert(type, path, value);
    const [before = '', after = ''] = plain.replace(/^[+-]/, '').split('.');
    if (before.replace(/^0+/, '').length > whole) throw cannotConvert(type, path, value);
    if (after.replace(/0+$/, '').length > scale) {
      throw new RowError(`Invalid ${type.toUpperCase()} value: ${text} Field: ${path}; Value: ${text}`);
    }
    return quotedText(plain, size);
  };
}

/** Conversion of a text by `read`, which returns undefined for an invalid one. */
function written(type: string, read: (text: string) => string | undefined): ScalarCoercion {
  return (value, path) => {
    const text = typeof value === 'string' ? read(value) : undefined;
    if (text === undefined) throw cannotConvert(type, path, value);
    return { json: `"${text}"`, bytes: 8 };
  };
}

function timestamp(value: unknown, path: string): Fragment {
  const text = scalarText(value);
  const moment = text === undefined ? undefined : DECIMAL.test(text) ? timestampOfSeconds(text) : timestampText(text);
  if (moment === undefined) throw cannotConvert('timestamp', path, value);
  return { json: `"${moment}"`, bytes: 8 };
}

/**
 * The timestamp of seconds since 1970. As at the service, a number that would be after the year 9999 is read as milliseconds,
 * or as microseconds.
 */
function timestampOfSeconds(text: string): string | undefined {
  const plain = plainDecimal(text);
  if (plain === undefined) return undefined;
  const [whole = '0', fraction = ''] = plain.split('.');
  const seconds = BigInt(whole === '' || whole === '-' || whole === '+' ? '0' : whole);
  const size = seconds < 0n ? -seconds : seconds;
  if (size > 253_402_300_799_999n) return timestampOfMicros(seconds);
  if (size > 253_402_300_799n) return timestampOfMicros(seconds * 1000n);
  const micros = BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  return timestampOfMicros(seconds * 1_000_000n + (plain.startsWith('-') ? -micros : micros));
}

/** Any JSON value, as a string that holds its text: DuckDB reads a plain null as NULL. */
function json(value: unknown, path: string): Fragment {
  if (hasInfinity(value)) throw cannotConvert('json', path, value);
  const text = writeJson(value);
  return quotedText(text, 2 + Buffer.byteLength(text));
}

/** Whether a number in the value is larger than a double. */
function hasInfinity(value: unknown): boolean {
  if (value instanceof NumberText) return !Number.isFinite(Number(value.text));
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInfinity);
}

const INTERVAL = /^([+-]?)(\d{1,5})-(\d{1,2})\s+([+-]?\d{1,7})\s+([+-]?)(\d{1,8}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,6}))?$/;

/** An interval in the service's canonical form `Y-M D H:M:S`, as DuckDB reads it. */
function interval(value: unknown, path: string): Fragment {
  const match = typeof value === 'string' ? INTERVAL.exec(value.trim()) : null;
  if (!match) throw cannotConvert('interval', path, value);
  const [, dateSign, years, months, days, timeSign, hours, minutes, seconds, fraction = ''] = match;
  const total = Number(years) * 12 + Number(months);
  const clock = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  const micros = BigInt(clock) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  if (total > 120_000 || Math.abs(Number(days)) > 3_660_000 || clock > 316_224_000_000) {
    throw cannotConvert('interval', path, value);
  }
  const text = `${dateSign}${total} months ${days} days ${timeSign}${micros} microseconds`;
  return quotedText(text.replaceAll('+', ''), 16);
}

const RANGE = /^\[\s*([^,]+?)\s*,\s*([^,]+?)\s*\)$/;

/** A range `[start, end)`, of which each end may be UNBOUNDED. */
function rangeOf(field: TableField): ScalarCoercion {
  const element = COERCIONS[field.rangeElementType?.type?.toUpperCase() ?? 'DATE'] ?? string;
  return (value, path) => {
    const match = typeof value === 'string' ? RANGE.exec(value.trim()) : null;
    if (!match) throw cannotConvert('range', path, value);
    for (const end of [match[1] ?? '', match[2] ?? '']) {
      if (!/^(?:UNBOUNDED|NULL)$/i.test(end)) element(end, path);
    }
    return quotedText(String(value), 2 + Buffer.byteLength(String(value)));
  };
}

const COERCIONS: Record<string, ScalarCoercion> = {
  STRING: string,
  BYTES: bytes,
  INTEGER: integer,
  FLOAT: float,
  BOOLEAN: boolean,
  NUMERIC: decimal('numeric', 29, 9, 16),
  BIGNUMERIC: decimal('bignumeric', 20, 18, 32),
  DATE: written('date', dateText),
  TIME: written('time', timeText),
  DATETIME: written('datetime', datetimeText),
  TIMESTAMP: timestamp,
  JSON: json,
  GEOGRAPHY: string,
  INTERVAL: interval,
};

/** Conversion of values to the type of a field, without regard to its mode. */
export function scalarCoercion(field: TableField): ScalarCoercion {
  const type = typeOf(field);
  if (field.precision !== undefined && (type === 'NUMERIC' || type === 'BIGNUMERIC')) return decimalWithin(field, type);
  if (type === 'RANGE') return rangeOf(field);
  const coerce = COERCIONS[type] ?? string;
  if (field.maxLength === undefined || (type !== 'STRING' && type !== 'BYTES')) return coerce;
  const most = Number(field.maxLength);
  return (value, path) => {
    const fragment = coerce(value, path);
    const length = type === 'STRING' ? [...String(value)].length : fragment.bytes - 2;
    if (length <= most) return fragment;
    throw new RowError(
      `${type}(${most}) has maximum length ${most} but got a value with length ${length}. Field: ${path}; Value: ${String(value)}`,
    );
  };
}

/** NUMERIC(10, 2): surplus digits after the point are rounded, surplus digits before it are an error. */
function decimalWithin(field: TableField, type: string): ScalarCoercion {
  const scale = Number(field.scale ?? 0);
  const whole = Number(field.precision) - scale;
  const coerce = COERCIONS[type] ?? string;
  return (value, path) => {
    const { json: given, bytes } = coerce(value, path);
    const rounded = roundedTo(String(JSON.parse(given)), scale);
    const before = /^[+-]?0*(\d*)/.exec(rounded)?.[1] ?? '';
    if (before.length > whole) {
      throw new RowError(
        `Invalid ${type}(${field.precision}, ${scale}) value: ${rounded} Field: ${path}; Value: ${rounded}`,
      );
    }
    return { json: JSON.stringify(rounded), bytes };
  };
}
