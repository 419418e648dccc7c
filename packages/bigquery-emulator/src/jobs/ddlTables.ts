import type { CatalogChange, Statement, TableField, TableOptions, TableReference } from '@bqtail/googlesql-duckdb';
import { isIngestionTime, PARTITION_TIME } from '@bqtail/googlesql-duckdb';
import type { CatalogTable } from '../catalog';
import type { Transaction } from '../database';
import { BigQueryError, duplicate, invalid, notFound } from '../errors';
import { normalSchema } from '../fields';
import { checkPartitioning, partitionTimeSql } from '../partitions';
import { columnList, createRelation } from '../relations';
import { type TableResource, tableName } from '../resources';
import { newTable } from '../tables';
import type { JobContext } from './context';
import type { Change, DdlOutcome } from './ddl';
import { absentDataset, optionsOf } from './ddlSchemas';

type Existence = Pick<Change<'createTable'>, 'table' | 'ifNotExists' | 'orReplace'>;

/** CREATE TABLE: empty, from a query, like another one or as a copy of it. */
export async function createTable(
  context: JobContext,
  transaction: Transaction,
  statement: Statement,
  change: Change<'createTable'>,
): Promise<DdlOutcome> {
  const { catalog } = context;
  const known = placeFor(context, change, 'TABLE');
  if (known === 'skip') return skipped(context, change.table);
  const model = change.copyOf ?? change.like;
  const source = model ? existing(context, model) : undefined;
  const fields = normalSchema(change.schema ?? source?.resource.schema?.fields ?? statement.schema ?? []);
  const like = source ? shapeOf(source.resource) : {};
  const { timePartitioning, rangePartitioning, clustering, tableConstraints } = change;
  const resource = newTable(catalog.dataset(change.table), {
    ...like,
    ...(timePartitioning ? { timePartitioning } : {}),
    ...(rangePartitioning ? { rangePartitioning } : {}),
    ...(clustering ? { clustering: { fields: [...clustering.fields] } } : {}),
    ...(tableConstraints ? { tableConstraints } : {}),
    tableReference: change.table,
    schema: { fields },
  });
  const complete = withTableOptions(resource, change.options);
  checkPartitioning(complete, fields);
  const relation = catalog.newRelation();
  await createRelation(transaction, relation, fields, complete);
  if (change.copyOf && source) {
    const columns = columnList(fields, isIngestionTime(complete));
    await transaction.run(`INSERT INTO ${relation} (${columns}) SELECT ${columns} FROM ${source.relation}`);
  } else if (statement.duckdb) {
    await fill(context, transaction, statement, { relation, fields, resource: complete });
  }
  await catalog.putTable(transaction, complete, relation, known);
  return { operation: known ? 'REPLACE' : 'CREATE', made: change.table, schema: fields };
}

async function fill(
  context: JobContext,
  transaction: Transaction,
  statement: Statement,
  { relation, fields, resource }: { relation: string; fields: TableField[]; resource: TableResource },
): Promise<void> {
  const hidden = isIngestionTime(resource);
  const names = columnList(fields) + (hidden ? `, "${PARTITION_TIME}"` : '');
  const source = hidden
    ? `SELECT *, ${partitionTimeSql(resource, undefined, new Date())} FROM (${statement.duckdb})`
    : statement.duckdb;
  await context.database.heavy(() =>
    transaction.connection.run(
      `INSERT INTO ${relation} (${names}) ${source}`,
      statement.parameters,
      statement.parameterTypes,
    ),
  );
}

function shapeOf({ timePartitioning, rangePartitioning, clustering, description, labels }: TableResource) {
  return {
    ...(timePartitioning ? { timePartitioning } : {}),
    ...(rangePartitioning ? { rangePartitioning } : {}),
    ...(clustering ? { clustering } : {}),
    ...(description ? { description } : {}),
    ...(labels ? { labels } : {}),
  };
}

/** CREATE VIEW. */
export async function createView(
  context: JobContext,
  transaction: Transaction,
  change: Change<'createView'>,
): Promise<DdlOutcome> {
  const known = placeFor(context, change, 'VIEW');
  if (known === 'skip') return skipped(context, change.table);
  const fields = normalSchema(change.schema);
  const resource = newTable(context.catalog.dataset(change.table), {
    tableReference: change.table,
    schema: { fields },
    view: { query: change.query, useLegacySql: change.legacy },
  });
  await context.catalog.putTable(transaction, withTableOptions(resource, change.options), '', known);
  return { operation: known ? 'REPLACE' : 'CREATE', made: change.table, schema: fields };
}

/** The table that is to be replaced, nothing, or that there is nothing to do. @throws BigQueryError */
function placeFor(
  { catalog }: JobContext,
  { table, ifNotExists, orReplace }: Existence,
  type: 'TABLE' | 'VIEW',
): CatalogTable | 'skip' | undefined {
  if (!catalog.findDataset(table)) throw absentDataset(table);
  const known = catalog.findTable(table);
  if (!known) return undefined;
  if (ifNotExists) return 'skip';
  if (!orReplace) throw duplicate(`Table ${tableName(table)}`);
  if (known.resource.type !== type) throw otherKind(known);
  return known;
}

function skipped({ catalog }: JobContext, table: TableReference): DdlOutcome {
  return { operation: 'SKIP', made: table, schema: catalog.table(table).resource.schema?.fields ?? [] };
}

export function existing({ catalog }: JobContext, ref: TableReference): CatalogTable {
  const table = catalog.findTable(ref);
  if (!table) throw notFound(`Table ${tableName(ref)} was not found in location US`);
  return table;
}

/** DROP TABLE and DROP VIEW. */
export async function dropRelation(
  context: JobContext,
  transaction: Transaction,
  { op, table: ref, ifExists }: Change<'dropTable' | 'dropView'>,
): Promise<DdlOutcome> {
  const table = context.catalog.findTable(ref);
  if (!table) {
    if (ifExists) return { operation: 'SKIP' };
    throw notFound(`${op === 'dropView' ? 'View' : 'Table'} ${tableName(ref)} was not found in location US`);
  }
  const isTable = table.resource.type === 'TABLE';
  if (isTable !== (op === 'dropTable')) throw otherKind(table);
  await context.catalog.dropTable(transaction, table);
  return { operation: 'DROP' };
}

/** Does a statement name a routine, not a table? */
export function isRoutine(change: CatalogChange): boolean {
  return change.op === 'dropAbsent' && /FUNCTION|PROCEDURE/.test(change.what);
}

/** DROP of a kind that there is none of: nothing to do, unless something else has the name. */
export function dropAbsent({ catalog }: JobContext, change: Change<'dropAbsent'>): DdlOutcome {
  const { table, ifExists, what } = change;
  const found = isRoutine(change) ? undefined : catalog.findTable(table);
  if (found) throw otherKind(found);
  if (ifExists) return { operation: 'SKIP' };
  const { projectId, datasetId, tableId } = table;
  throw notFound(
    isRoutine(change) ? `Routine ${projectId}:${datasetId}.${tableId}` : `${titled(what)} ${tableName(table)}`,
  );
}

function titled(what: string): string {
  return `${what.charAt(0)}${what.slice(1).toLowerCase()}`;
}

export function otherKind({ resource }: CatalogTable): BigQueryError {
  const name = tableName(resource.tableReference);
  const message = `${name} is not allowed for this operation because it is currently a ${resource.type}.`;
  return new BigQueryError(400, 'invalidQuery', message, 'query');
}

/** TRUNCATE TABLE. */
export async function truncateTable(
  context: JobContext,
  transaction: Transaction,
  { table: ref }: Change<'truncate'>,
): Promise<DdlOutcome> {
  const table = existing(context, ref);
  if (!table.relation) throw invalid(`TRUNCATE TABLE is not for views: ${tableName(ref)}.`);
  const { rowsChanged } = await transaction.run(`DELETE FROM ${table.relation}`);
  await context.catalog.putTable(transaction, table.resource, table.relation, table);
  return { operation: 'TRUNCATE', deleted: rowsChanged };
}

/** OPTIONS(…) of a table or view. */
export function withTableOptions(resource: TableResource, options: TableOptions): TableResource {
  const { partitionExpirationMs, ...own } = options;
  const result: TableResource = { ...resource, ...optionsOf(own) };
  if (partitionExpirationMs === undefined || !result.timePartitioning) return result;
  const { expirationMs: _old, ...partitioning } = result.timePartitioning;
  const expirationMs = partitionExpirationMs === null ? {} : { expirationMs: partitionExpirationMs };
  return { ...result, timePartitioning: { ...partitioning, ...expirationMs } };
}
