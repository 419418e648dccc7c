import { type DuckDBListValue, listValue } from '@duckdb/node-api';
import { define, fail, type RuntimeFunction } from './define';

/** Splits a text into code points, the unit of BigQuery's string functions. */
const points = (text: string): string[] => (/[\ud800-\udfff]/.test(text) ? [...text] : text.split(''));

/** Start and end indexes of SUBSTR in a sequence of `size`. */
export function slice(size: number, position: bigint, length: bigint): { start: number; end: number } {
  if (length < 0n) fail('Third argument in SUBSTR() cannot be negative');
  const from = position > 0n ? position - 1n : position === 0n ? 0n : BigInt(size) + position;
  const start = from < 0n ? 0n : from;
  // A position before the start means the start, with the full length.
  const end = start + length;
  return { start: Number(start), end: end > BigInt(size) ? size : Number(end) };
}

/** Position of an occurrence, from 1; 0 if there is none. A negative position searches backwards. */
export function instr(
  size: number,
  length: number,
  matches: (at: number) => boolean,
  position: bigint,
  occurrence: bigint,
): bigint {
  if (position === 0n) fail('The 3rd argument (position) must not be 0.');
  if (occurrence < 1n) fail('The 4th argument (occurrence) must not be 0 or negative.');
  let left = occurrence;
  const forward = position > 0n;
  const first = forward ? Number(position) - 1 : Math.min(size + Number(position), size - length);
  for (let at = first; forward ? at <= size - length : at >= 0; at += forward ? 1 : -1) {
    if (matches(at)) {
      left -= 1n;
      if (left === 0n) return BigInt(at + 1);
    }
  }
  return 0n;
}

function trimmed<T>(items: readonly T[], drop: (item: T) => boolean, side: string): { start: number; end: number } {
  let start = 0;
  let end = items.length;
  if (side !== 'right') while (start < end && drop(items[start] as T)) start += 1;
  if (side !== 'left') while (end > start && drop(items[end - 1] as T)) end -= 1;
  return { start, end };
}

function pad(text: string, length: bigint, pattern: string, left: boolean): string {
  if (length < 0n) fail('Second argument (output size) for LPAD/RPAD cannot be negative');
  if (pattern === '') fail('Third argument (pad pattern) for LPAD/RPAD cannot be empty');
  const chars = points(text);
  const size = Number(length);
  if (chars.length >= size) return chars.slice(0, size).join('');
  const fill = points(pattern);
  const padding = Array.from({ length: size - chars.length }, (_, place) => fill[place % fill.length]).join('');
  return left ? padding + text : text + padding;
}

const INITCAP_DELIMITERS = ' \t\r\n\v\f\u0085[](){}/|<>!?@"^#$&~_,.:;*%+-=\'\\';

function initcap(text: string, delimiters: string): string {
  let start = true;
  let out = '';
  for (const char of text) {
    out += start ? char.toUpperCase() : char.toLowerCase();
    start = delimiters.includes(char);
  }
  return out;
}

const SOUNDS: Readonly<Record<string, string>> = Object.fromEntries(
  ['BFPV', 'CGJKQSXZ', 'DT', 'L', 'MN', 'R'].flatMap((letters, place) =>
    [...letters].map((letter) => [letter, String(place + 1)]),
  ),
);

/** SOUNDEX. Other characters than letters are skipped. Equal codes separated by a vowel count twice, by H or W once. */
function soundex(text: string): string {
  const letters = [...text.toUpperCase()].filter((char) => char >= 'A' && char <= 'Z');
  const [first] = letters;
  if (first === undefined) return '';
  let out = first;
  let last = SOUNDS[first] ?? '';
  for (const letter of letters.slice(1)) {
    const sound = SOUNDS[letter] ?? '';
    if (sound !== '' && sound !== last) out += sound;
    if (letter !== 'H' && letter !== 'W') last = sound;
  }
  return out.padEnd(4, '0').slice(0, 4);
}

function codePoint(value: bigint | null): string {
  if (value === null || value < 0n || value > 0x10ffffn || (value >= 0xd800n && value <= 0xdfffn))
    return fail(`Invalid codepoint ${value}`);
  return String.fromCodePoint(Number(value));
}

function likePattern(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    if (char === '\\') {
      at += 1;
      if (at >= pattern.length) fail('LIKE pattern ends with a backslash');
      source += (pattern[at] ?? '').replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    } else if (char === '%') source += '[\\s\\S]*';
    else if (char === '_') source += '[\\s\\S]';
    else source += char.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, 'u');
}

const likes = new Map<string, RegExp>();

/** LIKE with the backslash as escape character. */
export function like(text: string, pattern: string): boolean {
  let compiled = likes.get(pattern);
  if (compiled === undefined) {
    compiled = likePattern(pattern);
    if (likes.size > 1000) likes.clear();
    likes.set(pattern, compiled);
  }
  return compiled.test(text);
}

function split(text: string, delimiter: string): string[] {
  if (text === '') return [''];
  return delimiter === '' ? points(text) : text.split(delimiter);
}

function translate(text: string, from: string, to: string): string {
  const [source, target] = [points(from), points(to)];
  if (new Set(source).size !== source.length) fail('Duplicate character in TRANSLATE source characters');
  return points(text)
    .map((char) => {
      const place = source.indexOf(char);
      return place < 0 ? char : (target[place] ?? '');
    })
    .join('');
}

function editDistance(one: string, two: string): bigint {
  const [a, b] = [points(one), points(two)];
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (const [i, char] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries())
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (char === other ? 0 : 1)));
    row = next;
  }
  return BigInt(row[b.length] ?? 0);
}

const cut = (text: string, start: number, end?: number) => points(text).slice(start, end).join('');

/** Functions of STRING. */
export const TEXT_FUNCTIONS: readonly RuntimeFunction[] = [
  define('bq_raise(STRING) -> STRING', (message: string) => fail(message)),
  define('bq_concat(STRING[]) -> STRING', (list: DuckDBListValue) =>
    list.items.includes(null) ? null : list.items.join(''),
  ),
  define('bq_ascii(STRING) -> INT64', (text: string) =>
    text === ''
      ? 0n
      : text.charCodeAt(0) > 127
        ? fail(`Non-ASCII character at index 0 of "${text}"`)
        : BigInt(text.charCodeAt(0)),
  ),
  define('bq_unicode(STRING) -> INT64', (text: string) => BigInt(text.codePointAt(0) ?? 0)),
  define('bq_chr(INT64) -> STRING', codePoint),
  define('bq_code_points_to_string(INT64[]) -> STRING', (list: DuckDBListValue) =>
    list.items.includes(null) ? null : (list.items as bigint[]).map(codePoint).join(''),
  ),
  define('bq_to_code_points(STRING) -> INT64[]', (text: string) =>
    listValue(points(text).map((char) => BigInt(char.codePointAt(0) ?? 0))),
  ),
  define('bq_initcap(STRING) -> STRING', (text: string) => initcap(text, INITCAP_DELIMITERS)),
  define('bq_initcap_by(STRING, STRING) -> STRING', initcap),
  define(
    'bq_instr(STRING, STRING, INT64, INT64) -> INT64',
    (text: string, part: string, position: bigint, occurrence: bigint) => {
      if (part === '') return 0n;
      const [chars, wanted] = [points(text), points(part)];
      return instr(
        chars.length,
        wanted.length,
        (at) => wanted.every((char, place) => chars[at + place] === char),
        position,
        occurrence,
      );
    },
  ),
  define('bq_left(STRING, INT64) -> STRING', (text: string, count: bigint) =>
    count < 0n ? fail('Second argument in LEFT() cannot be negative') : cut(text, 0, Number(count)),
  ),
  define('bq_right(STRING, INT64) -> STRING', (text: string, count: bigint) =>
    count < 0n ? fail('Second argument in RIGHT() cannot be negative') : count === 0n ? '' : cut(text, -Number(count)),
  ),
  define('bq_lower(STRING) -> STRING', (text: string) => text.toLowerCase()),
  define('bq_upper(STRING) -> STRING', (text: string) => text.toUpperCase()),
  define('bq_pad(STRING, INT64, STRING, BOOL) -> STRING', pad),
  define('bq_trim(STRING, STRING, STRING) -> STRING', (text: string, chars: string, side: string) => {
    const list = points(text);
    const drop = new Set(points(chars));
    const { start, end } = trimmed(list, chars === '' ? (char) => /\s/u.test(char) : (char) => drop.has(char), side);
    return list.slice(start, end).join('');
  }),
  define('bq_normalize(STRING, STRING, BOOL) -> STRING', (text: string, mode: string, casefold: boolean) => {
    const normal = text.normalize(mode);
    return casefold ? normal.toLowerCase().replaceAll('ß', 'ss').normalize(mode) : normal;
  }),
  define('bq_repeat(STRING, INT64) -> STRING', (text: string, count: bigint) =>
    count < 0n ? fail('Second argument in REPEAT() cannot be negative') : text.repeat(Number(count)),
  ),
  define('bq_replace(STRING, STRING, STRING) -> STRING', (text: string, from: string, to: string) =>
    from === '' ? text : text.replaceAll(from, () => to),
  ),
  define('bq_reverse(STRING) -> STRING', (text: string) => points(text).reverse().join('')),
  define('bq_soundex(STRING) -> STRING', soundex),
  define('bq_split(STRING, STRING) -> STRING[]', (text: string, delimiter: string) =>
    listValue(split(text, delimiter)),
  ),
  define('bq_substr(STRING, INT64, INT64) -> STRING', (text: string, position: bigint, length: bigint) => {
    const chars = points(text);
    const { start, end } = slice(chars.length, position, length);
    return chars.slice(start, end).join('');
  }),
  define('bq_translate(STRING, STRING, STRING) -> STRING', translate),
  define('bq_edit_distance(STRING, STRING, INT64) -> INT64', (one: string, two: string, limit: bigint) => {
    if (limit < 0n) fail('max_distance must be non-negative');
    const distance = editDistance(one, two);
    return distance < limit ? distance : limit;
  }),
  define('bq_like(STRING, STRING) -> BOOL', like),
  define('bq_like_many(STRING, STRING[], BOOL) -> BOOL', (text: string, patterns: DuckDBListValue, all: boolean) => {
    const tests = patterns.items.map((pattern) => (pattern === null ? null : like(text, String(pattern))));
    const decided = tests.find((test) => test === !all);
    return decided ?? (tests.includes(null) ? null : all);
  }),
  define('bq_limit_string(STRING, INT64) -> STRING', (text: string, length: bigint) =>
    BigInt(points(text).length) > length
      ? fail(`STRING(${length}) has maximum length ${length} but got a value with length ${points(text).length}`)
      : text,
  ),
  define(
    '+bq_array_to_string(STRING[], STRING, STRING) -> STRING',
    (list: DuckDBListValue | null, separator: string | null, nulls: string | null) => {
      if (list === null || separator === null) return null;
      return list.items
        .map((item) => item ?? nulls)
        .filter((item) => item !== null)
        .join(separator);
    },
  ),
];
