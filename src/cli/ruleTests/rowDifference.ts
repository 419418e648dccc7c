import { lowerCased, matches, numberOf } from './matching';
import type { ExpectedRows, Row } from './testCase';

const MAX_LINES = 12;
/** Fewer lines for an empty table, whose missing rows all look alike. */
const MAX_LINES_IF_EMPTY = 3;

/**
 * Describes how rows differ from the expected ones: `~` a row with other values, `-` a missing row, `+` a surplus row.
 *
 * @returns no lines when they do not differ.
 * @example rowDifference({ rows: [{ id: 1, name: 'a' }], indexBy: ['id'], exact: true }, [{ id: 1, name: 'b' }])
 * // ['1 row, 1 expected', '~ id 1: name is "b", expected "a"']
 */
export function rowDifference(
  { rows: expected, indexBy, exact }: Pick<ExpectedRows, 'rows' | 'indexBy' | 'exact'>,
  rows: readonly Row[],
): readonly string[] {
  const { missing, surplus } = unpaired(expected, rows);
  if (missing.length === 0 && (surplus.length === 0 || !exact)) return [];
  const left = [...surplus];
  const changed: string[] = [];
  const gone: Row[] = [];
  for (const row of missing) {
    const at = nearest(row, left, indexBy);
    const [similar] = at === undefined ? [] : left.splice(at, 1);
    if (similar) changed.push(`~ ${nameOf(row, indexBy)}${otherValues(row, similar).join('; ')}`);
    else gone.push(row);
  }
  const lines = [
    ...changed,
    ...gone.map((row) => `- ${JSON.stringify(row)}`),
    ...(exact ? left.map((row) => `+ ${JSON.stringify(row)}`) : []),
  ];
  const most = rows.length === 0 ? MAX_LINES_IF_EMPTY : MAX_LINES;
  const more = lines.length > most ? [`… and ${lines.length - most} more`] : [];
  const heading = `${rows.length} row${rows.length === 1 ? '' : 's'}, ${expected.length} expected`;
  return [heading, ...lines.slice(0, most), ...more];
}

/** Pairs as many rows as possible, by augmenting paths, because a row with matchers may match several. */
function unpaired(
  expected: readonly Row[],
  rows: readonly Row[],
): { missing: readonly Row[]; surplus: readonly Row[] } {
  const takenBy = new Map<number, number>();
  const place = (wanted: number, seen: Set<number>): boolean => {
    for (const [position, row] of rows.entries()) {
      if (seen.has(position) || !matches(expected[wanted] ?? null, row)) continue;
      seen.add(position);
      const holder = takenBy.get(position);
      if (holder !== undefined && !place(holder, seen)) continue;
      takenBy.set(position, wanted);
      return true;
    }
    return false;
  };
  const missing = expected.filter((_row, wanted) => !place(wanted, new Set()));
  return { missing, surplus: rows.filter((_row, position) => !takenBy.has(position)) };
}

/** Index of the most similar row: the one with the same key, else one that agrees in at least half of the columns. */
function nearest(row: Row, rows: readonly Row[], keys: readonly string[]): number | undefined {
  if (keys.length > 0) {
    const wanted = keyOf(row, keys);
    const at = rows.findIndex((other) => keyOf(other, keys) === wanted);
    return at < 0 ? undefined : at;
  }
  const columns = Object.keys(row).length;
  const scores = rows.map((other) => columns - otherValues(row, other).length);
  const best = Math.max(0, ...scores);
  return best > 0 && best * 2 >= columns ? scores.indexOf(best) : undefined;
}

function otherValues(expected: Row, actual: Row): readonly string[] {
  const folded = lowerCased(actual);
  return Object.entries(expected)
    .filter(([key, value]) => !matches(value, folded[key.toLowerCase()]))
    .map(([key, value]) => `${key} is ${JSON.stringify(folded[key.toLowerCase()])}, expected ${JSON.stringify(value)}`);
}

function keyOf(row: Row, keys: readonly string[]): string {
  const folded = lowerCased(row);
  return JSON.stringify(keys.map((key) => numberOf(folded[key.toLowerCase()]) ?? String(folded[key.toLowerCase()])));
}

function nameOf(row: Row, keys: readonly string[]): string {
  if (keys.length === 0) return `${JSON.stringify(row)}: `;
  return `${keys.map((key) => `${key} ${JSON.stringify(row[key])}`).join(', ')}: `;
}
