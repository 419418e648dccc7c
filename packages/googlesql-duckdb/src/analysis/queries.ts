import { quoted } from '../duckdb/names';
import type { Query, QueryBody } from '../syntax/tree';
import { duckdbType, INT64, type SqlType, samePhysical, typeName } from '../types';
import { type CommonTable, type CommonTables, type Context, failAt, freshName } from './context';
import { analyse } from './expressions';
import { limitSql, ordinal } from './limits';
import { sortKey } from './ordering';
import { Scope } from './scope';
import { analyseSelect } from './select';
import { coerce, nullOf, supertype, type Value } from './values';

/** A column of a query's result. */
export interface ResultColumn {
  /** Empty for a column without a name. */
  readonly name: string;
  /** Quoted name of the column in the DuckDB query. */
  readonly sql: string;
  readonly physical: string;
  readonly type: SqlType;
  /** The required partition filters that a condition on this column satisfies (see PartitionFilters). */
  readonly partitions?: readonly number[];
}

/** A translated query. */
export interface QueryResult {
  readonly sql: string;
  readonly columns: readonly ResultColumn[];
  /** True for SELECT AS STRUCT and AS VALUE, whose rows are values. */
  readonly valueTable: boolean;
  /** SQL of each cell by row, when the query is a list of constant rows. */
  readonly rows?: ReadonlyArray<readonly string[]> | undefined;
}

/** Translates a query; `outer` is the scope around a subquery. */
export function analyseQuery(
  query: Query,
  context: Context,
  outer?: Scope,
  tables: CommonTables = new Map(),
): QueryResult {
  const { visible, prefix } = analyseWith(query, context, outer, tables);
  const result = analyseBody(query.body, query, context, outer, visible);
  return { ...result, sql: `${prefix}${result.sql}`, rows: prefix === '' ? result.rows : undefined };
}

function analyseWith(
  query: Query,
  context: Context,
  outer: Scope | undefined,
  tables: CommonTables,
): { visible: CommonTables; prefix: string } {
  if (query.with.length === 0) return { visible: tables, prefix: '' };
  const visible = new Map(tables);
  const parts: string[] = [];
  const seen = new Set<string>();
  for (const cte of query.with) {
    if (seen.has(cte.name.toLowerCase())) failAt(cte.at, `Duplicate alias ${cte.name} for WITH subquery`);
    seen.add(cte.name.toLowerCase());
    const relation = freshName(context, cte.name);
    const result =
      query.recursive && refersTo(cte.query, cte.name)
        ? analyseRecursive(cte.query, cte.name, relation, context, outer, visible)
        : analyseQuery(cte.query, context, outer, visible);
    parts.push(`${quoted(relation)}(${result.columns.map((column) => column.sql).join(', ')}) AS (${result.sql})`);
    visible.set(cte.name.toLowerCase(), commonTable(cte.name, relation, result));
  }
  return { visible, prefix: `WITH ${query.recursive ? 'RECURSIVE ' : ''}${parts.join(', ')} ` };
}

function commonTable(name: string, relation: string, result: QueryResult): CommonTable {
  return {
    name,
    relation,
    columns: result.columns.map(({ name, physical, type, partitions }) => ({ name, physical, type, partitions })),
    valueTable: result.valueTable,
  };
}

/** Whether the query names the table anywhere. That is enough to detect recursive members of WITH RECURSIVE. */
function refersTo(query: Query, name: string): boolean {
  return JSON.stringify(query, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    .toLowerCase()
    .includes(`"parts":["${name.toLowerCase()}"]`);
}

/** Translates a recursive member. The base term defines the columns; the recursive term may name the table. */
function analyseRecursive(
  query: Query,
  name: string,
  relation: string,
  context: Context,
  outer: Scope | undefined,
  tables: CommonTables,
): QueryResult {
  if (query.body.kind !== 'set' || query.body.op !== 'UNION')
    return failAt(query.at, `Recursive query '${name}' must be a UNION of a base term and a recursive term`);
  const base = analyseBody(query.body.left, undefined, context, outer, tables);
  const visible = new Map(tables).set(name.toLowerCase(), commonTable(name, relation, base));
  const step = analyseBody(query.body.right, undefined, context, outer, visible);
  const sides = [base, step].map((side) =>
    castColumns(
      side,
      base.columns.map((column) => column.type),
    ),
  );
  return { ...base, sql: `${sides[0]} UNION ${query.body.all ? 'ALL ' : ''}${sides[1]}`, rows: undefined };
}

function castColumns(result: QueryResult, types: readonly SqlType[]): string {
  if (result.columns.every((column, place) => samePhysical(column.type, types[place] ?? column.type)))
    return `(${result.sql})`;
  const items = result.columns.map(
    (column, place) => `${castColumn(column.sql, column.type, types[place])} AS ${column.sql}`,
  );
  return `(SELECT ${items.join(', ')} FROM (${result.sql}) AS "u")`;
}

function castColumn(sql: string, type: SqlType = INT64, wanted: SqlType = type): string {
  if (samePhysical(type, wanted)) return sql;
  return coerce({ sql, type }, wanted)?.sql ?? `CAST(${sql} AS ${duckdbType(wanted)})`;
}

export type Tail = Pick<Query, 'orderBy' | 'limit' | 'offset'>;

function analyseBody(
  body: QueryBody,
  tail: Tail | undefined,
  context: Context,
  outer: Scope | undefined,
  tables: CommonTables,
): QueryResult {
  if (body.kind === 'select') return analyseSelect(body, tail, context, outer, tables);
  if (body.kind === 'nested') {
    const inner = analyseQuery(body.query, context, outer, tables);
    if (tail === undefined || (tail.orderBy.length === 0 && tail.limit === undefined))
      return { ...inner, sql: `(${inner.sql})` };
    const sql = `SELECT * FROM (${inner.sql}) AS "n"${outerTail(inner, tail, context, outer, tables)}`;
    return { ...inner, sql, rows: undefined };
  }
  const left = analyseBody(body.left, undefined, context, outer, tables);
  const given = analyseBody(body.right, undefined, context, outer, tables);
  const right = body.byName ? inOrderOf(left, given, body) : given;
  if (left.columns.length !== right.columns.length) {
    failAt(
      body.right.at,
      `Queries in ${body.op} ${body.all ? 'ALL' : 'DISTINCT'} have mismatched column count; query 1 has ${left.columns.length} column${left.columns.length === 1 ? '' : 's'}, query 2 has ${right.columns.length} column${right.columns.length === 1 ? '' : 's'}`,
    );
  }
  const types = left.columns.map((column, place) => {
    const sides = [
      literalColumn(body.left, place, column),
      literalColumn(
        body.right,
        body.byName ? given.columns.indexOf(right.columns[place] ?? column) : place,
        right.columns[place] ?? column,
      ),
    ];
    return (
      supertype(sides) ??
      failAt(
        body.right.at,
        `Column ${place + 1} in ${body.op} ${body.all ? 'ALL' : 'DISTINCT'} has incompatible types: ${sides.map((side) => typeName(side.type)).join(', ')}`,
      )
    );
  });
  const columns = left.columns.map((column, place) => ({
    ...column,
    type: types[place] ?? column.type,
    partitions: [...(column.partitions ?? []), ...(right.columns[place]?.partitions ?? [])],
  }));
  const rows = body.op === 'UNION' && body.all ? listedRows([left, right], types) : undefined;
  const sql =
    rows === undefined
      ? `${castColumns(left, types)} ${body.op}${body.all ? ' ALL' : ''} ${castColumns(right, types)}`
      : listSql(rows, columns);
  const result: QueryResult = { sql, columns, valueTable: left.valueTable, rows };
  if (tail === undefined || (tail.orderBy.length === 0 && tail.limit === undefined)) return result;
  return {
    ...result,
    sql: `SELECT * FROM (${sql}) AS "n"${outerTail(result, tail, context, outer, tables)}`,
    rows: undefined,
  };
}

/**
 * The rows of all queries, if each lists its rows. Aggregates see listed rows in order; DuckDB's UNION ALL has no
 * order.
 */
function listedRows(results: readonly QueryResult[], types: readonly SqlType[]): QueryResult['rows'] {
  const rows: string[][] = [];
  for (const result of results) {
    if (result.rows === undefined) return undefined;
    for (const row of result.rows)
      rows.push(row.map((sql, place) => castColumn(sql, result.columns[place]?.type, types[place])));
  }
  return rows;
}

function listSql(rows: NonNullable<QueryResult['rows']>, columns: readonly ResultColumn[]): string {
  const names = columns.map((column) => column.sql).join(', ');
  return `SELECT * FROM (VALUES ${rows.map((row) => `(${row.join(', ')})`).join(', ')}) AS "v"(${names})`;
}

type SetBody = Extract<QueryBody, { kind: 'set' }>;

/** BY NAME: reorders the right side's columns to match the left side by name. */
function inOrderOf(left: QueryResult, right: QueryResult, { op, all, right: { at } }: SetBody): QueryResult {
  const names = (result: QueryResult) => result.columns.map(({ name }) => name.toLowerCase());
  const rightNames = names(right);
  const columns = names(left).map((name) => (name === '' ? undefined : right.columns[rightNames.indexOf(name)]));
  const ordered = columns.filter((column) => column !== undefined);
  if (ordered.length < columns.length || ordered.length < right.columns.length) {
    return failAt(
      at,
      `Queries in ${op} ${all ? 'ALL' : 'DISTINCT'} BY NAME have mismatched columns; query 1 has [${left.columns.map(({ name }) => name).join(', ')}], query 2 has [${right.columns.map(({ name }) => name).join(', ')}]`,
    );
  }
  return {
    ...right,
    sql: `SELECT ${ordered.map(({ sql }) => sql).join(', ')} FROM (${right.sql}) AS "u"`,
    columns: ordered,
    rows: right.rows?.map((row) => ordered.map((column) => row[right.columns.indexOf(column)] ?? 'NULL')),
  };
}

/** A column of one side of a set operation. A NULL literal takes the type of the other side. */
function literalColumn(body: QueryBody, place: number, column: ResultColumn): Value {
  if (body.kind === 'nested') return literalColumn(body.query.body, place, column);
  if (body.kind === 'set') {
    const sides = [literalColumn(body.left, place, column), literalColumn(body.right, place, column)];
    return sides.every((side) => side.literal !== undefined) && sides[0] !== undefined
      ? sides[0]
      : { sql: column.sql, type: column.type };
  }
  const item =
    body.kind === 'select' && body.items.every((one) => one.kind === 'value') ? body.items[place] : undefined;
  if (item?.kind !== 'value' || item.value.kind !== 'literal') return { sql: column.sql, type: column.type };
  if (item.value.type === 'NULL') return nullOf(column.type);
  return { sql: column.sql, type: column.type };
}

/** ORDER BY and LIMIT of a set operation, which see the result columns only. */
function outerTail(
  result: QueryResult,
  tail: Tail,
  context: Context,
  outer: Scope | undefined,
  tables: CommonTables,
): string {
  const scope = new Scope(context, outer, tables);
  scope.sources.push({
    columns: result.columns.map((column) => ({ name: column.name, type: column.type, sql: column.sql })),
  });
  const keys = tail.orderBy.map((item) => {
    const place = ordinal(item.value, result.columns.length);
    const column = place === undefined ? undefined : result.columns[place];
    return sortKey(column === undefined ? analyse(item.value, scope) : { sql: column.sql, type: column.type }, item);
  });
  return `${keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`}${limitSql(tail, scope)}`;
}
