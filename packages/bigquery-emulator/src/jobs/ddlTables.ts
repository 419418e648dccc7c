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
import type { Change, DdlOutcome } from './ddlChange';
import { datasetNotFound, optionsOf } from './ddlSchemas';

type Existence = Pick<Change<'createTable'>, 'table' | 'ifNotExists' | 'orReplace'>;

/** CREATE TABLE: empty, from a query, or like or as a copy of another table. */
export async function createTable(
  context: JobContext,
  transaction: Transaction,
  statement: Statement,
  change: Change<'createTable'>,
): Promise<DdlOutcome> {
  const { catalog } = context;
  const replaced = replacedTable(context, change, 'TABLE');
  if (replaced === 'skip') return skipped(context, change.table);
  const model = change.copyOf ?? change.like;
  const source = model ? existingTable(context, model) : undefined;
  const fields = normalSchema(change.schema ?? source?.resource.schema?.fields ?? statement.schema ?? []);
  const { clustering } = change;
  const resource = newTable(catalog.dataset(change.table), {
    timePartitioning: change.timePartitioning ?? source?.resource.timePartitioning,
    rangePartitioning: change.rangePartitioning ?? source?.resource.rangePartitioning,
    clustering: clustering ? { fields: [...clustering.fields] } : source?.resource.clustering,
    description: source?.resource.description,
    labels: source?.resource.labels,
    tableConstraints: change.tableConstraints,
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
    await insertQueryRows(context, transaction, statement, { relation, fields, resource: complete });
  }
  await catalog.putTable(transaction, complete, relation, replaced);
  return { operation: replaced ? 'REPLACE' : 'CREATE', made: change.table, schema: fields };
}

async function insertQueryRows(
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

/** CREATE VIEW. */
export async function createView(
  context: JobContext,
  transaction: Transaction,
  change: Change<'createView'>,
): Promise<DdlOutcome> {
  const replaced = replacedTable(context, change, 'VIEW');
  if (replaced === 'skip') return skipped(context, change.table);
  const fields = normalSchema(change.schema);
  const resource = newTable(context.catalog.dataset(change.table), {
    tableReference: change.table,
    schema: { fields },
    view: { query: change.query, useLegacySql: change.legacy },
  });
  await context.catalog.putTable(transaction, withTableOptions(resource, change.options), '', replaced);
  return { operation: replaced ? 'REPLACE' : 'CREATE', made: change.table, schema: fields };
}

/**
 * The table that CREATE replaces, if there is one; 'skip' when IF NOT EXISTS makes the statement do nothing.
 *
 * @throws BigQueryError when the dataset does not exist, or the table exists and must not be replaced.
 */
function replacedTable(
  { catalog }: JobContext,
  { table, ifNotExists, orReplace }: Existence,
  type: 'TABLE' | 'VIEW',
): CatalogTable | 'skip' | undefined {
  if (!catalog.findDataset(table)) throw datasetNotFound(table);
  const existing = catalog.findTable(table);
  if (!existing) return undefined;
  if (ifNotExists) return 'skip';
  if (!orReplace) throw duplicate(`Table ${tableName(table)}`);
  if (existing.resource.type !== type) throw wrongKind(existing);
  return existing;
}

function skipped({ catalog }: JobContext, table: TableReference): DdlOutcome {
  return { operation: 'SKIP', made: table, schema: catalog.table(table).resource.schema?.fields ?? [] };
}

/** @throws BigQueryError `notFound` when the table does not exist. */
export function existingTable({ catalog }: JobContext, ref: TableReference): CatalogTable {
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
  if (isTable !== (op === 'dropTable')) throw wrongKind(table);
  await context.catalog.dropTable(transaction, table);
  return { operation: 'DROP' };
}

/** Whether a statement names a routine and not a table. */
export function isRoutine(change: CatalogChange): boolean {
  return change.op === 'dropAbsent' && /FUNCTION|PROCEDURE/.test(change.what);
}

/**
 * DROP of a kind that the emulator does not have, such as a function.
 *
 * @throws BigQueryError when a table has the name, or IF EXISTS is absent.
 */
export function dropAbsent({ catalog }: JobContext, change: Change<'dropAbsent'>): DdlOutcome {
  const { table, ifExists, what } = change;
  const existing = isRoutine(change) ? undefined : catalog.findTable(table);
  if (existing) throw wrongKind(existing);
  if (ifExists) return { operation: 'SKIP' };
  const { projectId, datasetId, tableId } = table;
  throw notFound(
    isRoutine(change) ? `Routine ${projectId}:${datasetId}.${tableId}` : `${titled(what)} ${tableName(table)}`,
  );
}

function titled(what: string): string {
  return `${what.charAt(0)}${what.slice(1).toLowerCase()}`;
}

/** The error of a statement for tables that names a view, or the reverse. */
export function wrongKind({ resource }: CatalogTable): BigQueryError {
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
  const table = existingTable(context, ref);
  if (!table.relation) throw invalid(`TRUNCATE TABLE is not for views: ${tableName(ref)}.`);
  const { rowsChanged } = await transaction.run(`DELETE FROM ${table.relation}`);
  await context.catalog.putTable(transaction, table.resource, table.relation, table);
  return { operation: 'TRUNCATE', deleted: rowsChanged };
}

/** The resource with the OPTIONS(…) of a table or view. */
export function withTableOptions(resource: TableResource, options: TableOptions): TableResource {
  const { partitionExpirationMs, ...own } = options;
  const result: TableResource = { ...resource, ...optionsOf(own) };
  if (partitionExpirationMs === undefined || !result.timePartitioning) return result;
  return {
    ...result,
    timePartitioning: { ...result.timePartitioning, expirationMs: partitionExpirationMs ?? undefined },
  };
}
