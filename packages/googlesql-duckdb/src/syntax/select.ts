import type { Cursor } from './cursor';
import { parseExpr } from './expressions';
import { parseFrom } from './from';
import { parenthesised, parseList } from './lists';
import type { Expr, GroupItem, SelectBody, SelectItem, StarItem, WindowSpec } from './tree';
import { parseWindow } from './windows';

/** Parses SELECT up to its WINDOW clause. */
export function parseSelect(cursor: Cursor): SelectBody {
  const at = cursor.next().at;
  const distinct = cursor.takeWord('DISTINCT');
  if (!distinct) cursor.takeWord('ALL');
  let as: 'STRUCT' | 'VALUE' | undefined;
  if (cursor.takeWords('AS', 'STRUCT')) as = 'STRUCT';
  else if (cursor.takeWords('AS', 'VALUE')) as = 'VALUE';
  if (cursor.isWord('FROM') || cursor.peek().kind === 'end') {
    if (cursor.isWord('FROM')) cursor.fail('SELECT list must not be empty');
    cursor.fail(cursor.unexpected());
  }
  const items: SelectItem[] = [];
  do {
    if (items.length > 0 && endsList(cursor)) break;
    items.push(parseItem(cursor));
  } while (cursor.takeSymbol(','));
  const from = cursor.takeWord('FROM') ? parseFrom(cursor) : undefined;
  const where = cursor.takeWord('WHERE') ? parseExpr(cursor) : undefined;
  const groupBy = cursor.takeWord('GROUP') ? parseGroupBy(cursor) : undefined;
  const having = cursor.takeWord('HAVING') ? parseExpr(cursor) : undefined;
  const qualify = cursor.takeWord('QUALIFY') ? parseExpr(cursor) : undefined;
  const windows: Array<{ name: string; spec: WindowSpec }> = [];
  if (cursor.takeWord('WINDOW')) {
    do {
      const name = cursor.identifier();
      cursor.expectWord('AS');
      windows.push({ name, spec: parseWindow(cursor) });
    } while (cursor.takeSymbol(','));
  }
  return { kind: 'select', distinct, as, items, from, where, groupBy, having, qualify, windows, at };
}

/** Whether the SELECT list ends here, after a trailing comma. */
function endsList(cursor: Cursor): boolean {
  const token = cursor.peek();
  return token.kind === 'end' || cursor.isWord('FROM') || cursor.isSymbol(')') || cursor.isSymbol(';');
}

function parseItem(cursor: Cursor): SelectItem {
  const at = cursor.at;
  if (cursor.takeSymbol('*')) return parseStar(cursor, undefined, at);
  const value = parseExpr(cursor);
  if (cursor.isSymbol('.') && cursor.isSymbol('*', 1)) {
    cursor.next();
    cursor.next();
    return parseStar(cursor, value, at);
  }
  return { kind: 'value', value, alias: parseAlias(cursor), at };
}

function parseStar(cursor: Cursor, base: Expr | undefined, at: number): StarItem {
  const except = cursor.takeWord('EXCEPT')
    ? parenthesised(cursor, (inner) => parseList(inner, (one) => one.named()))
    : [];
  const replace = cursor.takeWord('REPLACE')
    ? parenthesised(cursor, (inner) =>
        parseList(inner, (one) => {
          const start = one.at;
          const value = parseExpr(one);
          one.expectWord('AS');
          return { name: one.identifier(), value, at: start };
        }),
      )
    : [];
  return { kind: 'star', base, except, replace, at };
}

/** Parses `AS name`, or a name alone. */
export function parseAlias(cursor: Cursor): string | undefined {
  if (cursor.takeWord('AS')) return cursor.identifier();
  return cursor.isIdentifier() ? cursor.identifier() : undefined;
}

function parseGroupBy(cursor: Cursor): readonly GroupItem[] | 'ALL' {
  cursor.expectWord('BY');
  if (cursor.takeWord('ALL')) return 'ALL';
  return parseList(cursor, (inner): GroupItem => {
    const at = inner.at;
    for (const type of ['ROLLUP', 'CUBE'] as const) {
      if (inner.isWord(type) && inner.isSymbol('(', 1)) {
        inner.next();
        return { kind: 'sets', type, sets: parenthesised(inner, (list) => parseList(list, parseGroupSet)), at };
      }
    }
    if (inner.takeWords('GROUPING', 'SETS')) {
      return {
        kind: 'sets',
        type: 'GROUPING SETS',
        sets: parenthesised(inner, (list) => parseList(list, parseGroupSet)),
        at,
      };
    }
    return { kind: 'value', value: parseExpr(inner), alias: inner.takeWord('AS') ? inner.identifier() : undefined };
  });
}

function parseGroupSet(cursor: Cursor): Expr[] {
  if (cursor.isSymbol('(') && cursor.isSymbol(')', 1)) {
    cursor.next();
    cursor.next();
    return [];
  }
  const value = parseExpr(cursor);
  return value.kind === 'struct' && value.tuple ? value.fields.map((field) => field.value) : [value];
}
