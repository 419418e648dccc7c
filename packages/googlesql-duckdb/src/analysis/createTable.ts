import type { CatalogChange, TableField, TableRef } from '../contract';
import { SqlError } from '../errors';
import { fieldNamed } from '../schema/fields';
import type { ColumnNode, CreateTableNode, Expr, PathNode } from '../syntax/tree';
import { toField } from '../types';
import { typeOfNode } from './casts';
import { constraintsOf } from './constraints';
import { type Context, failAt, tableRefOf } from './context';
import type { Change } from './ddl';
import { tableOptionsOf, text } from './options';
import { partitioningOf } from './partitioning';
import { analyseQuery, type QueryResult } from './queries';
import { suggestion } from './scope';
import { checkDefault } from './storing';
import { coerce } from './values';

/** The REST schema field of a column definition. */
export function fieldOfColumn(column: ColumnNode, context: Context): TableField {
  const name = column.name ?? '';
  const type = typeOfNode(column.type);
  const base = toField(name, type, column.notNull && type.kind !== 'ARRAY' ? 'REQUIRED' : 'NULLABLE');
  const node = column.type.name === 'ARRAY' && column.type.element !== undefined ? column.type.element : column.type;
  const [first, second] = node.parameters;
  const hasLength = base.type === 'STRING' || base.type === 'BYTES';
  const description = column.options.find((option) => option.name === 'description');
  const field = {
    ...base,
    maxLength: hasLength ? first : undefined,
    precision: hasLength ? undefined : first,
    scale: hasLength ? undefined : second,
    fields: node.fields?.map((one) => fieldOfColumn(one, context)) ?? base.fields,
    description: description && (text(description.value) ?? ''),
    defaultValueExpression: column.defaultText,
  };
  checkDefault(field, column.type.at, context);
  return field;
}

/** The schema of a query that creates a table or view; fails unless every column has a unique name. */
export function namedSchema(result: QueryResult, at: number): TableField[] {
  const seen = new Set<string>();
  const [only] = result.columns;
  const columns = result.valueTable && only?.type.kind === 'STRUCT' ? only.type.fields : result.columns;
  return columns.map((column, place) => {
    if (column.name === '') failAt(at, `CREATE TABLE columns must be named, but column ${place + 1} has no name`);
    if (seen.has(column.name.toLowerCase())) failAt(at, `CREATE TABLE has columns with duplicate name ${column.name}`);
    seen.add(column.name.toLowerCase());
    return toField(column.name, column.type);
  });
}

/** Translates CREATE TABLE with columns, with a query, LIKE or COPY. */
export function analyseCreateTable(node: CreateTableNode, context: Context): Change {
  const table = targetOf(node.path, context);
  const options = tableOptionsOf(node.options, context);
  const declared = node.columns?.map((column) => fieldOfColumn(column, context));
  const duplicate = declared?.find(
    (field, place) => declared.findIndex((one) => one.name.toLowerCase() === field.name.toLowerCase()) !== place,
  );
  if (duplicate !== undefined)
    throw new SqlError('invalidQuery', `Duplicate column name ${duplicate.name} in CREATE TABLE`);
  const result = node.query === undefined ? undefined : analyseQuery(node.query, context);
  const queried =
    result === undefined || declared !== undefined ? undefined : namedSchema(result, node.query?.at ?? node.at);
  const schema = declared ?? queried;
  const parts = node.partitionBy === undefined ? {} : partitioningOf(node.partitionBy, schema ?? []);
  const timePartitioning = parts.timePartitioning && {
    ...parts.timePartitioning,
    expirationMs: options.partitionExpirationMs ?? undefined,
  };
  const expires = node.options.find((option) => option.name === 'partition_expiration_days');
  if (expires !== undefined && timePartitioning === undefined && node.like === undefined && node.copyOf === undefined)
    failAt(expires.at, 'partition_expiration_days is for tables that are partitioned by time');
  const ddl: CatalogChange = {
    op: 'createTable',
    table,
    ifNotExists: node.ifNotExists,
    orReplace: node.orReplace,
    options,
    schema,
    timePartitioning,
    rangePartitioning: parts.rangePartitioning,
    clustering: node.clusterBy && { fields: clusteringOf(node.clusterBy, schema) },
    tableConstraints:
      node.constraints.length === 0 ? undefined : constraintsOf(node.constraints, schema ?? [], context),
    like: node.like && tableRefOf(node.like.parts, context),
    copyOf: node.copyOf && tableRefOf(node.copyOf.parts, context),
  };
  if (result === undefined) return { kind: 'CREATE_TABLE', ddl, sql: '', schema };
  return { kind: 'CREATE_TABLE_AS_SELECT', ddl, sql: convertedQuery(result, schema ?? [], node), schema: schema ?? [] };
}

/** The query of CREATE TABLE AS SELECT, with its columns converted to the declared schema. */
function convertedQuery(result: QueryResult, schema: readonly TableField[], node: CreateTableNode): string {
  const [only] = result.columns;
  if (result.valueTable && only?.type.kind === 'STRUCT')
    return `SELECT unnest(${only.sql}) FROM (${result.sql}) AS "s"`;
  if (node.columns === undefined) return result.sql;
  const columns = node.columns;
  if (columns.length !== result.columns.length)
    failAt(
      node.query?.at ?? node.at,
      `The number of columns in the column definition list does not match the number of columns produced by the query`,
    );
  const items = result.columns.map((column, place) => {
    const wanted = typeOfNode((columns[place] as ColumnNode).type);
    const value =
      coerce({ sql: `"s".${column.sql}`, type: column.type }, wanted) ??
      failAt(node.query?.at ?? node.at, `Column ${schema[place]?.name} has a type that does not match the query's`);
    return `${value.sql} AS "${(schema[place]?.name ?? '').replaceAll('"', '""')}"`;
  });
  return `SELECT ${items.join(', ')} FROM (${result.sql}) AS "s"`;
}

/** The table to create; fails for wildcards and partition decorators. */
export function targetOf(path: PathNode, context: Context): TableRef {
  const ref = tableRefOf(path.parts, context);
  if (ref.tableId.includes('$') || ref.tableId.includes('*'))
    throw new SqlError('invalidQuery', `Invalid table ID "${ref.tableId}".`);
  return ref;
}

function clusteringOf(expressions: readonly Expr[], schema: readonly TableField[] | undefined): string[] {
  return expressions.map((expr) => {
    const name = nameOf(expr, 'CLUSTER BY');
    if (schema !== undefined && fieldNamed(schema, name) === undefined)
      failAt(
        expr.at,
        `Unrecognized name: ${name}${suggestion(
          name,
          schema.map((field) => field.name),
        )}`,
      );
    return name;
  });
}

/** The column name in PARTITION BY or CLUSTER BY. */
export function nameOf(expr: Expr, where: string): string {
  return expr.kind === 'name' ? expr.name : failAt(expr.at, `${where} expression must be a column name`);
}
