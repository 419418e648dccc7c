import type { Cursor } from './cursor';
import { parseExpr } from './expressions';
import { parenthesised, parseList } from './lists';
import { isQueryStart, parseQuery } from './queries';
import type { CallExpr, Expr } from './tree';
import { parseType } from './typeNames';
import { parseSort, parseWindow } from './windows';

/** Parses a function call. The next token is its opening parenthesis. */
export function parseCall(cursor: Cursor, written: string, at: number): Expr {
  const safe = /^safe\./i.test(written);
  const name = (safe ? written.slice(5) : written).toUpperCase();
  cursor.expectSymbol('(');
  if (cursor.isSymbol('*') && cursor.isSymbol(')', 1)) {
    cursor.next();
    cursor.next();
    return withOver(cursor, { ...plain(name, written, at), safe, star: true });
  }
  const distinct = cursor.takeWord('DISTINCT');
  const args = cursor.isSymbol(')') || endsArguments(cursor) ? [] : parseList(cursor, parseArgument);
  const nulls = parseNulls(cursor);
  let having: CallExpr['having'];
  if (cursor.takeWord('HAVING')) {
    const max = cursor.takeWord('MAX');
    if (!max) cursor.expectWord('MIN');
    having = { max, value: parseExpr(cursor) };
  }
  const orderBy = cursor.takeWords('ORDER', 'BY') ? parseList(cursor, parseSort) : [];
  const limit = cursor.takeWord('LIMIT') ? parseExpr(cursor) : undefined;
  cursor.expectSymbol(')');
  return withOver(cursor, {
    ...plain(name, written, at),
    safe,
    args,
    distinct,
    nulls,
    having,
    orderBy,
    limit,
  });
}

function plain(name: string, written: string, at: number): CallExpr {
  return { kind: 'call', name, written, safe: false, args: [], star: false, distinct: false, orderBy: [], at };
}

function endsArguments(cursor: Cursor): boolean {
  return cursor.isWord('ORDER') && cursor.isWord('BY', 1);
}

function parseNulls(cursor: Cursor): 'IGNORE' | 'RESPECT' | undefined {
  if (cursor.takeWords('IGNORE', 'NULLS')) return 'IGNORE';
  if (cursor.takeWords('RESPECT', 'NULLS')) return 'RESPECT';
  return undefined;
}

function withOver(cursor: Cursor, call: CallExpr): Expr {
  if (!cursor.takeWord('OVER')) return call;
  return { ...call, over: parseWindow(cursor) };
}

function parseArgument(cursor: Cursor): Expr {
  const at = cursor.at;
  if (cursor.isIdentifier() && cursor.isSymbol('=>', 1)) {
    const name = cursor.identifier();
    cursor.next();
    return { kind: 'named', name: name.toLowerCase(), value: parseExpr(cursor), at };
  }
  if (cursor.isIdentifier() && cursor.isSymbol('->', 1)) {
    const parameters = [cursor.identifier()];
    cursor.next();
    return { kind: 'lambda', parameters, body: parseExpr(cursor), at };
  }
  const mark = cursor.mark();
  if (cursor.isSymbol('(') && cursor.isIdentifier(1) && cursor.isSymbol(',', 2)) {
    cursor.next();
    const parameters = parseList(cursor, (inner) => (inner.isIdentifier() ? inner.identifier() : ''));
    if (cursor.takeSymbol(')') && cursor.takeSymbol('->'))
      return { kind: 'lambda', parameters, body: parseExpr(cursor), at };
    cursor.reset(mark);
  }
  if (isQueryStart(cursor) && !cursor.isSymbol('(')) return { kind: 'subquery', query: parseQuery(cursor), at };
  return parseExpr(cursor);
}

/** Parses calls with special syntax: CAST, EXTRACT, and functions without parentheses. Undefined for other words. */
export function parseSpecialCall(cursor: Cursor, word: string): Expr | undefined {
  const at = cursor.at;
  const called = cursor.isSymbol('(', 1);
  if ((word === 'CAST' || word === 'SAFE_CAST') && called) {
    cursor.next();
    return parenthesised(cursor, (inner) => {
      const value = parseExpr(inner);
      inner.expectWord('AS');
      const type = parseType(inner);
      const format = inner.takeWord('FORMAT') ? parseExpr(inner) : undefined;
      const zone = inner.takeWords('AT', 'TIME', 'ZONE') ? parseExpr(inner) : undefined;
      return { kind: 'cast', safe: word === 'SAFE_CAST', value, type, format, zone, at };
    });
  }
  if (word === 'EXTRACT' && called) {
    cursor.next();
    return parenthesised(cursor, (inner) => {
      const part = parsePart(inner);
      inner.expectWord('FROM');
      const value = parseExpr(inner);
      const zone = inner.takeWords('AT', 'TIME', 'ZONE') ? parseExpr(inner) : undefined;
      return { kind: 'extract', part, value, zone, at };
    });
  }
  if (/^CURRENT_(DATE|TIME|DATETIME|TIMESTAMP)$/.test(word) && !called && !cursor.isSymbol('.', 1)) {
    cursor.next();
    return plain(word, word, at);
  }
  return undefined;
}

function parsePart(cursor: Cursor): string {
  const part = cursor.fieldName().toUpperCase();
  if (!cursor.takeSymbol('(')) return part;
  const day = cursor.fieldName().toUpperCase();
  cursor.expectSymbol(')');
  return `${part}(${day})`;
}
