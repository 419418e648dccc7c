import { isList, isObject } from '../../json';
import type { JsonObject, JsonValue } from '../../rules/types';

/**
 * Whether a value meets the expectation of a case. Case of keys does not matter, and columns without expectation are ignored;
 * numbers are compared by value, times by instant. Matchers may replace a value: `{"$any": true}`, `$null`, `$not`, `$len`, `$re`,
 * `$contains`, `$in`, `$day`, `$between`, `$gt`, `$ge`, `$lt`, `$le`.
 *
 * @example matches({ id: 1, at: { $day: '2020-01-02' } }, { ID: 1, at: '2020-01-02T03:04:05Z', more: 'x' }) // true
 * @throws RangeError for an unknown matcher.
 */
export function matches(expected: JsonValue, actual: JsonValue | undefined): boolean {
  if (isList(expected))
    return (
      isList(actual) && actual.length === expected.length && expected.every((item, at) => matches(item, actual[at]))
    );
  if (isObject(expected)) {
    const [first, ...more] = Object.entries(expected);
    if (first?.[0].startsWith('$') && more.length === 0) return satisfies(first[0], first[1], actual);
    if (!isObject(actual)) return false;
    const folded = lowerCased(actual);
    return Object.entries(expected).every(([key, value]) => matches(value, folded[key.toLowerCase()]));
  }
  if (expected === null || actual === null || actual === undefined)
    return expected === null && (actual ?? null) === null;
  if (typeof expected === 'boolean' || typeof actual === 'boolean')
    return String(expected).toLowerCase() === String(actual).toLowerCase();
  const texts = typeof expected === 'string' && typeof actual === 'string';
  if (texts) return expected === actual || sameInstant(expected, actual);
  const [left, right] = [numberOf(expected), numberOf(actual)];
  if (left !== undefined && right !== undefined) return nearlyEqual(left, right);
  return String(expected) === String(actual);
}

/** A row's columns by lower-case name. */
export function lowerCased(row: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value]));
}

function satisfies(matcher: string, argument: JsonValue, actual: JsonValue | undefined): boolean {
  const absent = actual === null || actual === undefined;
  if (matcher === '$any') return !absent;
  if (matcher === '$null') return absent;
  if (matcher === '$not') return !matches(argument, actual);
  if (matcher === '$len') return (isList(actual) || typeof actual === 'string') && actual.length === argument;
  const test = tests[matcher];
  if (!test)
    throw new RangeError(
      `${matcher}: unknown matcher; allowed are $any, $null, $not, $len, ${Object.keys(tests).join(', ')}`,
    );
  return !absent && test(argument, actual);
}

type Test = (argument: JsonValue, actual: JsonValue) => boolean;

const tests: Readonly<Record<string, Test>> = {
  $re: (argument, actual) => patternOf(String(argument)).test(textOf(actual)),
  $contains: (argument, actual) => textOf(actual).includes(String(argument)),
  $in: (argument, actual) => isList(argument) && argument.some((item) => matches(item, actual)),
  $day: (argument, actual) => textOf(actual).slice(0, 10) === argument,
  $between: (argument, actual) =>
    isList(argument) &&
    compared(argument[0], actual, (l, r) => r >= l) &&
    compared(argument[1], actual, (l, r) => r <= l),
  $gt: (argument, actual) => compared(argument, actual, (limit, value) => value > limit),
  $ge: (argument, actual) => compared(argument, actual, (limit, value) => value >= limit),
  $lt: (argument, actual) => compared(argument, actual, (limit, value) => value < limit),
  $le: (argument, actual) => compared(argument, actual, (limit, value) => value <= limit),
};

function compared(
  argument: JsonValue | undefined,
  actual: JsonValue,
  holds: (limit: number, value: number) => boolean,
): boolean {
  const [limit, value] = [numberOf(argument), numberOf(actual)];
  return limit !== undefined && value !== undefined && holds(limit, value);
}

/** A regular expression of a case; a leading `(?i)` makes it ignore case. */
export function patternOf(text: string): RegExp {
  return text.startsWith('(?i)') ? new RegExp(text.slice(4), 'i') : new RegExp(text);
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A value as a number; undefined when it is neither a number nor the text of one. */
export function numberOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

function nearlyEqual(left: number, right: number): boolean {
  return Math.abs(left - right) <= Math.max(1e-9 * Math.max(Math.abs(left), Math.abs(right)), 1e-12);
}

const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d| UTC)$/;

function sameInstant(left: string, right: string): boolean {
  return INSTANT.test(left) && INSTANT.test(right) && Date.parse(left) === Date.parse(right);
}
