import type { Cursor } from './cursor';
import { parseExpr } from './expressions';
import { parenthesised, parseList } from './lists';
import { isQueryStart, parseQuery } from './queries';
import { parseAlias } from './select';
import type { Expr, FromItem } from './tree';

type JoinType = 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS' | 'COMMA';

/** Parses a FROM clause: tables, subqueries and UNNEST, joined from left to right. */
export function parseFrom(cursor: Cursor): FromItem {
  let left = parseOperand(cursor);
  for (;;) {
    const at = cursor.at;
    const type = takeJoin(cursor);
    if (type === undefined) return left;
    const right = parseOperand(cursor);
    left = withCondition(cursor, { kind: 'join', type, left, right, at });
  }
}

function takeJoin(cursor: Cursor): JoinType | undefined {
  if (cursor.takeSymbol(',')) return 'COMMA';
  if (cursor.takeWord('JOIN')) return 'INNER';
  if (cursor.isWord('NATURAL')) cursor.fail('NATURAL JOIN is not supported');
  for (const type of ['INNER', 'CROSS', 'LEFT', 'RIGHT', 'FULL'] as const) {
    if (!cursor.takeWord(type)) continue;
    if (type !== 'INNER' && type !== 'CROSS') cursor.takeWord('OUTER');
    cursor.expectWord('JOIN');
    return type;
  }
  return undefined;
}

function withCondition(cursor: Cursor, join: Extract<FromItem, { kind: 'join' }>): FromItem {
  if (join.type === 'COMMA' || join.type === 'CROSS') return join;
  if (cursor.takeWord('ON')) return { ...join, on: parseExpr(cursor) };
  if (cursor.takeWord('USING')) {
    return {
      ...join,
      using: parenthesised(cursor, (inner) => parseList(inner, (one) => one.named())),
    };
  }
  return join;
}

function parseOperand(cursor: Cursor): FromItem {
  let item = parseSource(cursor);
  for (;;) {
    const at = cursor.at;
    if (cursor.isWord('PIVOT') && cursor.isSymbol('(', 1)) item = parsePivot(cursor, item, at);
    else if (cursor.isWord('UNPIVOT')) item = parseUnpivot(cursor, item, at);
    else if (cursor.takeWord('TABLESAMPLE')) item = parseSample(cursor, item, at);
    else return item;
  }
}

function parseSource(cursor: Cursor): FromItem {
  const at = cursor.at;
  cursor.takeWord('LATERAL');
  if (cursor.isWord('UNNEST') && cursor.isSymbol('(', 1)) {
    cursor.next();
    const value = parenthesised(cursor, parseExpr);
    const alias = parseSourceAlias(cursor);
    return { kind: 'unnest', value, alias, offset: parseOffset(cursor), at };
  }
  if (cursor.isSymbol('(')) {
    if (isQueryStart(cursor)) {
      const mark = cursor.mark();
      cursor.next();
      const query = parseQuery(cursor);
      if (cursor.takeSymbol(')')) return { kind: 'query', query, alias: parseSourceAlias(cursor), at };
      // "((SELECT ...) AS a JOIN b ON ...)" is a join in parentheses.
      cursor.reset(mark);
    }
    return parenthesised(cursor, parseFrom);
  }
  const path = cursor.path();
  if (cursor.isSymbol('(')) {
    const { input, args } = parenthesised(cursor, parseTableArguments);
    return { kind: 'function', name: path.text, input, args, alias: parseSourceAlias(cursor), at };
  }
  let systemTime = parseSystemTime(cursor);
  const alias = parseSourceAlias(cursor);
  systemTime ??= parseSystemTime(cursor);
  return { kind: 'table', path, alias, systemTime, offset: parseOffset(cursor), at };
}

/** Parses the arguments of a table function: `TABLE t` or a subquery, then values. */
function parseTableArguments(cursor: Cursor): { input?: FromItem; args: readonly Expr[] } {
  const { at } = cursor;
  if (cursor.takeWord('TABLE')) {
    const input: FromItem = { kind: 'table', path: cursor.path(), at };
    return { input, args: cursor.takeSymbol(',') ? parseList(cursor, parseExpr) : [] };
  }
  const args = cursor.isSymbol(')') ? [] : parseList(cursor, parseExpr);
  const [first, ...rest] = args;
  return first?.kind === 'subquery' ? { input: { kind: 'query', query: first.query, at }, args: rest } : { args };
}

/** Parses the alias of a source. PIVOT and UNPIVOT are names elsewhere, but no aliases without AS. */
function parseSourceAlias(cursor: Cursor): string | undefined {
  if ((cursor.isWord('PIVOT') && cursor.isSymbol('(', 1)) || cursor.isWord('UNPIVOT')) return undefined;
  return parseAlias(cursor);
}

function parseOffset(cursor: Cursor): { alias?: string } | undefined {
  if (!cursor.takeWords('WITH', 'OFFSET')) return undefined;
  return { alias: parseAlias(cursor) };
}

function parseSystemTime(cursor: Cursor) {
  return cursor.takeWords('FOR', 'SYSTEM_TIME', 'AS', 'OF') ? parseExpr(cursor) : undefined;
}

function parseSample(cursor: Cursor, source: FromItem, at: number): FromItem {
  cursor.expectWord('SYSTEM');
  const percent = parenthesised(cursor, (inner) => {
    const value = parseExpr(inner);
    inner.expectWord('PERCENT');
    return value;
  });
  return { kind: 'sample', source, percent, at };
}

function parsePivot(cursor: Cursor, source: FromItem, at: number): FromItem {
  cursor.next();
  const inside = parenthesised(cursor, (inner) => {
    const values = parseList(inner, (one) => ({ value: parseExpr(one), alias: parseAlias(one) }));
    inner.expectWord('FOR');
    const column = parseColumn(inner);
    inner.expectWord('IN');
    const keys = parenthesised(inner, (list) =>
      parseList(list, (one) => ({ value: parseExpr(one), alias: parseAlias(one) })),
    );
    return { values, column, keys };
  });
  return { kind: 'pivot', source, ...inside, alias: parseAlias(cursor), at };
}

/** Parses the column before IN as a path. As an expression it would include IN as an operator. */
function parseColumn(cursor: Cursor) {
  const at = cursor.at;
  return { kind: 'name', name: cursor.identifier(), quoted: false, at } as const;
}

function parseUnpivot(cursor: Cursor, source: FromItem, at: number): FromItem {
  cursor.next();
  const includeNulls = cursor.takeWords('INCLUDE', 'NULLS');
  if (!includeNulls) cursor.takeWords('EXCLUDE', 'NULLS');
  const inside = parenthesised(cursor, (inner) => {
    const values = parseNames(inner);
    inner.expectWord('FOR');
    const name = inner.identifier();
    inner.expectWord('IN');
    const groups = parenthesised(inner, (list) =>
      parseList(list, (one) => {
        const start = one.at;
        const columns = parseNames(one);
        return { columns, label: one.takeWord('AS') ? parseExpr(one) : undefined, at: start };
      }),
    );
    return { values, name, groups };
  });
  return { kind: 'unpivot', source, includeNulls, ...inside, alias: parseAlias(cursor), at };
}

/** Parses a name, or several in parentheses. */
function parseNames(cursor: Cursor): string[] {
  if (!cursor.isSymbol('(')) return [cursor.identifier()];
  return parenthesised(cursor, (inner) => parseList(inner, (one) => one.identifier()));
}
