import { type DuckDBListValue, listValue } from '@duckdb/node-api';
import { DAY_MICROS, splitMicros } from './calendar';
import { addToMicros } from './dateParts';
import { define, fail, type RuntimeFunction } from './define';
import { dateText, datetimeText, parseDate, parseDatetime, parseTimestamp, timestampText } from './timeText';

/** A RANGE, stored as the text `[start, end)`. The ends are microseconds; undefined means unbounded. */
interface Range {
  readonly start?: bigint;
  readonly end?: bigint;
}

function readEnd(text: string, type: string): bigint | undefined {
  if (/^(unbounded|null)$/i.test(text)) return undefined;
  const days = type === 'DATE' ? parseDate(text) : undefined;
  const micros =
    type === 'DATE'
      ? days === undefined
        ? undefined
        : BigInt(days) * DAY_MICROS
      : type === 'DATETIME'
        ? parseDatetime(text)
        : parseTimestamp(text);
  return micros ?? fail(`Invalid RANGE value: ${text}`);
}

function read(text: string, type: string): Range {
  const match = /^\s*\[\s*(.*?)\s*,\s*(.*?)\s*\)\s*$/.exec(text);
  if (match === null) return fail(`Invalid RANGE value: ${text}`);
  return { start: readEnd(match[1] ?? '', type), end: readEnd(match[2] ?? '', type) };
}

function endText(micros: bigint | undefined, type: string): string {
  if (micros === undefined) return 'UNBOUNDED';
  if (type === 'DATE') return dateText(splitMicros(micros).days);
  return type === 'DATETIME' ? datetimeText(micros, 'T') : timestampText(micros);
}

function write({ start, end }: Range, type: string): string {
  if (start !== undefined && end !== undefined && start >= end)
    fail('Range start element must be less than range end element');
  return `[${endText(start, type)}, ${endText(end, type)})`;
}

const later = (one: bigint | undefined, two: bigint | undefined) =>
  one === undefined ? two : two === undefined || one > two ? one : two;
const earlier = (one: bigint | undefined, two: bigint | undefined) =>
  one === undefined ? two : two === undefined || one < two ? one : two;

function intersection(one: Range, two: Range): Range | undefined {
  const range = { start: later(one.start, two.start), end: earlier(one.end, two.end) };
  return range.start !== undefined && range.end !== undefined && range.start >= range.end ? undefined : range;
}

/** Whether `outer` contains `inner`. */
function contains(outer: Range, inner: Range): boolean {
  const from = outer.start === undefined || (inner.start !== undefined && inner.start >= outer.start);
  return from && (outer.end === undefined || (inner.end !== undefined && inner.end <= outer.end));
}

function pieces(range: Range, count: bigint, part: string, whole: boolean, type: string): string[] {
  const { start, end } = range;
  if (start === undefined || end === undefined) return fail('RANGE must be bounded');
  if (count <= 0n) return fail('Step must be positive');
  const made: string[] = [];
  for (let at = start, step = 1n; at < end; step += 1n) {
    const next = addToMicros(start, count * step, part, 'overflow');
    if (next > end && !whole) break;
    made.push(write({ start: at, end: earlier(next, end) }, type));
    at = next;
  }
  return made;
}

/**
 * The session of a range: the union of all ranges that overlap it directly or through others. With `meets`, adjacent
 * ranges count.
 */
function session(range: Range, all: readonly Range[], meets: boolean): Range {
  const sorted = [...all].sort((one, two) =>
    one.start === two.start
      ? 0
      : one.start === undefined || (two.start !== undefined && one.start < two.start)
        ? -1
        : 1,
  );
  let open: Range | undefined;
  for (const next of sorted) {
    const joined: boolean =
      open !== undefined &&
      (open.end === undefined ||
        next.start === undefined ||
        next.start < open.end ||
        (meets && next.start === open.end));
    if (open !== undefined && joined) {
      const end: bigint | undefined =
        open.end === undefined || next.end === undefined ? undefined : later(open.end, next.end);
      open = { start: open.start, end };
    } else {
      if (open !== undefined && contains(open, range)) return open;
      open = next;
    }
  }
  return open ?? range;
}

/** Functions of RANGE. Elements are passed as texts. */
export const RANGE_FUNCTIONS: readonly RuntimeFunction[] = [
  define('bq_range(STRING, STRING) -> STRING', (text: string, type: string) => write(read(text, type), type)),
  define('+bq_range_of(STRING, STRING, STRING) -> STRING', (start: string | null, end: string | null, type: string) =>
    write(
      { start: start === null ? undefined : readEnd(start, type), end: end === null ? undefined : readEnd(end, type) },
      type,
    ),
  ),
  define('bq_range_end(STRING, STRING, BOOL) -> STRING', (text: string, type: string, first: boolean) => {
    const range = read(text, type);
    const micros = first ? range.start : range.end;
    return micros === undefined ? null : endText(micros, type);
  }),
  define(
    'bq_range_overlaps(STRING, STRING, STRING) -> BOOL',
    (one: string, two: string, type: string) => intersection(read(one, type), read(two, type)) !== undefined,
  ),
  define('bq_range_contains(STRING, STRING, STRING) -> BOOL', (outer: string, inner: string, type: string) =>
    contains(read(outer, type), read(inner, type)),
  ),
  define('bq_range_holds(STRING, STRING, STRING) -> BOOL', (outer: string, value: string, type: string) => {
    const { start, end } = read(outer, type);
    const at = readEnd(value, type) ?? 0n;
    return (start === undefined || at >= start) && (end === undefined || at < end);
  }),
  define('bq_range_intersect(STRING, STRING, STRING) -> STRING', (one: string, two: string, type: string) =>
    write(intersection(read(one, type), read(two, type)) ?? fail('Provided RANGE inputs do not overlap'), type),
  ),
  define(
    'bq_range_session(STRING, ANY, STRING, BOOL) -> STRING',
    (text: string, list: DuckDBListValue, type: string, meets: boolean) => {
      const all = list.items.filter((item) => item !== null).map((item) => read(String(item), type));
      return write(session(read(text, type), all, meets), type);
    },
  ),
  define(
    'bq_range_pieces(STRING, INT64, STRING, BOOL, STRING) -> STRING[]',
    (text: string, count: bigint, part: string, whole: boolean, type: string) =>
      listValue(pieces(read(text, type), count, part, whole, type)),
  ),
];
