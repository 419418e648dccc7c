import { parseConstraint } from './constraints';
import type { Cursor } from './cursor';
import { parseExpr } from './expressions';
import { parenthesised, parseList } from './lists';
import { parseQuery } from './queries';
import type {
  AlterNode,
  ColumnNode,
  ConstraintNode,
  CreateTableNode,
  OptionNode,
  PathNode,
  StatementNode,
  TypeNode,
} from './tree';
import { parseColumnRest, parseType } from './typeNames';

/** Parses `OPTIONS(name = value, ...)` if it follows. */
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

/** Parses CREATE of any kind. */
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
  const { columns, constraints } = cursor.isSymbol('(') ? parseColumns(cursor) : { constraints: [] };
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
    constraints,
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

function parseColumns(cursor: Cursor): Pick<CreateTableNode, 'columns' | 'constraints'> {
  return parenthesised(cursor, (inner) => {
    const columns: ColumnNode[] = [];
    const constraints: ConstraintNode[] = [];
    do {
      if (inner.isSymbol(')')) break;
      const constraint = parseConstraint(inner);
      if (constraint !== undefined) constraints.push(constraint);
      else columns.push(parseColumn(inner));
    } while (inner.takeSymbol(','));
    return { columns, constraints: [...columns.flatMap((column) => column.constraint ?? []), ...constraints] };
  });
}

function parseColumn(cursor: Cursor): ColumnNode {
  const column = cursor.named();
  const type = parseType(cursor);
  return { name: column.name, type, ...parseColumnRest(cursor, parseOptions, column) };
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

/** Parses DROP of any kind. Kinds that the emulator cannot create are accepted: such objects never exist. */
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

/** Parses ALTER TABLE, VIEW or SCHEMA. */
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
    if (!cursor.isWord('COLUMN')) return parseAddConstraint(cursor);
    cursor.expectWord('COLUMN');
    const ifNotExists = cursor.takeWords('IF', 'NOT', 'EXISTS');
    return { kind: 'addColumn', column: parseColumn(cursor), ifNotExists };
  }
  if (cursor.takeWords('DROP', 'COLUMN')) {
    const ifExists = cursor.takeWords('IF', 'EXISTS');
    return { kind: 'dropColumn', name: cursor.identifier(), ifExists };
  }
  if (cursor.takeWords('DROP', 'PRIMARY', 'KEY'))
    return { kind: 'dropConstraint', ifExists: cursor.takeWords('IF', 'EXISTS') };
  if (cursor.takeWords('DROP', 'CONSTRAINT')) {
    const ifExists = cursor.takeWords('IF', 'EXISTS');
    return { kind: 'dropConstraint', name: cursor.identifier(), ifExists };
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

function parseAddConstraint(cursor: Cursor): AlterNode {
  // IF NOT EXISTS is between CONSTRAINT and the name.
  const ifNotExists = cursor.areWords('CONSTRAINT', 'IF', 'NOT', 'EXISTS');
  const name = ifNotExists && cursor.takeWords('CONSTRAINT', 'IF', 'NOT', 'EXISTS') ? cursor.identifier() : undefined;
  const constraint = parseConstraint(cursor);
  if (constraint === undefined) return cursor.fail(`Expected keyword COLUMN but got ${cursor.describe()}`);
  return { kind: 'addConstraint', constraint: name === undefined ? constraint : { ...constraint, name }, ifNotExists };
}

function parseAlterColumn(cursor: Cursor, name: string): AlterNode {
  if (cursor.takeWords('DROP', 'NOT', 'NULL')) return { kind: 'dropNotNull', name };
  if (cursor.takeWords('DROP', 'DEFAULT')) return { kind: 'columnDefault', name, text: null, at: cursor.at };
  if (cursor.takeWords('SET', 'DATA', 'TYPE')) return { kind: 'setType', name, type: parseType(cursor) };
  if (cursor.takeWords('SET', 'DEFAULT')) {
    const start = cursor.at;
    parseExpr(cursor);
    return { kind: 'columnDefault', name, text: cursor.text.slice(start, cursor.previousEnd), at: start };
  }
  cursor.expectWord('SET');
  return { kind: 'columnOptions', name, options: parseOptions(cursor) };
}
