import type { TableReference } from '@bqtail/googlesql-duckdb';
import { tableKey } from '../catalog';
import type { JobContext } from './context';

/** The hidden dataset of temporary tables, which exist as long as their script runs. */
export const TEMPORARY_DATASET = '_bqtail_temp';

export function isTemporary(table: TableReference): boolean {
  return table.datasetId === TEMPORARY_DATASET;
}

/** Drops a script's temporary tables. */
export async function dropTemporary(context: JobContext, tables: readonly TableReference[]): Promise<void> {
  for (const ref of tables) {
    await context.queues.run(tableKey(ref), async () => {
      const table = context.catalog.findTable(ref);
      if (table) await context.database.transaction((transaction) => context.catalog.dropTable(transaction, table));
    });
  }
}

/** Drops the temporary tables of scripts that did not end before the process did. */
export async function dropAllTemporary(context: JobContext): Promise<void> {
  for (const projectId of context.catalog.projects()) {
    const tables = context.catalog.tables({ projectId, datasetId: TEMPORARY_DATASET });
    await dropTemporary(
      context,
      tables.map((table) => table.resource.tableReference),
    );
  }
}
