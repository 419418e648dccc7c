import { listValue } from '@duckdb/node-api';
import { RE2JS } from 're2js';
import { define, fail, type RuntimeFunction } from './define';

const compiled = new Map<string, RE2JS>();

/** RE2's error texts by those of re2js. */
const REASONS: Readonly<Record<string, string>> = {
  'missing closing )': 'missing )',
  'missing closing ]': 'missing ]',
  'missing argument to repetition operator': 'no argument for repetition operator',
  'invalid or unsupported Perl syntax': 'invalid perl operator',
  'invalid nested repetition operator': 'bad repetition operator',
  'invalid repeat count': 'invalid repetition size',
  'trailing backslash at end of expression': 'trailing \\ at end of regexp',
  'invalid named capture': 'invalid named capture group',
};

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
  const [, what = text, where] = /^(.*?)(?:: `([\s\S]*)`)?$/.exec(text) ?? [];
  return `${REASONS[what] ?? what}${where === undefined ? '' : `: ${where}`}`;
}

/** Compiles a pattern in RE2 syntax; compiled patterns are cached. */
function pattern(source: string): RE2JS {
  let regexp = compiled.get(source);
  if (regexp === undefined) {
    try {
      regexp = RE2JS.compile(source);
    } catch (error) {
      return fail(`Cannot parse regular expression: ${reason(error)}`);
    }
    if (compiled.size > 2000) compiled.clear();
    compiled.set(source, regexp);
  }
  return regexp;
}

function oneGroup(source: string): RE2JS {
  const regexp = pattern(source);
  if (regexp.groupCount() > 1)
    fail('Regular expressions passed into extraction functions must not have more than 1 capturing group');
  return regexp;
}

/** UTF-16 offset of the n-th code point. */
function offsetOf(text: string, count: number): number {
  let offset = 0;
  for (let left = count; left > 0 && offset < text.length; left -= 1)
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  return offset;
}

interface Match {
  readonly start: number;
  readonly end: number;
  readonly text: string | null;
  readonly groupStart: number;
  readonly groupEnd: number;
}

/** All matches from an offset. If the pattern has a group, its text replaces the match. */
function* matches(regexp: RE2JS, text: string, from: number): Generator<Match> {
  const matcher = regexp.matcher(text);
  let at = from;
  while (at <= text.length && matcher.find(at)) {
    const group = regexp.groupCount() === 1 ? 1 : 0;
    yield {
      start: matcher.start(),
      end: matcher.end(),
      text: matcher.group(group),
      groupStart: matcher.start(group),
      groupEnd: matcher.end(group),
    };
    at = matcher.end() > matcher.start() ? matcher.end() : matcher.end() + 1;
  }
}

function find(text: string, source: string, position: bigint, occurrence: bigint, name: string): Match | undefined {
  if (position < 1n) fail(`Position must be a positive integer in ${name}`);
  if (occurrence < 1n) fail(`Occurrence must be a positive integer in ${name}`);
  const regexp = oneGroup(source);
  const start = offsetOf(text, Number(position) - 1);
  if (position > 1n && start >= text.length) return undefined;
  let left = occurrence;
  for (const match of matches(regexp, text, start)) {
    left -= 1n;
    if (left === 0n) return match;
  }
  return undefined;
}

/** Parses a replacement: `\1` is a group, `\\` a backslash; other escapes are errors. */
function replacement(text: string, groups: number): (groupOf: (group: number) => string) => string {
  if (text.replace(/\\[\d\\]/g, '').includes('\\'))
    fail(`Invalid REGEXP_REPLACE pattern: '\\' must be followed by a digit or '\\'`);
  for (const [, digit] of text.matchAll(/\\(?:\\|(\d))/g)) {
    if (digit !== undefined && Number(digit) > groups)
      fail(
        `Invalid REGEXP_REPLACE pattern: Rewrite schema requests ${digit} matches, but the regexp only has ${groups} parenthesized subexpressions.`,
      );
  }
  return (groupOf) =>
    text.replace(/\\(\\|\d)/g, (_all, what: string) => (what === '\\' ? '\\' : groupOf(Number(what))));
}

function replaceAll(text: string, source: string, target: string): string {
  const regexp = pattern(source);
  const write = replacement(target, regexp.groupCount());
  const matcher = regexp.matcher(text);
  let out = '';
  let copied = 0;
  let at = 0;
  let last = -1;
  while (at <= text.length && matcher.find(at)) {
    const [start, end] = [matcher.start(), matcher.end()];
    // As in RE2, ignore an empty match directly after a match.
    if (!(start === end && start === last)) {
      out += text.slice(copied, start) + write((group) => matcher.group(group) ?? '');
      copied = end;
    }
    last = end;
    at = end > start ? end : end + 1;
  }
  return out + text.slice(copied);
}

/** The REGEXP functions. */
export const REGEXP_FUNCTIONS: readonly RuntimeFunction[] = [
  define('bq_regexp_contains(STRING, STRING) -> BOOL', (text: string, source: string) =>
    pattern(source).matcher(text).find(),
  ),
  define(
    'bq_regexp_extract(STRING, STRING, INT64, INT64) -> STRING',
    (text: string, source: string, position: bigint, occurrence: bigint) =>
      find(text, source, position, occurrence, 'REGEXP_EXTRACT')?.text ?? null,
  ),
  define('bq_regexp_extract_all(STRING, STRING) -> STRING[]', (text: string, source: string) =>
    listValue([...matches(oneGroup(source), text, 0)].map((match) => match.text ?? '')),
  ),
  define(
    'bq_regexp_instr(STRING, STRING, INT64, INT64, INT64) -> INT64',
    (text: string, source: string, position: bigint, occurrence: bigint, after: bigint) => {
      if (source === '') return 0n;
      const match = find(text, source, position, occurrence, 'REGEXP_INSTR');
      if (match === undefined || match.groupStart < 0) return 0n;
      const place = after === 0n ? match.groupStart : match.groupEnd;
      return BigInt([...text.slice(0, place)].length + 1);
    },
  ),
  define('bq_regexp_replace(STRING, STRING, STRING) -> STRING', replaceAll),
];
