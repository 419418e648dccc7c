import type { ProjectDataset, TableField } from '@bqtail/googlesql-duckdb';
import { normalSchema } from '../fields';
import type { JobContext } from './context';
import { statementsOf } from './queryStatements';

/** Columns of a view, from the translation of its query. @throws BigQueryError when the query is invalid. */
export async function viewSchema(
  context: JobContext,
  dataset: ProjectDataset,
  view: { query?: string; useLegacySql?: boolean },
): Promise<TableField[]> {
  const query = { query: view.query ?? '', useLegacySql: view.useLegacySql ?? true };
  const [statement] = [statementsOf(context, dataset.projectId, query).next().value];
  return normalSchema(statement?.schema ?? []);
}
