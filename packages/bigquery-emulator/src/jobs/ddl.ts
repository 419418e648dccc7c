import type { CatalogChange, Statement } from '@bqtail/googlesql-duckdb';
import type { Transaction } from '../database';
import type { JobResource, QueryStatistics } from '../resources';
import type { JobContext } from './context';
import { alterTable } from './ddlAlter';
import type { DdlOutcome } from './ddlChange';
import { changeSchema } from './ddlSchemas';
import { createTable, createView, dropAbsent, dropRelation, isRoutine, truncateTable } from './ddlTables';

/** The work of a DDL statement in the transaction that ends its job. It also fills in the job's statistics. */
export function changeCatalog(
  context: JobContext,
  job: JobResource,
  statement: Statement,
  change: CatalogChange,
): (transaction: Transaction) => Promise<void> {
  return async (transaction) => {
    const { operation, made, schema, deleted } = await apply(context, transaction, statement, change);
    const target = targetOf(change);
    const counts = { insertedRowCount: '0', updatedRowCount: '0', deletedRowCount: (deleted ?? 0).toString() };
    job.statistics.query = {
      ...job.statistics.query,
      ...(operation === 'TRUNCATE'
        ? { numDmlAffectedRows: counts.deletedRowCount, dmlStats: counts }
        : { ddlOperationPerformed: operation }),
      ...target,
      schema: schema && { fields: schema },
    };
    if (made) job.configuration.query = { ...job.configuration.query, destinationTable: made };
  };
}

function targetOf(change: CatalogChange): Partial<QueryStatistics> {
  if ('dataset' in change) return { ddlTargetDataset: change.dataset };
  const { projectId, datasetId, tableId } = change.table;
  if (!isRoutine(change)) return { ddlTargetTable: change.table };
  return { ddlTargetRoutine: { projectId, datasetId, routineId: tableId } };
}

async function apply(
  context: JobContext,
  transaction: Transaction,
  statement: Statement,
  change: CatalogChange,
): Promise<DdlOutcome> {
  switch (change.op) {
    case 'createTable':
      return createTable(context, transaction, statement, change);
    case 'createView':
      return createView(context, transaction, change);
    case 'dropTable':
    case 'dropView':
      return dropRelation(context, transaction, change);
    case 'dropAbsent':
      return dropAbsent(context, change);
    case 'alterTable':
      return alterTable(context, transaction, change);
    case 'truncate':
      return truncateTable(context, transaction, change);
    default:
      return changeSchema(context, transaction, change);
  }
}
