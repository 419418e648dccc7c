import type { TableField, TableInfo } from '../contract';
import { quoted } from '../duckdb/names';
import { isIngestionTime, PARTITION_TIME } from '../schema/partitions';
import type { Expr, StatementNode } from '../syntax/tree';
import { fromField, typeName } from '../types';
import { fieldOf } from './atoms';
import { type Context, failAt } from './context';
import { analyse } from './expressions';
import { analyseQuery } from './queries';
import { Scope } from './scope';
import { defaultValue, storedSql } from './storing';
import { analyseTarget, columnOf } from './target';
import { nullOf, type Value } from './values';

type InsertNode = Extract<StatementNode, { kind: 'insert' }>;
export type UpdateNode = Extract<StatementNode, { kind: 'update' }>;
export type DeleteNode = Extract<StatementNode, { kind: 'delete' }>;

function fieldsOf(node: { columns?: ReadonlyArray<{ name: string; at: number }> }, table: TableInfo): TableField[] {
  if (node.columns === undefined) return [...table.schema];
  const fields = node.columns.map((column) => columnOf(table, column.name, column.at));
  const duplicate = node.columns.find((_column, place) => fields.indexOf(fields[place] as TableField) !== place);
  if (duplicate !== undefined) failAt(duplicate.at, `INSERT has columns with duplicate name: ${duplicate.name}`);
  return fields;
}

/** Columns that an INSERT omits, with their default values, as pairs of quoted name and SQL. */
export function omittedColumns(
  fields: readonly TableField[],
  table: TableInfo,
  context: Context,
): ReadonlyArray<readonly [string, string]> {
  const omitted = table.schema
    .filter((field) => !fields.includes(field))
    .map((field) => [quoted(field.name), storedSql(defaultValue(field, context), field, 0, () => '')] as const);
  const namesPartitionTime = fields.some((field) => field.name === PARTITION_TIME);
  if (!isIngestionTime(table) || namesPartitionTime) return omitted;
  const now = `TIMESTAMPTZ '${context.now.toISOString()}'`;
  const partitionTime = `bq_timestamp_trunc(${now}, '${table.timePartitioning?.type ?? 'DAY'}', 'UTC')`;
  return [...omitted, [quoted(PARTITION_TIME), partitionTime]];
}

/** Translates INSERT of rows or of a query. `_PARTITIONTIME` may be among the columns. */
export function analyseInsert(node: InsertNode, context: Context): { sql: string; table: TableInfo } {
  const { table } = analyseTarget(node.path, undefined, context);
  const pseudo: TableField = { name: PARTITION_TIME, type: 'TIMESTAMP' };
  const named =
    node.columns?.some((column) => column.name.toUpperCase() === PARTITION_TIME) === true &&
    table.timePartitioning !== undefined;
  const fields = named ? fieldsOf(node, { ...table, schema: [...table.schema, pseudo] }) : fieldsOf(node, table);
  const rest = omittedColumns(fields, table, context);
  const columns = [...fields.map((field) => quoted(field.name)), ...rest.map(([name]) => name)].join(', ');
  const tail = rest.map(([, sql]) => `, ${sql}`).join('');
  const head = `INSERT INTO ${table.relation} (${columns})`;
  if (node.query !== undefined) return { sql: `${head} ${insertQuery(node, fields, tail, context)}`, table };
  const scope = new Scope(context);
  const rows = (node.rows ?? []).map((row) => {
    if (row.length !== fields.length)
      failAt(
        row[0]?.at ?? node.at,
        `Inserted row has wrong column count; Has ${row.length}, expected ${fields.length}`,
      );
    return `(${row.map((expr, place) => insertedValue(expr, fields[place] as TableField, scope, context)).join(', ')}${tail})`;
  });
  return { sql: `${head} VALUES ${rows.join(', ')}`, table };
}

/** The SQL of a value in an INSERT row or in MERGE's INSERT, which may be DEFAULT. */
export function insertedValue(expr: Expr, field: TableField, scope: Scope, context: Context): string {
  const value = expr.kind === 'default' ? defaultValue(field, context) : analyse(expr, scope);
  return storedSql(
    value,
    field,
    expr.at,
    (type) =>
      `Value has type ${type} which cannot be inserted into column ${field.name}, which has type ${typeName(fromField(field))}`,
  );
}

function insertQuery(node: InsertNode, fields: readonly TableField[], tail: string, context: Context): string {
  const { query } = node;
  if (query === undefined) return '';
  const result = analyseQuery(query, context);
  const [only] = result.columns;
  const columns =
    result.valueTable && only?.type.kind === 'STRUCT'
      ? only.type.fields.map((field) => ({
          ...fieldOf({ sql: `"s".${only.sql}`, type: only.type }, field.name, node.at),
        }))
      : result.columns.map((column): Value => ({ sql: `"s".${column.sql}`, type: column.type }));
  if (columns.length !== fields.length)
    failAt(query.at, `Inserted row has wrong column count; Has ${columns.length}, expected ${fields.length}`);
  const body = query.body.kind === 'select' ? query.body : undefined;
  const items = fields.map((field, place) => {
    const value = columns[place] as Value;
    const item = body?.items.every((one) => one.kind === 'value') === true ? body.items[place] : undefined;
    const isNull = item?.kind === 'value' && item.value.kind === 'literal' && item.value.type === 'NULL';
    return storedSql(
      isNull ? nullOf(fromField(field)) : value,
      field,
      query.at,
      (type) =>
        `Query column ${place + 1} has type ${type} which cannot be inserted into column ${field.name}, which has type ${typeName(fromField(field))}`,
    );
  });
  return `SELECT ${items.join(', ')}${tail} FROM (${result.sql}) AS "s"`;
}
