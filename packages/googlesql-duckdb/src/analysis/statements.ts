import type { Statement, StatementKind, TableField, TableInfo, TableRef } from '../contract';
import { SqlError } from '../errors';
import type { Query, StatementNode } from '../syntax/tree';
import { toField } from '../types';
import type { Context } from './context';
import { analyseCreateTable } from './createTable';
import { analyseAlter, analyseCreateSchema, analyseCreateView, analyseDrop, type Change } from './ddl';
import { analyseDelete, analyseUpdate } from './dml';
import { analyseInsert } from './insert';
import { analyseMerge } from './merge';
import { analyseQuery, type QueryResult } from './queries';
import { analyseTarget } from './target';
import { withoutNulls } from './values';

/** Statements outside of the procedural language. */
export type PlainNode = Extract<
  StatementNode,
  {
    kind:
      | 'query'
      | 'insert'
      | 'update'
      | 'delete'
      | 'truncate'
      | 'merge'
      | 'createTable'
      | 'createView'
      | 'createSchema'
      | 'drop'
      | 'alter';
  }
>;

const PLAIN: ReadonlySet<string> = new Set([
  'query',
  'insert',
  'update',
  'delete',
  'truncate',
  'merge',
  'createTable',
  'createView',
  'createSchema',
  'drop',
  'alter',
]);

/** Whether the statement is outside of the procedural language. */
export function isPlain(node: StatementNode): node is PlainNode {
  return PLAIN.has(node.kind);
}

/** A translated statement and the check to run before it. */
export interface Translated {
  readonly statement: Statement;
  /** Query of one BOOL that must be false for the statement to run. */
  readonly check: string | undefined;
}

/** Translates one statement. */
export function analyseStatement(node: PlainNode, text: string, context: Context): Translated {
  const made = translate(node, context);
  if (node.kind !== 'createView') context.filters.check();
  const base = { text, parameters: {}, parameterTypes: {}, reads: [...context.reads.values()] };
  return { statement: { ...base, ...made.statement }, check: made.check };
}

type Made = Pick<Statement, 'kind' | 'duckdb' | 'target' | 'ddl' | 'schema' | 'returnsMergeAction'>;

function translate(node: PlainNode, context: Context): { statement: Made; check?: string | undefined } {
  switch (node.kind) {
    case 'query':
      return { statement: selectStatement(node.query, context) };
    case 'insert':
      return dml('INSERT', analyseInsert(node, context));
    case 'update':
      return dml('UPDATE', analyseUpdate(node, context));
    case 'delete':
      return dml('DELETE', analyseDelete(node, context));
    case 'merge': {
      const merge = analyseMerge(node, context);
      return {
        statement: { kind: 'MERGE', duckdb: merge.sql, target: refOnly(merge.table), returnsMergeAction: true },
        check: merge.check,
      };
    }
    case 'truncate': {
      const { table } = analyseTarget(node.path, undefined, context);
      return {
        statement: {
          kind: 'TRUNCATE_TABLE',
          duckdb: '',
          target: refOnly(table),
          ddl: { op: 'truncate', table: refOnly(table) },
        },
      };
    }
    case 'createTable':
      return ddl(analyseCreateTable(node, context));
    case 'createView':
      return ddl(analyseCreateView(node, context));
    case 'createSchema':
      return ddl(analyseCreateSchema(node, context));
    case 'drop':
      return ddl(analyseDrop(node, context));
    default:
      return ddl(analyseAlter(node, context));
  }
}

function refOnly(table: TableInfo): TableRef {
  return { projectId: table.projectId, datasetId: table.datasetId, tableId: table.tableId };
}

function dml(kind: StatementKind, made: { sql: string; table: TableInfo }): { statement: Made } {
  return { statement: { kind, duckdb: made.sql, target: refOnly(made.table) } };
}

function ddl(change: Change): { statement: Made } {
  const target = 'table' in change.ddl ? change.ddl.table : undefined;
  return {
    statement: {
      kind: change.kind,
      duckdb: change.sql,
      ddl: change.ddl,
      target,
      schema: change.schema,
    },
  };
}

/** Makes the query fail when a result array contains NULL, as BigQuery does. */
function checkedArrays(result: QueryResult, schema: readonly TableField[]): string {
  if (!result.columns.some((column) => column.type.kind === 'ARRAY')) return result.sql;
  const items = result.columns.map((column, place) => {
    const sql = `s.${column.sql}`;
    return `${column.type.kind === 'ARRAY' ? withoutNulls(sql, column.type, schema[place]?.name ?? '') : sql} AS ${column.sql}`;
  });
  return `SELECT ${items.join(', ')} FROM (${result.sql}) AS s`;
}

/** Translates a query and its result schema. Columns without a name become `f0_`, `f1_`. */
export function selectStatement(query: Query, context: Context): Made {
  const result = analyseQuery(query, context);
  const [only] = result.columns;
  if (result.valueTable && only?.type.kind === 'STRUCT') {
    const fields = only.type.fields.map((field, place) => toField(field.name || `f${place}_`, field.type));
    return { kind: 'SELECT', duckdb: `SELECT unnest(${only.sql}) FROM (${result.sql}) AS "s"`, schema: fields };
  }
  let nameless = 0;
  const seen = new Map<string, string>();
  const duplicates: string[] = [];
  const schema = result.columns.map((column) => {
    if (column.name === '') nameless += 1;
    const name = column.name === '' ? `f${nameless - 1}_` : column.name;
    if (seen.has(name.toLowerCase())) duplicates.push(name);
    seen.set(name.toLowerCase(), name);
    return toField(name, column.type);
  });
  if (context.legacy && schema.some((field) => field.type === 'RECORD' || field.mode === 'REPEATED')) {
    throw new SqlError(
      'invalidQuery',
      'Legacy SQL flattens nested and repeated results, which the local BigQuery does not: use GoogleSQL',
    );
  }
  if (duplicates.length > 0)
    throw new SqlError(
      'invalidQuery',
      `Duplicate column names in the result are not supported when a destination table is present. Found duplicate(s): ${[...new Set(duplicates)].join(', ')}`,
    );
  return { kind: 'SELECT', duckdb: checkedArrays(result, schema), schema };
}
