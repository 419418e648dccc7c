import { type DuckDBListValue, DuckDBStructValue, type DuckDBValue, listValue } from '@duckdb/node-api';
import { define, fail, type RuntimeFunction } from './define';

/** Text of a FLOAT64 in CAST: the shortest unique digits, with an exponent where %g has one. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return '0';
  const [digits = '0', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  const precision = digits.replace(/[-.]/g, '').length > 15 ? 17 : 15;
  if (exponent < -4 || exponent >= precision)
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  return expanded(digits, exponent);
}

function expanded(digits: string, exponent: number): string {
  const sign = digits.startsWith('-') ? '-' : '';
  const plain = digits.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${plain}`;
  const whole = plain.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = plain.slice(exponent + 1);
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Parses a FLOAT64; undefined for other texts. */
export function parseFloat64(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed)) return Number(trimmed);
  if (/^[+-]?inf(inity)?$/i.test(trimmed))
    return trimmed.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^nan$/i.test(trimmed) ? Number.NaN : undefined;
}

/** Parses an INT64; undefined for other texts. */
export function parseInt64(text: string): bigint | undefined {
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|\d+)\s*$/.exec(text);
  if (match === null) return undefined;
  const value = BigInt(match[2] ?? '0') * (match[1] === '-' ? -1n : 1n);
  return value > 9223372036854775807n || value < -9223372036854775808n ? undefined : value;
}

/** Rounds half away from zero at a decimal place, based on the shortest unique digits of the number. */
function round(value: number, places: number, up: boolean): number {
  if (!Number.isFinite(value) || places > 300) return value;
  if (places === 0) return up ? Math.sign(value) * Math.floor(Math.abs(value) + 0.5) : Math.trunc(value);
  const factor = 10 ** Math.abs(places);
  const scaled = places > 0 ? Math.abs(value) * factor : Math.abs(value) / factor;
  if (!Number.isFinite(scaled)) return value;
  const whole = up ? Math.round(Number(scaled.toPrecision(15))) : Math.floor(Number(scaled.toPrecision(15)));
  return Math.sign(value) * Number(`${whole}e${-places}`);
}

/** Returns the result, or fails with BigQuery's error if finite arguments give an infinite or NaN result. */
function finite(result: number, name: string, ...args: number[]): number {
  if (!Number.isFinite(result) && args.every(Number.isFinite))
    fail(`Floating point error in function: ${name}(${args.map(floatText).join(', ')})`);
  return result;
}

const MATH: Readonly<Record<string, (x: number) => number>> = {
  COS: Math.cos,
  COSH: Math.cosh,
  ACOS: Math.acos,
  ACOSH: Math.acosh,
  SIN: Math.sin,
  SINH: Math.sinh,
  ASIN: Math.asin,
  ASINH: Math.asinh,
  TAN: Math.tan,
  TANH: Math.tanh,
  ATAN: Math.atan,
  ATANH: Math.atanh,
  COT: (x) => 1 / Math.tan(x),
  COTH: (x) => 1 / Math.tanh(x),
  CSC: (x) => 1 / Math.sin(x),
  CSCH: (x) => 1 / Math.sinh(x),
  SEC: (x) => 1 / Math.cos(x),
  SECH: (x) => 1 / Math.cosh(x),
};

const SIGNS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
};
const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function distances(one: DuckDBListValue, two: DuckDBListValue): { a: number[]; b: number[] } {
  const sides = [one, two].map(({ items }) => {
    if (items.includes(null)) fail('Cannot compute a distance of arrays with NULL elements');
    return items;
  });
  if (sides.some(([first]) => first instanceof DuckDBStructValue)) return sparseDistances(sides);
  const [a = [], b = []] = sides as number[][];
  if (a.length !== b.length)
    fail(
      `Array arguments to distance function must be of equal length, but are of lengths ${a.length} and ${b.length}`,
    );
  return { a, b };
}

/** Converts sparse vectors, pairs of dimension and number, to dense ones. Missing dimensions are 0. */
function sparseDistances(sides: ReadonlyArray<readonly DuckDBValue[]>): { a: number[]; b: number[] } {
  const maps = sides.map((items) => {
    const numbers = new Map<DuckDBValue, number>();
    for (const item of items) {
      const [key = null, number] = Object.values((item as DuckDBStructValue).entries);
      if (key === null || typeof number !== 'number') return fail('Cannot compute a distance of NULLs');
      if (numbers.has(key)) fail(`Duplicate index ${key} found in the input array`);
      numbers.set(key, number);
    }
    return numbers;
  });
  const keys = [...new Set(maps.flatMap((numbers) => [...numbers.keys()]))];
  const [a = [], b = []] = maps.map((numbers) => keys.map((key) => numbers.get(key) ?? 0));
  return { a, b };
}

/** Functions of FLOAT64 and INT64. */
export const FLOAT_FUNCTIONS: readonly RuntimeFunction[] = [
  define('bq_divide(FLOAT64, FLOAT64) -> FLOAT64', (a: number, b: number) =>
    b === 0 ? fail(`division by zero: ${floatText(a)} / ${floatText(b)}`) : overflowing(a / b, a, '/', b),
  ),
  define('bq_multiply(FLOAT64, FLOAT64) -> FLOAT64', (a: number, b: number) => overflowing(a * b, a, '*', b)),
  define('bq_finite(FLOAT64, FLOAT64, STRING) -> FLOAT64', (a: number, b: number, op: string) =>
    overflowing(SIGNS[op]?.(a, b) ?? 0, a, op, b),
  ),
  define(
    'bq_compare_floats(FLOAT64, FLOAT64, STRING) -> BOOL',
    (a: number, b: number, op: string) => COMPARE[op]?.(a, b) ?? false,
  ),
  define('bq_ieee_divide(FLOAT64, FLOAT64) -> FLOAT64', (a: number, b: number) => a / b),
  define('bq_div(INT64, INT64) -> INT64', (a: bigint, b: bigint) =>
    b === 0n
      ? fail(`division by zero: ${a} / ${b}`)
      : b === -1n && a === -9223372036854775808n
        ? fail(`int64 overflow: ${a} / ${b}`)
        : a / b,
  ),
  define('bq_mod(INT64, INT64) -> INT64', (a: bigint, b: bigint) =>
    b === 0n ? fail(`division by zero: ${a} / ${b}`) : a % b,
  ),
  define('bq_abs_int(INT64) -> INT64', (a: bigint) =>
    a === -9223372036854775808n ? fail(`int64 overflow: ABS(${a})`) : a < 0n ? -a : a,
  ),
  define('bq_shift(INT64, INT64, STRING) -> INT64', (a: bigint, by: bigint, op: string) => {
    if (by < 0n)
      fail(
        `Bitwise binary operator ${op === '<<' ? '<<' : '>>'} requires its second operand to be non-negative, but got ${by}`,
      );
    if (by >= 64n) return 0n;
    return op === '<<' ? BigInt.asIntN(64, a << by) : BigInt.asIntN(64, BigInt.asUintN(64, a) >> by);
  }),
  define('bq_sign(FLOAT64) -> FLOAT64', (x: number) => Math.sign(x)),
  define('bq_sqrt(FLOAT64) -> FLOAT64', (x: number) =>
    x < 0 ? fail(`Argument to SQRT cannot be negative: ${floatText(x)}`) : Math.sqrt(x),
  ),
  define('bq_cbrt(FLOAT64) -> FLOAT64', (x: number) => Math.cbrt(x)),
  define('bq_pow(FLOAT64, FLOAT64) -> FLOAT64', (a: number, b: number) => {
    // In C and BigQuery the result is 1, in JavaScript NaN.
    if (a === 1 || (a === -1 && !Number.isFinite(b) && !Number.isNaN(b))) return 1;
    return finite(a ** b, 'POW', a, b);
  }),
  define('bq_exp(FLOAT64) -> FLOAT64', (x: number) => finite(Math.exp(x), 'EXP', x)),
  define('bq_log(FLOAT64, STRING) -> FLOAT64', (x: number, name: string) =>
    x <= 0
      ? fail(`Floating point error in function: ${name}(${floatText(x)})`)
      : name === 'LOG10'
        ? Math.log10(x)
        : Math.log(x),
  ),
  define('bq_log_base(FLOAT64, FLOAT64) -> FLOAT64', (x: number, base: number) => {
    if (x <= 0 || base <= 0 || base === 1)
      fail(`Floating point error in function: LOG(${floatText(x)}, ${floatText(base)})`);
    if (base === 10) return Math.log10(x);
    return base === 2 ? Math.log2(x) : Math.log(x) / Math.log(base);
  }),
  define('bq_math(FLOAT64, STRING) -> FLOAT64', (x: number, name: string) => {
    const result = MATH[name]?.(x) ?? Number.NaN;
    if (
      (Number.isNaN(result) || !Number.isFinite(result)) &&
      !Number.isNaN(x) &&
      (Number.isFinite(x) || Number.isNaN(result))
    )
      fail(`Floating point error in function: ${name}(${floatText(x)})`);
    return result;
  }),
  define('bq_round(FLOAT64, INT64) -> FLOAT64', (x: number, places: bigint) => round(x, Number(places), true)),
  define('bq_trunc(FLOAT64, INT64) -> FLOAT64', (x: number, places: bigint) => round(x, Number(places), false)),
  define('bq_float_text(FLOAT64) -> STRING', floatText),
  define(
    'bq_text_to_float(STRING) -> FLOAT64',
    (text: string) => parseFloat64(text) ?? fail(`Bad double value: ${text}`),
  ),
  define('bq_text_to_int(STRING) -> INT64', (text: string) => parseInt64(text) ?? fail(`Bad int64 value: ${text}`)),
  define('bq_text_to_bool(STRING) -> BOOL', (text: string) =>
    /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : fail(`Bad bool value: ${text}`),
  ),
  define('bq_float_to_int(FLOAT64) -> INT64', (x: number) => {
    const whole = round(x, 0, true);
    if (!Number.isFinite(whole) || whole >= 2 ** 63 || whole < -(2 ** 63))
      fail(
        `Illegal conversion of non-finite floating point number to an integer: ${floatText(x)}`.replace(
          /^Illegal.*$/,
          (all) => (Number.isFinite(x) ? `int64 out of range: ${floatText(x)}` : all),
        ),
      );
    return BigInt(whole);
  }),
  define('bq_float_extreme(ANY, STRING) -> FLOAT64', (list: DuckDBListValue, name: string) => {
    const items = (list.items as Array<number | null>).filter((item) => item !== null);
    if (items.length === 0) return null;
    if (items.some(Number.isNaN)) return Number.NaN;
    return items.reduce((best, item) => ((name === 'min') === item < best ? item : best));
  }),
  define('bq_int_series(INT64, INT64, INT64) -> INT64[]', (start: bigint, end: bigint, step: bigint) => {
    if (step === 0n) fail('Sequence step cannot be 0.');
    const items: bigint[] = [];
    for (let value = start; step > 0n ? value <= end : value >= end; value += step) items.push(value);
    return listValue(items);
  }),
  define('bq_float_series(FLOAT64, FLOAT64, FLOAT64) -> FLOAT64[]', (start: number, end: number, step: number) => {
    if (step === 0) fail('Sequence step cannot be 0.');
    const items: number[] = [];
    for (let value = start; step > 0 ? value <= end : value >= end; value = start + step * items.length)
      items.push(value);
    return listValue(items);
  }),
  define('bq_cosine_distance(ANY, ANY) -> FLOAT64', (one: DuckDBListValue, two: DuckDBListValue) => {
    const { a, b } = distances(one, two);
    const dot = a.reduce((sum, x, place) => sum + x * (b[place] ?? 0), 0);
    const [long, wide] = [Math.hypot(...a), Math.hypot(...b)];
    if (long === 0 || wide === 0) fail('Cannot compute cosine distance against zero vector.');
    return 1 - dot / (long * wide);
  }),
  define('bq_euclidean_distance(ANY, ANY) -> FLOAT64', (one: DuckDBListValue, two: DuckDBListValue) => {
    const { a, b } = distances(one, two);
    return Math.hypot(...a.map((x, place) => x - (b[place] ?? 0)));
  }),
];

function overflowing(result: number, a: number, op: string, b: number): number {
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b))
    fail(`double overflow: ${floatText(a)} ${op} ${floatText(b)}`);
  return result;
}
