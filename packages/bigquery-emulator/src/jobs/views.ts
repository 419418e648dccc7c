import type { ProjectDataset, TableField } from '@bqtail/googlesql-duckdb';
import { normalSchema } from '../fields';
import type { JobContext } from './context';
import { statementsOf } from './queryStatements';

/** Columns of a view, found by translating its query; thereby the query is checked. */
export async function viewSchema(
  context: JobContext,
  dataset: ProjectDataset,
  view: { query?: string; useLegacySql?: boolean },
): Promise<TableField[]> {
  const query = { query: view.query ?? '', useLegacySql: view.useLegacySql ?? true };
  const [statement] = [statementsOf(context, dataset.projectId, query).next().value];
  return normalSchema(statement?.schema ?? []);
}
