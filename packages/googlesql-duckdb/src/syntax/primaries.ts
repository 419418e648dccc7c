import { parseCall, parseSpecialCall } from './calls';
import type { Cursor } from './cursor';
import { parseBits, parseExpr } from './expressions';
import { bytesOf } from './lexer';
import { parenthesised, parseList } from './lists';
import { isQueryStart, parseQuery } from './queries';
import type { Expr, TypedLiteralType } from './tree';
import { parseType } from './typeNames';

const INDEX_MODES = ['OFFSET', 'ORDINAL', 'SAFE_OFFSET', 'SAFE_ORDINAL'] as const;

/** Parses a value with the fields and subscripts that follow it. */
export function parsePostfix(cursor: Cursor): Expr {
  let base = parsePrimary(cursor);
  for (;;) {
    const at = cursor.at;
    if (cursor.isSymbol('.') && !cursor.isSymbol('*', 1) && !cursor.isSymbol('(', 1)) {
      cursor.next();
      const name = cursor.fieldName();
      if (cursor.isSymbol('(') && dotted(base) !== undefined) {
        base = parseCall(cursor, `${dotted(base)}.${name}`, startOf(base));
      } else {
        base = { kind: 'field', base, name, at: at + 1 };
      }
    } else if (cursor.takeSymbol('[')) {
      const mode = INDEX_MODES.find((one) => cursor.isWord(one) && cursor.isSymbol('(', 1));
      if (mode !== undefined) cursor.next();
      const index = mode === undefined ? parseExpr(cursor) : parenthesised(cursor, parseExpr);
      cursor.expectSymbol(']');
      base = { kind: 'index', base, index, mode: mode ?? 'PLAIN', at };
    } else {
      return base;
    }
  }
}

/** The text of a dotted name, for functions such as `NET.HOST`; undefined for other expressions. */
function dotted(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.name;
  if (expr.kind !== 'field') return undefined;
  const base = dotted(expr.base);
  return base === undefined ? undefined : `${base}.${expr.name}`;
}

function startOf(expr: Expr): number {
  return expr.kind === 'field' ? startOf(expr.base) : expr.at;
}

const TYPED_LITERALS: ReadonlySet<string> = new Set([
  'DATE',
  'TIME',
  'DATETIME',
  'TIMESTAMP',
  'NUMERIC',
  'BIGNUMERIC',
  'DECIMAL',
  'BIGDECIMAL',
  'JSON',
]);

function parsePrimary(cursor: Cursor): Expr {
  const token = cursor.peek();
  const at = token.at;
  switch (token.kind) {
    case 'integer':
      return { kind: 'literal', type: 'INT64', value: cursor.next().value, at };
    case 'float':
      return { kind: 'literal', type: 'FLOAT64', value: cursor.next().value, at };
    case 'string':
      return { kind: 'literal', type: 'STRING', value: adjacentStrings(cursor), at };
    case 'bytes':
      return { kind: 'bytes', value: bytesOf(cursor.next()), at };
    case 'quoted': {
      const name = cursor.next().value;
      return cursor.isSymbol('(') ? parseCall(cursor, name, at) : { kind: 'name', name, quoted: true, at };
    }
    case 'symbol':
      return parseSymbol(cursor);
    case 'identifier':
      return parseWord(cursor);
    default:
      return cursor.fail(cursor.unexpected());
  }
}

function adjacentStrings(cursor: Cursor): string {
  return cursor.next().value;
}

function parseSymbol(cursor: Cursor): Expr {
  const at = cursor.at;
  if (cursor.takeSymbol('(')) return parseParenthesis(cursor, at);
  if (cursor.takeSymbol('[')) return parseArrayItems(cursor, at);
  if (cursor.takeSymbol('?')) {
    cursor.positions += 1;
    return { kind: 'position', index: cursor.positions - 1, at };
  }
  if (cursor.takeSymbol('@@')) {
    return { kind: 'system', name: cursor.dottedName(), at };
  }
  if (cursor.takeSymbol('@')) return { kind: 'parameter', name: cursor.fieldName(), at };
  return cursor.fail(cursor.unexpected());
}

function parseParenthesis(cursor: Cursor, at: number): Expr {
  if (isQueryStart(cursor)) {
    const mark = cursor.mark();
    const query = parseQuery(cursor);
    if (cursor.takeSymbol(')')) return { kind: 'subquery', query, at };
    // "((SELECT 1) + 2)": the subquery is part of an expression.
    cursor.reset(mark);
  }
  const items = parseList(cursor, parseExpr);
  cursor.expectSymbol(')');
  const [first] = items;
  if (items.length === 1 && first !== undefined) return first;
  return { kind: 'struct', fields: items.map((value) => ({ value })), tuple: true, at };
}

function parseArrayItems(cursor: Cursor, at: number): Expr {
  const items = cursor.isSymbol(']') ? [] : parseList(cursor, parseExpr);
  cursor.expectSymbol(']');
  return { kind: 'array', items, at };
}

function parseWord(cursor: Cursor): Expr {
  const token = cursor.peek();
  const at = token.at;
  const word = token.value.toUpperCase();
  if (word === 'TRUE' || word === 'FALSE') {
    cursor.next();
    return { kind: 'literal', type: 'BOOL', value: word, at };
  }
  if (word === 'NULL') {
    cursor.next();
    return { kind: 'literal', type: 'NULL', value: 'NULL', at };
  }
  if (word === 'CASE') return parseCase(cursor);
  if (word === 'INTERVAL') return parseInterval(cursor);
  if (word === 'EXISTS' && cursor.isSymbol('(', 1)) {
    cursor.next();
    return { kind: 'exists', query: parenthesised(cursor, parseQuery), at };
  }
  if (TYPED_LITERALS.has(word) && cursor.peek(1).kind === 'string') {
    cursor.next();
    return { kind: 'typed', type: typedLiteral(word), value: cursor.next().value, at };
  }
  if (word === 'RANGE' && cursor.isSymbol('<', 1)) {
    const type = parseType(cursor);
    if (cursor.peek().kind !== 'string') cursor.fail(cursor.unexpected());
    return { kind: 'typed', type: 'RANGE', element: type.element, value: cursor.next().value, at };
  }
  if (word === 'WITH' && cursor.isSymbol('(', 1)) return parseWithExpression(cursor);
  if (word === 'ARRAY') return parseArray(cursor, at);
  if (word === 'STRUCT') return parseStruct(cursor, at);
  const special = parseSpecialCall(cursor, word);
  if (special !== undefined) return special;
  if (cursor.isSymbol('(', 1) && (!cursor.isReserved() || FUNCTION_KEYWORDS.has(word))) {
    cursor.next();
    return parseCall(cursor, token.value, at);
  }
  if (word === 'DEFAULT') {
    cursor.next();
    return { kind: 'default', at };
  }
  if (cursor.isReserved()) cursor.fail(cursor.unexpected());
  cursor.next();
  return { kind: 'name', name: token.value, quoted: false, at };
}

/** Reserved words that are also functions. */
const FUNCTION_KEYWORDS: ReadonlySet<string> = new Set([
  'IF',
  'LEFT',
  'RIGHT',
  'GROUPING',
  'COLLATE',
  'RANGE',
  'CONTAINS',
]);

function typedLiteral(word: string): TypedLiteralType {
  if (word === 'DECIMAL') return 'NUMERIC';
  return (word === 'BIGDECIMAL' ? 'BIGNUMERIC' : word) as TypedLiteralType;
}

function parseCase(cursor: Cursor): Expr {
  const at = cursor.next().at;
  const operand = cursor.isWord('WHEN') ? undefined : parseExpr(cursor);
  const whens: Array<{ when: Expr; result: Expr }> = [];
  while (cursor.takeWord('WHEN')) {
    const when = parseExpr(cursor);
    cursor.expectWord('THEN');
    whens.push({ when, result: parseExpr(cursor) });
  }
  if (whens.length === 0) cursor.fail(`Expected keyword WHEN but got ${cursor.describe()}`);
  const otherwise = cursor.takeWord('ELSE') ? parseExpr(cursor) : undefined;
  cursor.expectWord('END');
  return { kind: 'case', operand, whens, otherwise, at };
}

/** Parses `WITH(a AS 1, b AS a + 1, a * b)`. */
function parseWithExpression(cursor: Cursor): Expr {
  const at = cursor.next().at;
  cursor.expectSymbol('(');
  const variables: Array<{ name: string; value: Expr }> = [];
  while (cursor.isWord('AS', 1)) {
    const name = cursor.identifier();
    cursor.expectWord('AS');
    variables.push({ name, value: parseExpr(cursor) });
    cursor.expectSymbol(',');
  }
  const result = parseExpr(cursor);
  cursor.expectSymbol(')');
  return { kind: 'with', variables, result, at };
}

function parseInterval(cursor: Cursor): Expr {
  const at = cursor.next().at;
  const value = parseBits(cursor);
  const from = cursor.fieldName().toUpperCase();
  const to = cursor.takeWord('TO') ? cursor.fieldName().toUpperCase() : undefined;
  return { kind: 'interval', value, from, to, at };
}

function parseArray(cursor: Cursor, at: number): Expr {
  if (cursor.isSymbol('(', 1)) {
    cursor.next();
    return { kind: 'arrayQuery', query: parenthesised(cursor, parseQuery), at };
  }
  const type = cursor.isSymbol('<', 1) ? parseType(cursor) : undefined;
  if (type === undefined) cursor.next();
  cursor.expectSymbol('[');
  const array = parseArrayItems(cursor, at);
  return array.kind === 'array' ? { ...array, type } : array;
}

function parseStruct(cursor: Cursor, at: number): Expr {
  const type = cursor.isSymbol('<', 1) ? parseType(cursor) : undefined;
  if (type === undefined) cursor.next();
  cursor.expectSymbol('(');
  const fields = cursor.isSymbol(')')
    ? []
    : parseList(cursor, (inner) => {
        const value = parseExpr(inner);
        const name = inner.takeWord('AS') ? inner.identifier() : undefined;
        return { name, value };
      });
  cursor.expectSymbol(')');
  return { kind: 'struct', type, fields, tuple: false, at };
}
