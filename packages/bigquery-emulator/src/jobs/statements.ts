import type { Statement, TableField, TableReference } from '@bqtail/googlesql-duckdb';
import type { Transaction } from '../database';
import { BigQueryError, notImplemented } from '../errors';
import { normalSchema } from '../fields';
import type { JobResource, QueryConfiguration } from '../resources';
import { anonymousTable, ensureHiddenDataset } from './anonymous';
import type { JobContext } from './context';
import { changeCatalog } from './ddl';
import { Destination } from './destination';
import { isTemporary } from './temporary';

const RESULT_LIFETIME_MS = 24 * 3600 * 1000;
const TRANSACTIONS = new Set(['BEGIN_TRANSACTION', 'COMMIT_TRANSACTION', 'ROLLBACK_TRANSACTION']);

/**
 * The effect of a statement in the transaction that also ends its job. The effect fills in the job's statistics.
 *
 * @throws BigQueryError when the statement is not supported, or may not have a destination table.
 */
export async function statementEffect(
  context: JobContext,
  job: JobResource,
  query: QueryConfiguration,
  statement: Statement,
): Promise<(transaction: Transaction) => Promise<void>> {
  if (TRANSACTIONS.has(statement.kind)) {
    throw notImplemented('Transactions of several statements are not supported by the local BigQuery.');
  }
  if (query.destinationTable && statement.kind !== 'SELECT') {
    const what = statement.ddl ? 'DDL' : 'DML';
    throw new BigQueryError(
      400,
      'invalidQuery',
      `Cannot set destination table in jobs with ${what} statements`,
      'query',
    );
  }
  if (statement.ddl?.op === 'createTable' && isTemporary(statement.ddl.table)) {
    await ensureHiddenDataset(context, statement.ddl.table);
  }
  if (statement.ddl) return changeCatalog(context, job, statement, statement.ddl);
  if (statement.kind === 'SELECT') return select(context, job, query, statement);
  if (statement.target) job.configuration.query = { ...job.configuration.query, destinationTable: statement.target };
  return (transaction) => changeRows(context, transaction, job, statement);
}

async function select(context: JobContext, job: JobResource, query: QueryConfiguration, statement: Statement) {
  const fields = normalSchema(statement.schema ?? []);
  checkNames(fields);
  const configured = query.destinationTable;
  const table: TableReference = configured ?? anonymousTable(job);
  if (!configured) await ensureHiddenDataset(context, table);
  job.configuration.query = {
    ...job.configuration.query,
    destinationTable: table,
    createDisposition: query.createDisposition ?? 'CREATE_IF_NEEDED',
    writeDisposition: query.writeDisposition ?? (configured ? 'WRITE_EMPTY' : 'WRITE_TRUNCATE'),
  };
  const destination = new Destination(context.catalog, table, job.configuration.query);
  const { timePartitioning, rangePartitioning, clustering } = query;
  const properties = configured
    ? { timePartitioning, rangePartitioning, clustering }
    : { expirationTime: (Date.now() + RESULT_LIFETIME_MS).toString() };
  const source = { sql: statement.duckdb, values: statement.parameters, types: statement.parameterTypes };
  return async (transaction: Transaction): Promise<void> => {
    const declared = destination.declaredColumns(fields);
    await context.database.heavy(() => destination.write(transaction, fields, source, properties, declared));
  };
}

async function changeRows(
  context: JobContext,
  transaction: Transaction,
  job: JobResource,
  statement: Statement,
): Promise<void> {
  const counts = { INSERT: 0, UPDATE: 0, DELETE: 0 };
  if (statement.duckdb) {
    const { connection } = transaction;
    const reader = await context.database.heavy(() =>
      connection.runAndReadAll(statement.duckdb, statement.parameters, statement.parameterTypes),
    );
    if (statement.returnsMergeAction) {
      for (const [action] of reader.getRows()) {
        if (action === 'INSERT' || action === 'UPDATE' || action === 'DELETE') counts[action]++;
      }
    } else if (statement.kind === 'INSERT' || statement.kind === 'UPDATE' || statement.kind === 'DELETE') {
      counts[statement.kind] = reader.rowsChanged;
    } else if (statement.kind === 'TRUNCATE_TABLE') {
      counts.DELETE = reader.rowsChanged;
    }
  }
  const affected = counts.INSERT + counts.UPDATE + counts.DELETE;
  job.statistics.query = {
    ...job.statistics.query,
    numDmlAffectedRows: affected.toString(),
    dmlStats: {
      insertedRowCount: counts.INSERT.toString(),
      updatedRowCount: counts.UPDATE.toString(),
      deletedRowCount: counts.DELETE.toString(),
    },
  };
  const table = statement.target && context.catalog.findTable(statement.target);
  if (table) await context.catalog.putTable(transaction, table.resource, table.relation, table);
}

/** @throws BigQueryError when two columns have the same name: a table cannot store such a result. */
function checkNames(fields: readonly TableField[]): void {
  const seen = new Set<string>();
  for (const { name } of fields) {
    const key = name.toLowerCase();
    if (seen.has(key)) {
      const message = `Duplicate column names in the result are not supported when a destination table is present. Found duplicate(s): ${name}`;
      throw new BigQueryError(400, 'invalidQuery', message, 'query');
    }
    seen.add(key);
  }
}
