import type { Cursor } from './cursor';
import { parenthesised, parseList } from './lists';
import { parsePostfix } from './primaries';
import { isQueryStart, parseQuery } from './queries';
import type { BinaryOperator, Expr } from './tree';

/** Parses an expression. OR has the lowest precedence. */
export function parseExpr(cursor: Cursor): Expr {
  return leftAssociative(cursor, parseAnd, () => (cursor.isWord('OR') ? 'OR' : undefined));
}

function parseAnd(cursor: Cursor): Expr {
  return leftAssociative(cursor, parseNot, () => (cursor.isWord('AND') ? 'AND' : undefined));
}

function parseNot(cursor: Cursor): Expr {
  const at = cursor.at;
  if (!cursor.takeWord('NOT')) return parseComparison(cursor);
  return { kind: 'unary', op: 'NOT', value: parseNot(cursor), at };
}

const LEVELS: ReadonlyArray<Readonly<Record<string, BinaryOperator>>> = [
  { '|': '|' },
  { '^': '^' },
  { '&': '&' },
  { '<<': '<<', '>>': '>>' },
  { '+': '+', '-': '-' },
  { '*': '*', '/': '/', '||': '||' },
];

/** Parses the binary operators from `|` to `*`. A higher `level` binds tighter. */
export function parseBits(cursor: Cursor, level = 0): Expr {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(cursor);
  const next = (inner: Cursor) => parseBits(inner, level + 1);
  return leftAssociative(cursor, next, () =>
    cursor.peek().kind === 'symbol' ? operators[cursor.peek().value] : undefined,
  );
}

function leftAssociative(
  cursor: Cursor,
  operand: (cursor: Cursor) => Expr,
  operator: () => BinaryOperator | undefined,
): Expr {
  let left = operand(cursor);
  for (let op = operator(); op !== undefined; op = operator()) {
    const at = cursor.next().at;
    left = { kind: 'binary', op, left, right: operand(cursor), at };
  }
  return left;
}

const COMPARISONS: Readonly<Record<string, BinaryOperator>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function parseComparison(cursor: Cursor): Expr {
  const left = parseBits(cursor);
  const at = cursor.at;
  const op = cursor.peek().kind === 'symbol' ? COMPARISONS[cursor.peek().value] : undefined;
  if (op !== undefined) {
    cursor.next();
    return { kind: 'binary', op, left, right: parseBits(cursor), at };
  }
  if (cursor.takeWord('IS')) return parseIs(cursor, left, at);
  const mark = cursor.mark();
  const not = cursor.takeWord('NOT');
  if (cursor.takeWord('IN')) return parseIn(cursor, left, not, at);
  if (cursor.takeWord('LIKE')) return parseLike(cursor, left, not, at);
  if (cursor.takeWord('BETWEEN')) {
    const low = parseBits(cursor);
    cursor.expectWord('AND');
    return { kind: 'between', value: left, low, high: parseBits(cursor), not, at };
  }
  cursor.reset(mark);
  return left;
}

function parseIs(cursor: Cursor, value: Expr, at: number): Expr {
  const not = cursor.takeWord('NOT');
  if (cursor.takeWords('DISTINCT', 'FROM'))
    return { kind: 'distinctFrom', left: value, right: parseBits(cursor), not, at };
  for (const test of ['NULL', 'TRUE', 'FALSE', 'UNKNOWN'] as const) {
    if (cursor.takeWord(test)) return { kind: 'is', value, test, not, at };
  }
  return cursor.fail(cursor.unexpected());
}

function parseIn(cursor: Cursor, value: Expr, not: boolean, at: number): Expr {
  if (cursor.takeWord('UNNEST')) return { kind: 'in', value, unnest: parenthesised(cursor, parseExpr), not, at };
  cursor.expectSymbol('(');
  if (isQueryStart(cursor)) {
    const query = parseQuery(cursor);
    cursor.expectSymbol(')');
    return { kind: 'in', value, query, not, at };
  }
  const list = parseList(cursor, parseExpr);
  cursor.expectSymbol(')');
  return { kind: 'in', value, list, not, at };
}

function parseLike(cursor: Cursor, value: Expr, not: boolean, at: number): Expr {
  const all = cursor.isWord('ALL');
  if (!all && !cursor.isWord('ANY') && !cursor.isWord('SOME'))
    return { kind: 'like', value, pattern: parseBits(cursor), not, at };
  cursor.next();
  if (cursor.takeWord('UNNEST'))
    return { kind: 'likeMany', value, all, unnest: parenthesised(cursor, parseExpr), not, at };
  return { kind: 'likeMany', value, all, list: parenthesised(cursor, (inner) => parseList(inner, parseExpr)), not, at };
}

function parseUnary(cursor: Cursor): Expr {
  const at = cursor.at;
  for (const op of ['-', '+', '~'] as const) {
    if (cursor.takeSymbol(op)) {
      const value = parseUnary(cursor);
      // -9223372036854775808 is one literal, because 9223372036854775808 is no INT64.
      if (
        op === '-' &&
        value.kind === 'literal' &&
        (value.type === 'INT64' || value.type === 'FLOAT64') &&
        !value.value.startsWith('-')
      ) {
        return { ...value, value: `-${value.value}`, at };
      }
      return { kind: 'unary', op, value, at };
    }
  }
  return parsePostfix(cursor);
}
