import type { Cursor } from './cursor';
import { parseExpr } from './expressions';
import { parenthesised, parseList } from './lists';
import { parseQuery } from './queries';
import type { AlterNode, ColumnNode, CreateTableNode, OptionNode, PathNode, StatementNode, TypeNode } from './tree';
import { parseColumnRest, parseType } from './typeNames';

/** `OPTIONS(name = value, ...)`, or nothing. */
export function parseOptions(cursor: Cursor): OptionNode[] {
  if (!cursor.takeWord('OPTIONS')) return [];
  return parenthesised(cursor, (inner) => {
    if (inner.isSymbol(')')) return [];
    return parseList(inner, (one) => {
      const at = one.at;
      const name = one.fieldName();
      one.expectSymbol('=');
      return { name: name.toLowerCase(), value: parseExpr(one), at };
    });
  });
}

/** CREATE of any kind. */
export function parseCreate(cursor: Cursor): StatementNode {
  const at = cursor.next().at;
  const orReplace = cursor.takeWords('OR', 'REPLACE');
  const temporary = cursor.takeWord('TEMP') || cursor.takeWord('TEMPORARY');
  if (cursor.areWords('TABLE', 'FUNCTION'))
    cursor.fail('CREATE TABLE FUNCTION statements are not supported by the local BigQuery');
  if (cursor.takeWord('TABLE')) return parseCreateTable(cursor, at, orReplace, temporary);
  if (cursor.takeWord('VIEW')) return parseCreateView(cursor, at, orReplace);
  if (cursor.takeWord('SCHEMA')) {
    const ifNotExists = cursor.takeWords('IF', 'NOT', 'EXISTS');
    const path = cursor.path();
    skipCollation(cursor);
    return { kind: 'createSchema', path, ifNotExists, options: parseOptions(cursor), at };
  }
  if (cursor.takeWord('FUNCTION')) return parseCreateFunction(cursor, at, temporary);
  return cursor.fail(`CREATE ${cursor.peek().text.toUpperCase()} statements are not supported by the local BigQuery`);
}

function parseCreateTable(cursor: Cursor, at: number, orReplace: boolean, temporary: boolean): CreateTableNode {
  const ifNotExists = cursor.takeWords('IF', 'NOT', 'EXISTS');
  const path = cursor.path();
  const columns = cursor.isSymbol('(') ? parseColumns(cursor) : undefined;
  let like: PathNode | undefined;
  let copyOf: PathNode | undefined;
  if (cursor.takeWord('LIKE')) like = cursor.path();
  else if (cursor.takeWord('COPY') || cursor.takeWord('CLONE')) copyOf = cursor.path();
  skipCollation(cursor);
  const partitionBy = cursor.takeWords('PARTITION', 'BY') ? parseExpr(cursor) : undefined;
  const clusterBy = cursor.takeWords('CLUSTER', 'BY') ? parseList(cursor, parseExpr) : undefined;
  const options = parseOptions(cursor);
  const query = cursor.takeWord('AS') ? parseQuery(cursor) : undefined;
  if (columns === undefined && like === undefined && copyOf === undefined && query === undefined)
    cursor.fail(cursor.unexpected());
  return {
    kind: 'createTable',
    path,
    orReplace,
    ifNotExists,
    temporary,
    columns,
    partitionBy,
    clusterBy,
    options,
    like,
    copyOf,
    query,
    at,
  };
}

function skipCollation(cursor: Cursor): void {
  if (cursor.isWord('COLLATE', 1)) cursor.takeWord('DEFAULT');
  cursor.skipCollation();
}

function parseColumns(cursor: Cursor): ColumnNode[] {
  return parenthesised(cursor, (inner) => {
    const columns: ColumnNode[] = [];
    do {
      if (inner.isSymbol(')')) break;
      if (!skipConstraint(inner)) columns.push(parseColumn(inner));
    } while (inner.takeSymbol(','));
    return columns;
  });
}

/** Keys are not enforced by the service either. */
function skipConstraint(cursor: Cursor): boolean {
  if (!cursor.areWords('PRIMARY', 'KEY') && !cursor.areWords('FOREIGN', 'KEY') && !cursor.isWord('CONSTRAINT'))
    return false;
  let depth = 0;
  while (cursor.peek().kind !== 'end' && !(depth === 0 && (cursor.isSymbol(',') || cursor.isSymbol(')')))) {
    if (cursor.isSymbol('(')) depth += 1;
    if (cursor.isSymbol(')')) depth -= 1;
    cursor.next();
  }
  return true;
}

function parseColumn(cursor: Cursor): ColumnNode {
  const name = cursor.identifier();
  const type = parseType(cursor);
  return { name, type, ...parseColumnRest(cursor, parseOptions) };
}

function parseCreateView(cursor: Cursor, at: number, orReplace: boolean): StatementNode {
  const ifNotExists = cursor.takeWords('IF', 'NOT', 'EXISTS');
  const path = cursor.path();
  const columns = cursor.isSymbol('(')
    ? parenthesised(cursor, (inner) =>
        parseList(inner, (one) => {
          const name = one.identifier();
          parseOptions(one);
          return name;
        }),
      )
    : undefined;
  const options = parseOptions(cursor);
  cursor.expectWord('AS');
  const start = cursor.at;
  const query = parseQuery(cursor);
  return {
    kind: 'createView',
    path,
    orReplace,
    ifNotExists,
    columns,
    options,
    query,
    queryText: cursor.text.slice(start, cursor.previousEnd),
    at,
  };
}

function parseCreateFunction(cursor: Cursor, at: number, temporary: boolean): StatementNode {
  cursor.takeWords('IF', 'NOT', 'EXISTS');
  const path = cursor.path();
  const parameters = parenthesised(cursor, (inner) => {
    if (inner.isSymbol(')')) return [];
    return parseList(inner, (one): { name: string; type: TypeNode | 'ANY' } => {
      const name = one.identifier();
      return { name, type: one.takeWords('ANY', 'TYPE') ? 'ANY' : parseType(one) };
    });
  });
  const returns = cursor.takeWord('RETURNS') ? parseType(cursor) : undefined;
  if (cursor.isWord('LANGUAGE')) cursor.fail('Functions in other languages are not supported by the local BigQuery');
  parseOptions(cursor);
  cursor.expectWord('AS');
  const body = parenthesised(cursor, parseExpr);
  parseOptions(cursor);
  return { kind: 'createFunction', path, temporary, parameters, returns, body, at };
}

const DROPPED = [
  'TABLE FUNCTION',
  'TABLE',
  'VIEW',
  'SCHEMA',
  'MATERIALIZED VIEW',
  'EXTERNAL TABLE',
  'SNAPSHOT TABLE',
  'FUNCTION',
  'PROCEDURE',
] as const;

/** DROP of any kind; of what cannot be made here there is nothing to drop. */
export function parseDrop(cursor: Cursor): StatementNode {
  const at = cursor.next().at;
  const what = DROPPED.find((one) => cursor.takeWords(...one.split(' ')));
  if (what === undefined)
    return cursor.fail(`DROP ${cursor.peek().text.toUpperCase()} statements are not supported by the local BigQuery`);
  const ifExists = cursor.takeWords('IF', 'EXISTS');
  const path = cursor.path();
  const cascade = cursor.takeWord('CASCADE');
  if (!cascade) cursor.takeWord('RESTRICT');
  return { kind: 'drop', what, path, ifExists, cascade, at };
}

/** ALTER TABLE, VIEW or SCHEMA. */
export function parseAlter(cursor: Cursor): StatementNode {
  const at = cursor.next().at;
  const what = (['TABLE', 'VIEW', 'SCHEMA'] as const).find((one) => cursor.takeWord(one));
  if (what === undefined)
    return cursor.fail(`ALTER ${cursor.peek().text.toUpperCase()} statements are not supported by the local BigQuery`);
  const ifExists = cursor.takeWords('IF', 'EXISTS');
  const path = cursor.path();
  return { kind: 'alter', what, path, ifExists, actions: parseList(cursor, parseAction), at };
}

function parseAction(cursor: Cursor): AlterNode {
  if (cursor.takeWord('ADD')) {
    cursor.expectWord('COLUMN');
    const ifNotExists = cursor.takeWords('IF', 'NOT', 'EXISTS');
    return { kind: 'addColumn', column: parseColumn(cursor), ifNotExists };
  }
  if (cursor.takeWords('DROP', 'COLUMN')) {
    const ifExists = cursor.takeWords('IF', 'EXISTS');
    return { kind: 'dropColumn', name: cursor.identifier(), ifExists };
  }
  if (cursor.takeWords('RENAME', 'TO')) return { kind: 'renameTable', to: cursor.path().parts.join('.') };
  if (cursor.takeWords('RENAME', 'COLUMN')) {
    const ifExists = cursor.takeWords('IF', 'EXISTS');
    const from = cursor.identifier();
    cursor.expectWord('TO');
    return { kind: 'renameColumn', from, to: cursor.identifier(), ifExists };
  }
  if (cursor.takeWords('SET', 'OPTIONS')) {
    cursor.reset(cursor.mark() - 1);
    return { kind: 'options', options: parseOptions(cursor) };
  }
  if (cursor.takeWords('ALTER', 'COLUMN')) {
    cursor.takeWords('IF', 'EXISTS');
    return parseAlterColumn(cursor, cursor.dottedName());
  }
  return cursor.fail(cursor.unexpected());
}

function parseAlterColumn(cursor: Cursor, name: string): AlterNode {
  if (cursor.takeWords('DROP', 'NOT', 'NULL')) return { kind: 'dropNotNull', name };
  if (cursor.takeWords('DROP', 'DEFAULT')) return { kind: 'columnDefault', name, text: null };
  if (cursor.takeWords('SET', 'DATA', 'TYPE')) return { kind: 'setType', name, type: parseType(cursor) };
  if (cursor.takeWords('SET', 'DEFAULT')) {
    const start = cursor.at;
    parseExpr(cursor);
    return { kind: 'columnDefault', name, text: cursor.text.slice(start, cursor.previousEnd) };
  }
  cursor.expectWord('SET');
  return { kind: 'columnOptions', name, options: parseOptions(cursor) };
}
