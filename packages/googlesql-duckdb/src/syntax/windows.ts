import type { Cursor } from './cursor';
import { parseBits, parseExpr } from './expressions';
import { parenthesised, parseList } from './lists';
import type { FrameBound, SortItem, WindowSpec } from './tree';

/** Parses one key of ORDER BY. */
export function parseSort(cursor: Cursor): SortItem {
  const value = parseExpr(cursor);
  cursor.skipCollation();
  const descending = cursor.takeWord('DESC');
  if (!descending) cursor.takeWord('ASC');
  let nulls: 'FIRST' | 'LAST' | undefined;
  if (cursor.takeWord('NULLS')) {
    if (cursor.takeWord('FIRST')) nulls = 'FIRST';
    else if (cursor.takeWord('LAST')) nulls = 'LAST';
    else cursor.fail(cursor.unexpected());
  }
  return { value, descending, nulls };
}

/** Parses the window after OVER: a name or a specification in parentheses. */
export function parseWindow(cursor: Cursor): WindowSpec {
  const at = cursor.at;
  if (!cursor.isSymbol('(')) return { base: cursor.identifier(), partitionBy: [], orderBy: [], at };
  return parenthesised(cursor, (inner) => {
    const base =
      inner.isIdentifier() && !inner.isWord('PARTITION') && !isFrameStart(inner) ? inner.identifier() : undefined;
    const partitionBy = inner.takeWords('PARTITION', 'BY') ? parseList(inner, parseExpr) : [];
    const orderBy = inner.takeWords('ORDER', 'BY') ? parseList(inner, parseSort) : [];
    const unit = (['ROWS', 'RANGE'] as const).find((one) => inner.takeWord(one));
    if (unit === undefined) return { base, partitionBy, orderBy, at };
    if (!inner.takeWord('BETWEEN'))
      return { base, partitionBy, orderBy, frame: { unit, start: parseBound(inner) }, at };
    const start = parseBound(inner);
    inner.expectWord('AND');
    return { base, partitionBy, orderBy, frame: { unit, start, end: parseBound(inner) }, at };
  });
}

function isFrameStart(cursor: Cursor): boolean {
  return cursor.isWord('ROWS') || cursor.isWord('RANGE');
}

function parseBound(cursor: Cursor): FrameBound {
  if (cursor.takeWords('CURRENT', 'ROW')) return { kind: 'CURRENT ROW' };
  const unbounded = cursor.takeWord('UNBOUNDED');
  const value = unbounded ? undefined : parseBits(cursor);
  if (cursor.takeWord('PRECEDING')) return unbounded ? { kind: 'UNBOUNDED PRECEDING' } : { kind: 'PRECEDING', value };
  cursor.expectWord('FOLLOWING');
  return unbounded ? { kind: 'UNBOUNDED FOLLOWING' } : { kind: 'FOLLOWING', value };
}
