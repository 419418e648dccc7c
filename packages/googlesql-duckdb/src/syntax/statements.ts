import { PositionedError } from '../errors';
import type { Cursor } from './cursor';
import { parseAlter, parseCreate, parseDrop } from './ddl';
import { parseExpr } from './expressions';
import { parseFrom } from './from';
import { parenthesised, parseList } from './lists';
import { isQueryStart, parseQuery } from './queries';
import { isScriptStart, parseScriptStatement } from './scripting';
import type { Assignment, Expr, MergeAction, MergeWhen, ScriptNode, StatementNode } from './tree';

/** Parses statements until the end of the text or until `stop` returns true. */
export function parseStatements(cursor: Cursor, stop: () => boolean): ScriptNode[] {
  const nodes: ScriptNode[] = [];
  for (;;) {
    while (cursor.takeSymbol(';'));
    if (cursor.peek().kind === 'end' || stop()) return nodes;
    const start = cursor.at;
    const node = parseStatement(cursor);
    nodes.push({ node, start, end: cursor.previousEnd });
    if (cursor.peek().kind !== 'end' && !cursor.isSymbol(';') && !stop()) cursor.end();
  }
}

function parseStatement(cursor: Cursor): StatementNode {
  const at = cursor.at;
  if (isQueryStart(cursor)) return { kind: 'query', query: parseQuery(cursor), at };
  if (isScriptStart(cursor)) return parseScriptStatement(cursor);
  const word = cursor.peek().kind === 'identifier' ? cursor.peek().value.toUpperCase() : '';
  switch (word) {
    case 'INSERT':
      return parseInsert(cursor);
    case 'UPDATE':
      return parseUpdate(cursor);
    case 'DELETE':
      return parseDelete(cursor);
    case 'TRUNCATE':
      cursor.next();
      cursor.expectWord('TABLE');
      return { kind: 'truncate', path: cursor.path(), at };
    case 'MERGE':
      return parseMerge(cursor);
    case 'CREATE':
      return parseCreate(cursor);
    case 'DROP':
      return parseDrop(cursor);
    case 'ALTER':
      return parseAlter(cursor);
    case 'ASSERT': {
      cursor.next();
      const condition = parseExpr(cursor);
      return { kind: 'assert', condition, message: cursor.takeWord('AS') ? cursor.next().value : undefined, at };
    }
    case 'EXPORT':
    case 'CALL':
    case 'GRANT':
    case 'REVOKE':
    case 'LOAD':
      return cursor.fail(`${word} statements are not supported by the local BigQuery`);
    default:
      return cursor.fail(cursor.unexpected());
  }
}

function columnNames(cursor: Cursor) {
  return parenthesised(cursor, (inner) => parseList(inner, (one) => one.named()));
}

function parseInsert(cursor: Cursor): StatementNode {
  const at = cursor.next().at;
  cursor.takeWord('INTO');
  const path = cursor.path();
  const columns = cursor.isSymbol('(') && !isQueryStart(cursor) ? columnNames(cursor) : undefined;
  if (cursor.takeWord('VALUES')) return { kind: 'insert', path, columns, rows: parseList(cursor, parseRow), at };
  if (cursor.takeWord('ROW')) return { kind: 'insert', path, columns, rows: [parseRow(cursor)], at };
  if (!isQueryStart(cursor)) cursor.fail(cursor.unexpected());
  return { kind: 'insert', path, columns, query: parseQuery(cursor), at };
}

function parseRow(cursor: Cursor): readonly Expr[] {
  return parenthesised(cursor, (inner) => parseList(inner, parseExpr));
}

function parseUpdate(cursor: Cursor): StatementNode {
  const at = cursor.next().at;
  const path = cursor.path();
  const alias = cursor.isWord('SET') ? undefined : parseTargetAlias(cursor);
  cursor.expectWord('SET');
  const set = parseList(cursor, parseAssignment);
  const from = cursor.takeWord('FROM') ? parseFrom(cursor) : undefined;
  expectWhere(cursor, 'UPDATE', at);
  return { kind: 'update', path, alias, set, from, where: parseExpr(cursor), at };
}

function expectWhere(cursor: Cursor, statement: 'UPDATE' | 'DELETE', at: number): void {
  if (cursor.takeWord('WHERE')) return;
  if (cursor.peek().kind === 'end') throw new PositionedError(`${statement} must have a WHERE clause`, at);
  cursor.fail(`Expected keyword WHERE but got ${cursor.describe()}`);
}

function parseAssignment(cursor: Cursor): Assignment {
  const at = cursor.at;
  const path = [cursor.identifier()];
  while (cursor.takeSymbol('.')) path.push(cursor.fieldName());
  cursor.expectSymbol('=');
  return { path, value: parseExpr(cursor), at };
}

function parseTargetAlias(cursor: Cursor): string | undefined {
  if (cursor.takeWord('AS')) return cursor.identifier();
  return cursor.isIdentifier() ? cursor.identifier() : undefined;
}

function parseDelete(cursor: Cursor): StatementNode {
  const at = cursor.next().at;
  cursor.takeWord('FROM');
  const path = cursor.path();
  const alias = parseTargetAlias(cursor);
  expectWhere(cursor, 'DELETE', at);
  return { kind: 'delete', path, alias, where: parseExpr(cursor), at };
}

function parseMerge(cursor: Cursor): StatementNode {
  const at = cursor.next().at;
  cursor.takeWord('INTO');
  const path = cursor.path();
  const alias = cursor.isWord('USING') ? undefined : parseTargetAlias(cursor);
  cursor.expectWord('USING');
  const using = parseFrom(cursor);
  cursor.expectWord('ON');
  const on = parseExpr(cursor);
  const whens: MergeWhen[] = [];
  while (cursor.takeWord('WHEN')) whens.push(parseWhen(cursor));
  if (whens.length === 0) cursor.fail(`Expected keyword WHEN but got ${cursor.describe()}`);
  return { kind: 'merge', path, alias, using, on, whens, at };
}

function parseWhen(cursor: Cursor): MergeWhen {
  let matched: MergeWhen['matched'] = 'MATCHED';
  if (cursor.takeWord('NOT')) {
    cursor.expectWord('MATCHED');
    matched = 'NOT MATCHED';
    if (cursor.takeWord('BY')) {
      if (cursor.takeWord('SOURCE')) matched = 'NOT MATCHED BY SOURCE';
      else cursor.expectWord('TARGET');
    }
  } else {
    cursor.expectWord('MATCHED');
  }
  const condition = cursor.takeWord('AND') ? parseExpr(cursor) : undefined;
  cursor.expectWord('THEN');
  const at = cursor.at;
  const action = parseAction(cursor);
  if ((matched === 'NOT MATCHED') !== (action.kind === 'insert'))
    cursor.fail(`${action.kind.toUpperCase()} is not allowed after WHEN ${matched}`, at);
  return { matched, condition, action };
}

function parseAction(cursor: Cursor): MergeAction {
  if (cursor.takeWord('DELETE')) return { kind: 'delete' };
  if (cursor.takeWord('UPDATE')) {
    cursor.expectWord('SET');
    return { kind: 'update', set: parseList(cursor, parseAssignment) };
  }
  cursor.expectWord('INSERT');
  const columns = cursor.isSymbol('(') ? columnNames(cursor) : undefined;
  if (cursor.takeWord('ROW')) return { kind: 'insert', columns };
  cursor.expectWord('VALUES');
  return { kind: 'insert', columns, values: parseRow(cursor) };
}
