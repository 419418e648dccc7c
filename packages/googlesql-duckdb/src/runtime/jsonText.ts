import { fail } from './define';
import { parseJson } from './jsonParser';
import { type Json, JsonNumber } from './jsonValue';

export { type Json, JsonNumber } from './jsonValue';

/** JSON as text, the only form in which numbers keep all digits. */

/** Writes a JSON value without blanks; `pretty` adds those of TO_JSON_STRING(x, true). */
export function writeJson(value: Json, pretty = false, indent = ''): string {
  if (value === null) return 'null';
  if (value instanceof JsonNumber) return value.text;
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return String(value);
  const inner = `${indent}  `;
  const entries = Array.isArray(value)
    ? value.map((item) => writeJson(item, pretty, inner))
    : [...value].map(([key, item]) => `${quote(key)}:${pretty ? ' ' : ''}${writeJson(item, pretty, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return `${open}${close}`;
  return pretty
    ? `${open}\n${entries.map((entry) => inner + entry).join(',\n')}\n${indent}${close}`
    : `${open}${entries.join(',')}${close}`;
}

function quote(text: string): string {
  return JSON.stringify(text)
    .replaceAll('\u007f', '\\u007f')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** A number as BigQuery stores it: a whole number, or the shortest text of its FLOAT64. */
export function canonicalNumber(text: string): string {
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text);
    if (value >= -9223372036854775808n && value <= 18446744073709551615n) return text === '-0' ? '-0.0' : text;
  }
  const number = Number(text);
  const shortest = String(number);
  if (/e/.test(shortest)) return shortest;
  return Number.isInteger(number) && !shortest.includes('.') ? `${shortest}.0` : shortest;
}

/** Sign, digits and power of ten of a number's text. They are equal for equal numbers. */
function decimalParts(text: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '0' : `${sign}${kept}e${Number(power) - fraction.length + digits.length - kept.length}`;
}

/** Returns the value, or fails if a number in it would lose digits. */
export function exact(value: Json): Json {
  if (value instanceof JsonNumber && decimalParts(canonicalNumber(value.text)) !== decimalParts(value.text))
    return fail(`Input number: ${value.text} cannot round-trip through string representation`);
  if (Array.isArray(value)) value.forEach(exact);
  else if (value instanceof Map) for (const item of value.values()) exact(item);
  return value;
}

/** A JSON document in BigQuery's stored form, without blanks and with sorted keys; undefined for invalid JSON. */
export function canonicalJson(text: string): string | undefined {
  const parsed = parseJson(text);
  return parsed === undefined ? undefined : writeJson(canonical(parsed.value));
}

/** Sorts keys and shortens numbers. */
export function canonical(value: Json): Json {
  if (value instanceof JsonNumber) return new JsonNumber(canonicalNumber(value.text));
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Map)
    return new Map(
      [...value]
        .sort(([one], [two]) => (one < two ? -1 : one > two ? 1 : 0))
        .map(([key, item]) => [key, canonical(item)]),
    );
  return value;
}
