import type { Cursor } from './cursor';
import { parseExpr } from './expressions';
import { parenthesised, parseList } from './lists';
import { parseQuery } from './queries';
import { parseStatements } from './statements';
import type { ScriptNode, StatementNode } from './tree';
import { parseType } from './typeNames';

const WORDS = [
  'DECLARE',
  'SET',
  'IF',
  'WHILE',
  'LOOP',
  'REPEAT',
  'FOR',
  'BEGIN',
  'BREAK',
  'LEAVE',
  'CONTINUE',
  'ITERATE',
  'RETURN',
  'RAISE',
  'COMMIT',
  'ROLLBACK',
  'EXECUTE',
  'CASE',
];

/** Whether a statement of the procedural language starts here. */
export function isScriptStart(cursor: Cursor): boolean {
  if (cursor.isIdentifier() && cursor.isSymbol(':', 1)) return true;
  return WORDS.some((word) => cursor.isWord(word));
}

/** Parses a statement of the procedural language: DECLARE, SET, IF, loops, blocks, transactions. */
export function parseScriptStatement(cursor: Cursor): StatementNode {
  const at = cursor.at;
  let label: string | undefined;
  if (cursor.isSymbol(':', 1)) {
    label = cursor.identifier().toLowerCase();
    cursor.next();
  }
  const word = cursor.next().value.toUpperCase();
  switch (word) {
    case 'DECLARE':
      return parseDeclare(cursor, at);
    case 'SET':
      return parseSet(cursor, at);
    case 'IF':
      return parseIf(cursor, at);
    case 'CASE':
      return parseCaseStatement(cursor, at);
    case 'WHILE': {
      const condition = parseExpr(cursor);
      cursor.expectWord('DO');
      return { kind: 'loop', condition, body: parseBody(cursor, 'WHILE', label), label, at };
    }
    case 'LOOP':
      return { kind: 'loop', body: parseBody(cursor, 'LOOP', label), label, at };
    case 'REPEAT': {
      const body = parseStatements(cursor, () => cursor.isWord('UNTIL'));
      cursor.expectWord('UNTIL');
      const until = parseExpr(cursor);
      cursor.expectWord('END');
      cursor.expectWord('REPEAT');
      return { kind: 'loop', until, body, label, at };
    }
    case 'FOR': {
      const name = cursor.identifier();
      cursor.expectWord('IN');
      const query = parenthesised(cursor, parseQuery);
      cursor.expectWord('DO');
      return { kind: 'for', name, query, body: parseBody(cursor, 'FOR', label), label, at };
    }
    case 'BEGIN':
      return parseBegin(cursor, label, at);
    case 'COMMIT':
    case 'ROLLBACK':
      cursor.takeWord('TRANSACTION');
      return { kind: 'transaction', what: word, at };
    case 'RAISE':
      return { kind: 'raise', message: cursor.takeWords('USING', 'MESSAGE') ? afterEquals(cursor) : undefined, at };
    case 'EXECUTE':
      return parseImmediate(cursor, at);
    case 'BREAK':
    case 'LEAVE':
      return {
        kind: 'leave',
        what: 'BREAK',
        label: cursor.isIdentifier() ? cursor.identifier().toLowerCase() : undefined,
        at,
      };
    case 'CONTINUE':
    case 'ITERATE':
      return {
        kind: 'leave',
        what: 'CONTINUE',
        label: cursor.isIdentifier() ? cursor.identifier().toLowerCase() : undefined,
        at,
      };
    default:
      return { kind: 'leave', what: 'RETURN', at };
  }
}

function afterEquals(cursor: Cursor) {
  cursor.expectSymbol('=');
  return parseExpr(cursor);
}

function parseDeclare(cursor: Cursor, at: number): StatementNode {
  const names = parseList(cursor, (inner) => inner.named());
  const type = cursor.isWord('DEFAULT') ? undefined : parseType(cursor);
  const value = cursor.takeWord('DEFAULT') ? parseExpr(cursor) : undefined;
  return { kind: 'declare', names, type, value, at };
}

function parseSet(cursor: Cursor, at: number): StatementNode {
  if (cursor.takeSymbol('@@')) {
    const name = cursor.dottedName();
    cursor.expectSymbol('=');
    return { kind: 'setSystem', name, value: parseExpr(cursor), at };
  }
  const names = cursor.isSymbol('(')
    ? parenthesised(cursor, (inner) => parseList(inner, (one) => one.named()))
    : [cursor.named()];
  cursor.expectSymbol('=');
  return { kind: 'set', names, value: parseExpr(cursor), at };
}

function parseIf(cursor: Cursor, at: number): StatementNode {
  const branches: Array<{ condition: ReturnType<typeof parseExpr>; body: ScriptNode[] }> = [];
  const stop = () => cursor.isWord('ELSEIF') || cursor.isWord('ELSE') || cursor.isWord('END');
  do {
    const condition = parseExpr(cursor);
    cursor.expectWord('THEN');
    branches.push({ condition, body: parseStatements(cursor, stop) });
  } while (cursor.takeWord('ELSEIF'));
  const otherwise = cursor.takeWord('ELSE') ? parseStatements(cursor, stop) : undefined;
  cursor.expectWord('END');
  cursor.expectWord('IF');
  return { kind: 'if', branches, otherwise, at };
}

function parseCaseStatement(cursor: Cursor, at: number): StatementNode {
  const operand = cursor.isWord('WHEN') ? undefined : parseExpr(cursor);
  const stop = () => cursor.isWord('WHEN') || cursor.isWord('ELSE') || cursor.isWord('END');
  const branches: Array<{ condition: ReturnType<typeof parseExpr>; body: ScriptNode[] }> = [];
  while (cursor.takeWord('WHEN')) {
    const when = parseExpr(cursor);
    cursor.expectWord('THEN');
    const condition =
      operand === undefined ? when : ({ kind: 'binary', op: '=', left: operand, right: when, at: when.at } as const);
    branches.push({ condition, body: parseStatements(cursor, stop) });
  }
  const otherwise = cursor.takeWord('ELSE') ? parseStatements(cursor, stop) : undefined;
  cursor.expectWord('END');
  cursor.expectWord('CASE');
  return { kind: 'if', branches, otherwise, at };
}

function parseBody(cursor: Cursor, word: string, label: string | undefined): ScriptNode[] {
  const body = parseStatements(cursor, () => cursor.isWord('END'));
  cursor.expectWord('END');
  cursor.expectWord(word);
  if (label !== undefined && cursor.isWord(label.toUpperCase())) cursor.next();
  return body;
}

function parseBegin(cursor: Cursor, label: string | undefined, at: number): StatementNode {
  if (cursor.takeWord('TRANSACTION') || cursor.isSymbol(';') || cursor.peek().kind === 'end')
    return { kind: 'transaction', what: 'BEGIN', at };
  const body = parseStatements(cursor, () => cursor.isWord('END') || cursor.isWord('EXCEPTION'));
  let handler: ScriptNode[] | undefined;
  if (cursor.takeWords('EXCEPTION', 'WHEN', 'ERROR', 'THEN'))
    handler = parseStatements(cursor, () => cursor.isWord('END'));
  cursor.expectWord('END');
  if (label !== undefined && cursor.isWord(label.toUpperCase())) cursor.next();
  return { kind: 'block', body, handler, label, at };
}

function parseImmediate(cursor: Cursor, at: number): StatementNode {
  cursor.expectWord('IMMEDIATE');
  const sql = parseExpr(cursor);
  const into = cursor.takeWord('INTO') ? parseList(cursor, (inner) => inner.named()) : [];
  const using = cursor.takeWord('USING')
    ? parseList(cursor, (inner) => {
        const value = parseExpr(inner);
        return { value, name: inner.takeWord('AS') ? inner.identifier() : undefined };
      })
    : [];
  return { kind: 'immediate', sql, into, using, at };
}
