import { DuckDBDecimalValue, type DuckDBListValue, listValue } from '@duckdb/node-api';
import { define, fail, type RuntimeFunction } from './define';

/** Exact decimal arithmetic. A decimal is a bigint in units of its last decimal place. */

const LIMIT = 10n ** 38n;

function checked(value: bigint, what: string): bigint {
  if (value >= LIMIT || value <= -LIMIT) fail(`${what} overflow`);
  return value;
}

/** Divides and rounds half away from zero. */
export function roundedDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  const rest = value % by;
  const doubled = (rest < 0n ? -rest : rest) * 2n;
  if (doubled < (by < 0n ? -by : by)) return quotient;
  return value < 0n === by < 0n ? quotient + 1n : quotient - 1n;
}

/** Text of a decimal without trailing zeros. */
export function decimalText(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Parses a number to units of the last place, rounded half away from zero; undefined for other texts. */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  const match = /^\s*([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?\s*$/.exec(text);
  if (match === null || (match[2] === '' && match[3] === '')) return undefined;
  const exponent = Number(match[4] ?? 0) - (match[3] ?? '').length + scale;
  if (Math.abs(exponent) > 200) return exponent < 0 ? 0n : undefined;
  const digits = BigInt(`${match[2]}${match[3]}`);
  const value = exponent >= 0 ? digits * 10n ** BigInt(exponent) : roundedDiv(digits, 10n ** BigInt(-exponent));
  return match[1] === '-' ? -value : value;
}

/**
 * Normalizes the input of PARSE_NUMERIC, which may have commas, a separate sign or a trailing sign; empty if invalid.
 */
function plainNumber(text: string): string {
  const match = /^\s*([+-]?)\s*([\d,]*)(\.\d*)?([eE][+-]?\d+)?\s*([+-]?)\s*$/.exec(text);
  const [, leading = '', whole = '', fraction = '', exponent = '', trailing = ''] = match ?? [];
  if (leading !== '' && trailing !== '') return '';
  return `${leading}${trailing}${whole.replaceAll(',', '')}${fraction}${exponent}`;
}

/** The text of a decimal literal for DuckDB; undefined if it is invalid or out of range. */
export function exactDecimal(text: string, scale: number): string | undefined {
  const value = parseDecimal(text, scale);
  if (value === undefined || value >= LIMIT || value <= -LIMIT) return undefined;
  const exact = parseDecimal(text, scale + 40);
  // Refuse more than 18 decimal places, which would be lost.
  if (scale === 18 && exact !== undefined && exact !== value * 10n ** 40n) return undefined;
  return decimalText(value, scale);
}

function roundTo(value: bigint, places: bigint, scale: number, mode: 'round' | 'trunc'): bigint {
  const cut = BigInt(scale) - places;
  if (cut <= 0n) return value;
  if (cut > 80n) return 0n;
  const unit = 10n ** cut;
  return (mode === 'round' ? roundedDiv(value, unit) : value / unit) * unit;
}

/** ROUND with a rounding mode. */
function roundBy(mode: string, value: bigint, places: bigint, scale: number): bigint {
  if (mode === 'ROUND_HALF_AWAY_FROM_ZERO') return roundTo(value, places, scale, 'round');
  if (mode !== 'ROUND_HALF_EVEN') return fail(`Invalid rounding_mode: ${mode}`);
  const away = roundTo(value, places, scale, 'round');
  const zero = roundTo(value, places, scale, 'trunc');
  const step = away - zero;
  const half = (value - zero) * 2n === step;
  return half && step !== 0n && (zero / step) % 2n === 0n ? zero : away;
}

/** Functions of one decimal type. */
function functions(type: 'NUMERIC' | 'BIGNUMERIC', scale: number): RuntimeFunction[] {
  const name = type.toLowerCase();
  const unit = 10n ** BigInt(scale);
  const made = (value: bigint): DuckDBDecimalValue => new DuckDBDecimalValue(checked(value, name), 38, scale);
  const shown = (value: DuckDBDecimalValue) => decimalText(value.value, scale);
  const read = (text: string, value: bigint | undefined) =>
    value === undefined || value >= LIMIT || value <= -LIMIT ? fail(`Invalid ${type} value: ${text}`) : made(value);
  const nonZero = (one: DuckDBDecimalValue, two: DuckDBDecimalValue) =>
    two.value === 0n ? fail(`division by zero: ${shown(one)} / ${shown(two)}`) : two.value;
  const power = (base: DuckDBDecimalValue, exponent: DuckDBDecimalValue): bigint => {
    if (exponent.value % unit !== 0n || exponent.value < 0n || exponent.value > 200n * unit) {
      return (
        parseDecimal(String((Number(base.value) / Number(unit)) ** (Number(exponent.value) / Number(unit))), scale) ??
        fail(`Floating point error in function: POW`)
      );
    }
    let result = unit;
    for (let count = exponent.value / unit; count > 0n; count -= 1n)
      result = checked(roundedDiv(result * base.value, unit), name);
    return result;
  };
  return [
    define(`bq_${name}_multiply(${type}, ${type}) -> ${type}`, (one: DuckDBDecimalValue, two: DuckDBDecimalValue) =>
      made(roundedDiv(one.value * two.value, unit)),
    ),
    define(`bq_${name}_divide(${type}, ${type}) -> ${type}`, (one: DuckDBDecimalValue, two: DuckDBDecimalValue) =>
      made(roundedDiv(one.value * unit, nonZero(one, two))),
    ),
    define(`bq_${name}_div(${type}, ${type}) -> ${type}`, (one: DuckDBDecimalValue, two: DuckDBDecimalValue) =>
      made((one.value / nonZero(one, two)) * unit),
    ),
    define(`bq_${name}_mod(${type}, ${type}) -> ${type}`, (one: DuckDBDecimalValue, two: DuckDBDecimalValue) =>
      made(one.value % nonZero(one, two)),
    ),
    define(`bq_${name}_pow(${type}, ${type}) -> ${type}`, (one: DuckDBDecimalValue, two: DuckDBDecimalValue) =>
      made(power(one, two)),
    ),
    define(`bq_${name}_round(${type}, INT64) -> ${type}`, (value: DuckDBDecimalValue, places: bigint) =>
      made(roundTo(value.value, places, scale, 'round')),
    ),
    define(
      `bq_${name}_round_by(${type}, INT64, STRING) -> ${type}`,
      (value: DuckDBDecimalValue, places: bigint, mode: string) => made(roundBy(mode, value.value, places, scale)),
    ),
    define(`bq_${name}_trunc(${type}, INT64) -> ${type}`, (value: DuckDBDecimalValue, places: bigint) =>
      made(roundTo(value.value, places, scale, 'trunc')),
    ),
    define(`bq_${name}_text(${type}) -> STRING`, (value: DuckDBDecimalValue) => shown(value)),
    define(`bq_${name}_to_int(${type}) -> INT64`, (value: DuckDBDecimalValue) => {
      const whole = roundedDiv(value.value, unit);
      return whole > 9223372036854775807n || whole < -9223372036854775808n
        ? fail(`int64 out of range: ${shown(value)}`)
        : whole;
    }),
    define(`bq_text_to_${name}(STRING) -> ${type}`, (text: string) => read(text, parseDecimal(text, scale))),
    define(`bq_parse_${name}(STRING) -> ${type}`, (text: string) => read(text, parseDecimal(plainNumber(text), scale))),
    define(`bq_float_to_${name}(FLOAT64) -> ${type}`, (value: number) => {
      const exact = Number.isFinite(value) ? parseDecimal(value.toString(), scale) : undefined;
      return exact === undefined || exact >= LIMIT || exact <= -LIMIT
        ? fail(`Illegal conversion of non-finite floating point number to ${name}: ${value}`)
        : made(exact);
    }),
    define(
      `bq_limit_${name}(${type}, INT64, INT64) -> ${type}`,
      (value: DuckDBDecimalValue, precision: bigint, places: bigint) => {
        const rounded = roundTo(value.value, places, scale, 'round');
        const limit = 10n ** (precision - places) * unit;
        return rounded >= limit || rounded <= -limit
          ? fail(
              `${type}(${precision}${places === 0n ? '' : `, ${places}`}) has precision ${precision} and scale ${places} but got a value that is not in range`,
            )
          : made(rounded);
      },
    ),
    define(`bq_${name}_average(ANY) -> ${type}`, (list: DuckDBListValue) => {
      const items = list.items as DuckDBDecimalValue[];
      return items.length === 0
        ? null
        : made(
            roundedDiv(
              items.reduce((sum, item) => sum + item.value, 0n),
              BigInt(items.length),
            ),
          );
    }),
  ];
}

/** Functions of NUMERIC and BIGNUMERIC. */
export const DECIMAL_FUNCTIONS: readonly RuntimeFunction[] = [
  ...functions('NUMERIC', 9),
  ...functions('BIGNUMERIC', 18),
  define(
    'bq_numeric_series(NUMERIC, NUMERIC, NUMERIC) -> NUMERIC[]',
    (start: DuckDBDecimalValue, end: DuckDBDecimalValue, step: DuckDBDecimalValue) => {
      if (step.value === 0n) fail('Sequence step cannot be 0.');
      const items: DuckDBDecimalValue[] = [];
      for (let value = start.value; step.value > 0n ? value <= end.value : value >= end.value; value += step.value)
        items.push(new DuckDBDecimalValue(value, 38, 9));
      return listValue(items);
    },
  ),
];
