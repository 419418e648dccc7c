import type { TableField } from '@bqtail/googlesql-duckdb';
import { typeOf } from '@bqtail/googlesql-duckdb';
import { NumberText, writeJson } from './jsonText';
import { cannotConvert, RowError } from './rowError';
import { dateText, datetimeText, timestampOfMicros, timestampText, timeText } from './times';

/** What a value becomes in the canonical row: a JSON fragment, and its logical bytes. */
export interface Fragment {
  json: string;
  bytes: number;
}

/** Turns one JSON value, never null, into a fragment. */
export type ScalarCoercion = (value: unknown, path: string) => Fragment;

const MAX_INT = 9_223_372_036_854_775_807n;
const INTEGER = /^[+-]?\d+(?:\.0*)?$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const numberText = (value: unknown): string | null =>
  typeof value === 'number' ? value.toString() : value instanceof NumberText ? value.text : null;

const scalarText = (value: unknown): string | null => (typeof value === 'string' ? value.trim() : numberText(value));

const quotedText = (text: string, bytes = 8): Fragment => ({ json: JSON.stringify(text), bytes });

function integer(value: unknown, path: string): Fragment {
  if (Number.isSafeInteger(value)) return { json: String(value), bytes: 8 };
  const text = scalarText(value);
  const whole = text === null ? null : wholeOf(text);
  if (whole === null || whole > MAX_INT || whole < -MAX_INT - 1n) throw cannotConvert('integer', path, value);
  return { json: whole.toString(), bytes: 8 };
}

/** `12`, `12.0` and `1.2e1` are whole numbers; `1.5` and a number with no exact text are none. */
function wholeOf(text: string): bigint | null {
  if (INTEGER.test(text)) return BigInt(text.replace(/\.0*$/, '').replace(/^\+/, ''));
  if (!DECIMAL.test(text) || !/[eE]/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? BigInt(value) : null;
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
  if (text !== null && DECIMAL.test(text) && Number.isFinite(Number(text)))
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

/** Coercion to a decimal of so many digits before and after the point. */
function decimal(type: string, whole: number, scale: number, size: number): ScalarCoercion {
  return (value, path) => {
    const text = scalarText(value);
    const plain = text === null || !DECIMAL.test(text) ? null : plainDecimal(text);
    if (plain === null) throw cannotConvert(type, path, value);
    const [before = '', after = ''] = plain.replace(/^[+-]/, '').split('.');
    if (before.replace(/^0+/, '').length > whole) throw cannotConvert(type, path, value);
    if (after.replace(/0+$/, '').length > scale) {
      throw new RowError(`Invalid ${type.toUpperCase()} value: ${text} Field: ${path}; Value: ${text}`);
    }
    return quotedText(plain, size);
  };
}

/** The decimal without its exponent; null when that would be absurdly long. */
function plainDecimal(text: string): string | null {
  const [mantissa = '', exponent] = text.toLowerCase().split('e');
  if (exponent === undefined) return mantissa;
  const shift = Number(exponent);
  if (Math.abs(shift) > 80) return null;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${fraction}${'0'.repeat(Math.max(0, shift))}`;
  const point = Math.max(0, -shift) + whole.length + shift;
  return `${sign}${digits.slice(0, point) || '0'}.${digits.slice(point) || '0'}`;
}

/** Coercion of a text that `read` understands. */
function written(type: string, read: (text: string) => string | null): ScalarCoercion {
  return (value, path) => {
    const text = typeof value === 'string' ? read(value) : null;
    if (text === null) throw cannotConvert(type, path, value);
    return { json: `"${text}"`, bytes: 8 };
  };
}

function timestamp(value: unknown, path: string): Fragment {
  const text = scalarText(value);
  const moment = text === null ? null : DECIMAL.test(text) ? timestampOfSeconds(text) : timestampText(text);
  if (moment === null) throw cannotConvert('timestamp', path, value);
  return { json: `"${moment}"`, bytes: 8 };
}

/** Seconds since 1970 with or without a fraction; or milli- or microseconds, when they would be far in the future. */
function timestampOfSeconds(text: string): string | null {
  const plain = plainDecimal(text);
  if (plain === null) return null;
  const [whole = '0', fraction = ''] = plain.split('.');
  const seconds = BigInt(whole === '' || whole === '-' || whole === '+' ? '0' : whole);
  const size = seconds < 0n ? -seconds : seconds;
  if (size > 253_402_300_799_999n) return timestampOfMicros(seconds);
  if (size > 253_402_300_799n) return timestampOfMicros(seconds * 1000n);
  const micros = BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  return timestampOfMicros(seconds * 1_000_000n + (plain.startsWith('-') ? -micros : micros));
}

/** Any JSON value; `{"a":1}` may also come as text. */
function json(value: unknown): Fragment {
  const text = writeJson(value);
  return { json: text, bytes: 2 + Buffer.byteLength(text) };
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
  INTERVAL: string,
  RANGE: string,
};

/** How values of a field's type are read, apart from its mode. */
export function scalarCoercion(field: TableField): ScalarCoercion {
  const type = typeOf(field);
  if (field.precision !== undefined && (type === 'NUMERIC' || type === 'BIGNUMERIC')) return decimalWithin(field, type);
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

/** NUMERIC(10, 2): more digits after the point are rounded away, more before it are too many. */
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

/** Rounds a plain decimal; halves go away from zero. */
function roundedTo(text: string, scale: number): string {
  const negative = text.startsWith('-');
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  if (fraction.length <= scale) return text;
  const units = BigInt(`${whole}${fraction.slice(0, scale)}` || '0') + (Number(fraction[scale]) >= 5 ? 1n : 0n);
  const digits = units.toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  const result = scale > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
  return negative ? `-${result}` : result;
}
