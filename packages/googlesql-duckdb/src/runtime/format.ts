import {
  type DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Shape } from '../analysis/shapes';
import { decimalText } from './decimals';
import { define, fail, type RuntimeFunction } from './define';
import { floatText } from './floats';
import { writeJson } from './jsonText';
import { timestampText } from './timeText';
import { plainText, readShape, toJson } from './toJson';

const DIRECTIVE = /%([-+ #0']*)(\*|\d+)?(?:\.(\*|\d+))?([diuoxXfFeEgGsptTP%])/g;

interface Flags {
  readonly left: boolean;
  readonly zero: boolean;
  readonly plus: boolean;
  readonly space: boolean;
  readonly alternate: boolean;
  readonly grouped: boolean;
}

/** FORMAT: printf with BigQuery's `%t` and `%T`. A NULL argument of another element makes the result NULL. */
export function format(pattern: string, shapes: readonly Shape[], args: readonly DuckDBValue[]): string | null {
  let next = 0;
  let nothing = false;
  const take = (): { value: DuckDBValue; shape: Shape } => {
    if (next >= args.length)
      fail(
        `Too few arguments to FORMAT for pattern "${pattern}"; Expected at least ${next + 2}; Got ${args.length + 1}`,
      );
    next += 1;
    return { value: args[next - 1] ?? null, shape: shapes[next - 1] ?? 'STRING' };
  };
  const bad = pattern.replace(DIRECTIVE, '').match(/%(.?)/);
  if (bad !== null) fail(`Invalid format specifier character "${bad[1]}" in FORMAT string: "${pattern}"`);
  const text = pattern.replace(
    DIRECTIVE,
    (_all, flagText: string, widthText: string | undefined, precisionText: string | undefined, kind: string) => {
      if (kind === '%') return '%';
      const flags: Flags = {
        left: flagText.includes('-'),
        zero: flagText.includes('0'),
        plus: flagText.includes('+'),
        space: flagText.includes(' '),
        alternate: flagText.includes('#'),
        grouped: flagText.includes("'"),
      };
      const number = (one: string | undefined) =>
        one === '*' ? Number(take().value) : one === undefined ? undefined : Number(one);
      const width = number(widthText) ?? 0;
      const precision = number(precisionText);
      const { value, shape } = take();
      if (value === null && kind !== 't' && kind !== 'T') {
        nothing = true;
        return '';
      }
      return pad(element(kind, value, shape, flags, precision), width, flags, 'diuoxXfFeEgG'.includes(kind));
    },
  );
  if (next < args.length)
    fail(`Too many arguments to FORMAT for pattern "${pattern}"; Expected ${next + 1}; Got ${args.length + 1}`);
  return nothing ? null : text;
}

function pad(text: string, width: number, flags: Flags, number: boolean): string {
  const missing = Math.abs(width) - [...text].length;
  if (missing <= 0) return text;
  if (flags.left || width < 0) return text + ' '.repeat(missing);
  if (!flags.zero || !number) return ' '.repeat(missing) + text;
  const sign = /^[+\- ]?(0[xX])?/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

function element(kind: string, value: DuckDBValue, shape: Shape, flags: Flags, precision: number | undefined): string {
  switch (kind) {
    case 'd':
    case 'i':
    case 'u':
      return signed(integer(value, kind, shape).toString(), flags, precision);
    case 'o':
    case 'x':
    case 'X': {
      const number = integer(value, kind, shape);
      const plain = (number < 0n ? -number : number).toString(kind === 'o' ? 8 : 16).padStart(precision ?? 0, '0');
      const digits = flags.grouped ? grouped(plain, kind === 'o' ? 3 : 4, kind === 'o' ? ',' : ':') : plain;
      const prefix = flags.alternate && number !== 0n ? { o: '0', x: '0x', X: '0X' }[kind] : '';
      const text = `${number < 0n ? '-' : ''}${prefix}${digits}`;
      return kind === 'X' ? text.toUpperCase() : text;
    }
    case 's':
      if (shape !== 'STRING')
        fail(
          `Invalid type for argument to FORMAT; Expected STRING; Got ${typeof shape === 'string' ? shape : 'ARRAY or STRUCT'}`,
        );
      return precision === undefined ? String(value) : [...String(value)].slice(0, precision).join('');
    case 'p':
    case 'P':
      return writeJson(toJson(value, shape, { stringify: false }), kind === 'P');
    case 't':
      return shown(value, shape, false);
    case 'T':
      return shown(value, shape, true);
    default:
      return floating(kind, value, flags, precision);
  }
}

function integer(value: DuckDBValue, kind: string, shape: Shape): bigint {
  return typeof value === 'bigint'
    ? value
    : fail(
        `Invalid type for argument to FORMAT; Expected integer for %${kind}; Got ${typeof shape === 'string' ? shape : 'ARRAY or STRUCT'}`,
      );
}

function grouped(digits: string, size: number, mark: string): string {
  return digits.replace(new RegExp(`\\B(?=(\\w{${size}})+$)`, 'g'), mark);
}

function signed(text: string, flags: Flags, digits = 0): string {
  const negative = text.startsWith('-');
  let body = (negative ? text.slice(1) : text).padStart(digits, '0');
  if (flags.grouped) body = body.replace(/^\d+/, (whole) => grouped(whole, 3, ','));
  return `${negative ? '-' : flags.plus ? '+' : flags.space ? ' ' : ''}${body}`;
}

function floating(kind: string, value: DuckDBValue, flags: Flags, precision = 6): string {
  const number =
    value instanceof DuckDBDecimalValue
      ? Number(decimalText(value.value, value.scale))
      : typeof value === 'number'
        ? value
        : typeof value === 'bigint'
          ? Number(value)
          : fail(`Invalid type for argument to FORMAT; Expected floating point for %${kind}`);
  const upper = kind === kind.toUpperCase();
  if (!Number.isFinite(number)) {
    const name = Number.isNaN(number) ? 'nan' : number > 0 ? 'inf' : '-inf';
    return signed(upper ? name.toUpperCase() : name, flags);
  }
  const exponent = (text: string) => text.replace(/e([+-])(\d)$/, 'e$10$2');
  let text: string;
  if (kind === 'f' || kind === 'F')
    text =
      value instanceof DuckDBDecimalValue ? fixedDecimal(value, precision) : fixed(number, Math.min(precision, 100));
  else if (kind === 'e' || kind === 'E') text = exponent(scientific(number, Math.min(precision, 100)));
  else text = general(number, precision === 0 ? 1 : precision, flags.alternate, exponent);
  return signed(upper ? text.toUpperCase() : text, flags);
}

/** Rounds ties to even as printf does; JavaScript rounds them away from zero. `exact` has all digits. */
function tiesToEven(rounded: string, exact: string, places: number): string {
  const end = exact.indexOf('.') + 1 + places;
  const cut = exact.slice(0, end).replace(/\.$/, '');
  return /^50*$/.test(exact.slice(end)) && /[02468]$/.test(cut) ? cut : rounded;
}

function fixed(number: number, places: number): string {
  if (Math.abs(number) >= 1e21) return `${BigInt(number)}${places === 0 ? '' : `.${'0'.repeat(places)}`}`;
  return tiesToEven(number.toFixed(places), number.toFixed(100), places);
}

function scientific(number: number, places: number): string {
  const [mantissa = '', power = '0'] = number.toExponential(places).split('e');
  const [exact = '', same] = number.toExponential(100).split('e');
  return `${power === same ? tiesToEven(mantissa, exact, places) : mantissa}e${power}`;
}

function fixedDecimal(value: DuckDBDecimalValue, precision: number): string {
  const [whole = '0', fraction = ''] = decimalText(value.value, value.scale).split('.');
  if (fraction.length > precision) {
    const sign = whole.startsWith('-') ? '-' : '';
    const units =
      BigInt(whole.replace('-', '') + fraction.slice(0, precision)) + ((fraction[precision] ?? '0') >= '5' ? 1n : 0n);
    const digits = String(units).padStart(precision + 1, '0');
    return `${sign}${precision === 0 ? digits : `${digits.slice(0, -precision)}.${digits.slice(-precision)}`}`;
  }
  return precision === 0 ? whole : `${whole}.${fraction.padEnd(precision, '0')}`;
}

function general(number: number, precision: number, alternate: boolean, exponent: (text: string) => string): string {
  const rounded = scientific(number, precision - 1);
  const power = number === 0 ? 0 : Number(rounded.split('e')[1]);
  const small = power < -4 || power >= precision;
  const text = small ? rounded : fixed(number, Math.max(0, precision - 1 - power));
  const [body = '', tail] = text.split('e');
  const cut = alternate || !body.includes('.') ? body : body.replace(/\.?0+$/, '');
  return tail === undefined ? cut : exponent(`${cut}e${tail}`);
}

/** The text of a value for `%t`, or its GoogleSQL literal for `%T` (`sql`). */
function shown(value: DuckDBValue, shape: Shape, sql: boolean): string {
  if (value === null) return 'NULL';
  if (typeof shape !== 'string') {
    if (value instanceof DuckDBListValue && 'array' in shape)
      return `[${value.items.map((item) => shown(item, shape.array, sql)).join(', ')}]`;
    if (value instanceof DuckDBStructValue && 'fields' in shape) {
      const items = Object.values(value.entries).map((item, place) =>
        shown(item ?? null, shape.fields[place]?.[1] ?? 'STRING', sql),
      );
      return `${sql && items.length < 2 ? 'STRUCT' : ''}(${items.join(', ')})`;
    }
  }
  const text = textOf(value, String(shape));
  if (!sql) return text;
  switch (shape) {
    case 'STRING':
      return quoted(text);
    case 'BYTES':
      return `b${quoted(Buffer.from((value as DuckDBBlobValue).bytes).toString('latin1')).replace(UNPRINTABLE, escaped)}`;
    case 'INTERVAL':
      return `INTERVAL ${quoted(text)} YEAR TO SECOND`;
    case 'INT64':
    case 'BOOL':
      return text;
    case 'FLOAT64':
      return /^(nan|-?inf)$/i.test(text)
        ? `CAST("${text.toLowerCase()}" AS FLOAT64)`
        : /[.e]/.test(text)
          ? text
          : `${text}.0`;
    default:
      return `${String(shape)} ${quoted(text)}`;
  }
}

function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return text.includes('"') && !text.includes("'") ? `'${escaped}'` : `"${escaped.replaceAll('"', '\\"')}"`;
}

const UNPRINTABLE = /[^\x20-\x7e]/g;
const escaped = (char: string) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** The text of a value for `%t`. */
export function textOf(value: DuckDBValue, shape: string): string {
  if (typeof value === 'number') return withPoint(floatText(value), value);
  if (value instanceof DuckDBDecimalValue) return decimalText(value.value, value.scale);
  if (value instanceof DuckDBTimestampTZValue) return timestampText(value.micros);
  if (shape === 'BYTES')
    return Buffer.from((value as DuckDBBlobValue).bytes)
      .toString('latin1')
      .replace(UNPRINTABLE, escaped);
  return plainText(value).replace(/^(\d{4}-\d\d-\d\d)T/, shape === 'DATETIME' ? '$1 ' : '$1T');
}

/** Adds `.0` to whole numbers: %t writes 1.0, CAST 1. */
function withPoint(text: string, value: number): string {
  return Number.isFinite(value) && !/[.e]/.test(text) ? `${text}.0` : text;
}

/** The function of FORMAT. */
export const FORMAT_FUNCTIONS: readonly RuntimeFunction[] = [
  define(
    '+bq_format(STRING, STRING, ...) -> STRING',
    (pattern: string | null, shapes: string, ...args: DuckDBValue[]) =>
      pattern === null ? null : format(pattern, readShape(shapes) as unknown as Shape[], args),
  ),
];
