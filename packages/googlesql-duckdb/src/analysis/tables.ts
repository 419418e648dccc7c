import type { TableInfo, TableRef } from '../contract';
import { literal, quoted } from '../duckdb/names';
import { SqlError } from '../errors';
import { PARTITION_TIME, partitionFilter } from '../schema/partitions';
import { parseViewQuery } from '../syntax/parse';
import type { Expr, FromItem, PathNode } from '../syntax/tree';
import { DATE, duckdbType, fromField, type SqlType, STRING, TIMESTAMP, typeName } from '../types';
import { type Context, failAt, freshName, tableAt, tableName, tableRefOf } from './context';
import { derived } from './from';
import { informationSchema } from './informationSchema';
import { summaryOf } from './partitionsSummary';
import { analyseQuery } from './queries';
import type { Column, Scope, Source } from './scope';
import { coerce } from './values';

type TableItem = Extract<FromItem, { kind: 'table' }>;

/** The array that a path such as `t.items` names when `t` is an earlier source of the same FROM; else undefined. */
export function arrayPath(path: PathNode, scope: Scope): Expr | undefined {
  const [first, ...rest] = path.parts;
  if (first === undefined || (path.text.startsWith('`') && !path.text.slice(1).includes('`.'))) return undefined;
  if (rest.length === 0 || scope.findSource(first) === undefined) return undefined;
  let expr: Expr = { kind: 'name', name: first, quoted: false, at: path.at };
  for (const name of rest) expr = { kind: 'field', base: expr, name, at: path.at };
  return expr;
}

/** Translates a table, view, wildcard table, INFORMATION_SCHEMA view or WITH member. */
export function analyseTable(item: TableItem, scope: Scope): { sql: string; source: Source } {
  const { parts } = item.path;
  const [first = ''] = parts;
  if (item.systemTime !== undefined) failAt(item.at, 'FOR SYSTEM_TIME AS OF is not supported by the local BigQuery');
  const common = parts.length === 1 ? scope.tables.get(first.toLowerCase()) : undefined;
  if (common !== undefined) {
    const alias = item.alias ?? first;
    const columns = common.columns.map((column) => ({
      name: column.name,
      type: column.type,
      sql: quoted(column.physical),
      partitions: column.partitions,
    }));
    if (!common.valueTable) {
      const relation = quoted(freshName(scope.context, alias));
      for (const { sql, partitions } of columns) scope.context.filters.addName(partitions, `${relation}.${sql}`);
      return {
        sql: `${quoted(common.relation)} AS ${relation}`,
        source: { alias, columns: columns.map((column) => ({ ...column, sql: `${relation}.${column.sql}` })) },
      };
    }
    return derived({ sql: `SELECT * FROM ${quoted(common.relation)}`, columns, valueTable: true }, alias, scope);
  }
  const schema = informationSchema(item.path, scope.context);
  if (schema !== undefined) return derived({ ...schema, valueTable: false }, item.alias ?? parts.at(-1), scope);
  const ref = tableRefOf(parts, scope.context);
  const alias = item.alias ?? (parts.at(-1) ?? ref.tableId).replace(/\$.*$/, '');
  if (ref.tableId.endsWith('*')) return analyseWildcard(ref, item.alias ?? alias, scope);
  const dollar = ref.tableId.indexOf('$');
  const base = dollar < 0 ? ref : { ...ref, tableId: ref.tableId.slice(0, dollar) };
  const partition = dollar < 0 ? undefined : ref.tableId.slice(dollar + 1);
  const table = tableAt(base, scope.context);
  if (partition === '__PARTITIONS_SUMMARY__') return partitionsSummary(table, alias, scope);
  if (table.type === 'VIEW') return analyseView(table, alias, scope);
  return storedTable(table, alias, scope, partition);
}

/** The columns of a stored table, including the pseudo columns of ingestion-time partitioning. */
export function tableColumns(table: TableInfo, relation: string): Column[] {
  const columns = table.schema.map(
    (field): Column => ({ name: field.name, type: fromField(field), sql: `${relation}.${quoted(field.name)}` }),
  );
  if (table.timePartitioning === undefined || table.timePartitioning.field) return columns;
  const time = `${relation}.${quoted(PARTITION_TIME)}`;
  const pseudo: Column[] = [{ name: '_PARTITIONTIME', type: TIMESTAMP, sql: time, hidden: true }];
  if ((table.timePartitioning.type ?? 'DAY') === 'DAY')
    pseudo.push({ name: '_PARTITIONDATE', type: DATE, sql: `CAST(${time} AS DATE)`, hidden: true });
  return [...columns, ...pseudo];
}

function storedTable(
  table: TableInfo,
  alias: string,
  scope: Scope,
  partition: string | undefined,
): { sql: string; source: Source } {
  const relation = quoted(freshName(scope.context, alias));
  const from =
    partition === undefined
      ? table.relation
      : `(SELECT * FROM ${table.relation} WHERE ${partitionFilter({ timePartitioning: table.timePartitioning, rangePartitioning: table.rangePartitioning }, partition)})`;
  if (partition === undefined) requirePartitionFilter(table, relation, scope.context);
  return { sql: `${from} AS ${relation}`, source: { alias, columns: tableColumns(table, relation) } };
}

/** Requires a partition filter in the statement if the table has `requirePartitionFilter`. */
export function requirePartitionFilter(table: TableInfo, relation: string, { filters }: Context): void {
  if (table.requirePartitionFilter !== true && table.timePartitioning?.requirePartitionFilter !== true) return;
  const field = table.timePartitioning?.field ?? table.rangePartitioning?.field;
  const names = field ? [field] : ['_PARTITION_LOAD_TIME', '_PARTITIONDATE', '_PARTITIONTIME'];
  const shown = names.map((name) => `'${name}'`).join(', ');
  const message = `Cannot query over table '${table.projectId}.${table.datasetId}.${table.tableId}' without a filter over column(s) ${shown} that can be used for partition elimination`;
  filters.require(`${relation}.${quoted(field ?? PARTITION_TIME)}`, message);
}

/** Inlines a view: translates its query in a new scope. */
function analyseView(view: TableInfo, alias: string, scope: Scope): { sql: string; source: Source } {
  const name = tableName(view);
  if (scope.context.views.includes(name)) throw new SqlError('invalidQuery', `View ${name} refers to itself`);
  const text = view.viewQuery ?? '';
  // A view was checked without the default dataset of this query, so its names must not use it.
  const { defaultDataset: _none, ...rest } = scope.context.catalog;
  const catalog = {
    ...rest,
    defaultProject: view.projectId,
    table: scope.context.catalog.table.bind(scope.context.catalog),
    tables: scope.context.catalog.tables.bind(scope.context.catalog),
    datasets: scope.context.catalog.datasets.bind(scope.context.catalog),
  };
  const context: Context = {
    ...scope.context,
    catalog,
    legacy: view.viewLegacy === true,
    parameters: [],
    variables: new Map(),
    views: [...scope.context.views, name],
  };
  const result = analyseQuery(parseViewQuery(text, view.viewLegacy === true), context);
  const columns = result.columns.map((column, place) => ({ ...column, name: view.schema[place]?.name ?? column.name }));
  return derived({ ...result, columns }, alias, scope);
}

/**
 * Translates the wildcard table `t_*`: all tables with the prefix, read with the schema of the newest. _TABLE_SUFFIX
 * identifies the table.
 */
function analyseWildcard(ref: TableRef, alias: string, scope: Scope): { sql: string; source: Source } {
  const prefix = ref.tableId.slice(0, -1);
  const { context } = scope;
  const tables = context.catalog
    .tables(ref.projectId, ref.datasetId)
    .filter((table) => table.tableId.startsWith(prefix));
  const view = tables.find((table) => table.type === 'VIEW');
  if (view !== undefined)
    throw new SqlError('invalidQuery', `Views cannot be queried through prefix. First view ${tableName(view)}.`);
  const newest = tables.reduce<TableInfo | undefined>(
    (best, table) => (best === undefined || (table.creationTime ?? 0) >= (best.creationTime ?? 0) ? table : best),
    undefined,
  );
  if (newest === undefined) throw new SqlError('notFound', `${tableName(ref)} does not match any table.`);
  for (const table of tables) tableAt(table, context);
  const relation = quoted(freshName(context, alias));
  const selects = tables.map((table) => {
    const columns = newest.schema.map((field) => {
      const own = table.schema.find((one) => one.name.toLowerCase() === field.name.toLowerCase());
      const type = duckdbType(fromField(field));
      const wrong = own && unreadable(fromField(own), fromField(field), field.name);
      // Fail only when the column is read: a filter on the suffix may exclude the table, or the query may not use the
      // column.
      const value = wrong ? `bq_raise(${literal(wrong)})` : own ? quoted(own.name) : 'NULL';
      return `CAST(${value} AS ${type}) AS ${quoted(field.name)}`;
    });
    return `SELECT ${[...columns, `${literal(table.tableId.slice(prefix.length))} AS "_TABLE_SUFFIX"`].join(', ')} FROM ${table.relation}`;
  });
  const columns = newest.schema.map(
    (field): Column => ({ name: field.name, type: fromField(field), sql: `${relation}.${quoted(field.name)}` }),
  );
  const suffix: Column = { name: '_TABLE_SUFFIX', type: STRING, sql: `${relation}."_TABLE_SUFFIX"`, hidden: true };
  return { sql: `(${selects.join(' UNION ALL ')}) AS ${relation}`, source: { alias, columns: [...columns, suffix] } };
}

/** The error for a wildcard column whose type cannot be read as the type in the newest table; undefined if it can. */
function unreadable(own: SqlType, wanted: SqlType, path: string): string | undefined {
  if (own.kind === 'ARRAY' && wanted.kind === 'ARRAY') return unreadable(own.element, wanted.element, path);
  if (own.kind === 'STRUCT' && wanted.kind === 'STRUCT') {
    for (const field of wanted.fields) {
      const same = own.fields.find((one) => one.name.toLowerCase() === field.name.toLowerCase());
      const wrong = same && unreadable(same.type, field.type, `${path}.${field.name}`);
      if (wrong) return wrong;
    }
    return undefined;
  }
  if (coerce({ sql: '', type: own }, wanted) !== undefined) return undefined;
  return `Cannot read field of type ${typeName(own)} as ${typeName(wanted)} Field: ${path}`;
}

/** Translates the legacy SQL table `t$__PARTITIONS_SUMMARY__`. */
function partitionsSummary(table: TableInfo, alias: string, scope: Scope): { sql: string; source: Source } {
  const relation = quoted(freshName(scope.context, alias));
  const { sql, columns } = summaryOf(table);
  return {
    sql: `(${sql}) AS ${relation}`,
    source: { alias, columns: columns.map((column) => ({ ...column, sql: `${relation}.${quoted(column.name)}` })) },
  };
}
