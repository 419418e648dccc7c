import type { Cursor } from './cursor';
import { parseExpr } from './expressions';
import { parenthesised, parseList } from './lists';
import { parseSelect } from './select';
import type { Expr, Query, QueryBody } from './tree';
import { parseSort } from './windows';

/** Whether a query starts here, possibly in parentheses. */
export function isQueryStart(cursor: Cursor): boolean {
  let ahead = 0;
  while (cursor.isSymbol('(', ahead)) ahead += 1;
  return cursor.isWord('SELECT', ahead) || (cursor.isWord('WITH', ahead) && !cursor.isSymbol('(', ahead + 1));
}

/** Parses a query with its WITH, set operators, ORDER BY and LIMIT. */
export function parseQuery(cursor: Cursor): Query {
  const at = cursor.at;
  let recursive = false;
  const ctes: Array<{ name: string; query: Query; at: number }> = [];
  if (cursor.takeWord('WITH')) {
    recursive = cursor.takeWord('RECURSIVE');
    do {
      const start = cursor.at;
      const name = cursor.identifier();
      cursor.expectWord('AS');
      ctes.push({ name, query: parenthesised(cursor, parseQuery), at: start });
    } while (cursor.takeSymbol(','));
  }
  const body = parseSetOperation(cursor);
  const orderBy = cursor.takeWords('ORDER', 'BY') ? parseList(cursor, parseSort) : [];
  let limit: Expr | undefined;
  let offset: Expr | undefined;
  if (cursor.takeWord('LIMIT')) {
    limit = parseExpr(cursor);
    if (cursor.takeWord('OFFSET')) offset = parseExpr(cursor);
  }
  if (cursor.isSymbol('|>')) cursor.fail('Pipe syntax is not supported by the local BigQuery');
  return { with: ctes, recursive, body, orderBy, limit, offset, at };
}

function parseSetOperation(cursor: Cursor): QueryBody {
  let left = parseOperand(cursor);
  let first: string | undefined;
  for (;;) {
    const at = cursor.at;
    const op = (['UNION', 'INTERSECT', 'EXCEPT'] as const).find((one) => cursor.isWord(one));
    if (op === undefined) return left;
    cursor.next();
    const all = cursor.takeWord('ALL');
    if (!all && !cursor.takeWord('DISTINCT'))
      cursor.fail(`Expected keyword ALL or keyword DISTINCT but got ${cursor.describe()}`);
    const operation = `${op} ${all ? 'ALL' : 'DISTINCT'}`;
    if (first !== undefined && first !== operation) {
      cursor.fail(
        'Different set operations cannot be used in the same query without using parentheses for grouping',
        at,
      );
    }
    first = operation;
    const byName = cursor.takeWord('BY');
    if (byName && !cursor.takeWord('NAME')) cursor.fail(cursor.unexpected());
    left = { kind: 'set', op, all, byName, left, right: parseOperand(cursor), at };
  }
}

function parseOperand(cursor: Cursor): QueryBody {
  const at = cursor.at;
  if (cursor.isSymbol('(')) return { kind: 'nested', query: parenthesised(cursor, parseQuery), at };
  if (!cursor.isWord('SELECT')) cursor.fail(cursor.unexpected());
  return parseSelect(cursor);
}
