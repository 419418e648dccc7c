import type { TableField } from '@bqtail/googlesql-duckdb';
import type { CatalogTable } from '../catalog';
import { notFound } from '../errors';
import { splitDecorator } from '../partitions';
import { type JobResource, type QueryStatistics, tableName } from '../resources';
import type { JobContext } from './context';
import type { JobStore } from './jobStore';

/** The results of a query job. */
export interface QueryResults {
  readonly schema?: TableField[];
  /** The table with the rows; undefined when the statement returns none. */
  readonly table?: CatalogTable;
  readonly dml?: QueryStatistics;
}

/**
 * The results of a job that is done. The rows of a SELECT are those that its destination holds now.
 *
 * @throws BigQueryError `notFound` when the destination does not exist any more.
 */
export async function resultsOf(context: JobContext, store: JobStore, job: JobResource): Promise<QueryResults> {
  const { query } = job.statistics;
  if (!query) return {};
  if (query.statementType === 'SCRIPT') return lastOfScript(context, store, job);
  if (query.statementType === 'SELECT') {
    const destination = job.configuration.query?.destinationTable;
    if (!destination) return { schema: [] };
    const { table: name } = splitDecorator(destination);
    const table = context.catalog.findTable(name);
    if (!table) throw notFound(`Table ${tableName(name)}`);
    return { schema: table.resource.schema?.fields ?? [], table };
  }
  return { schema: query.schema?.fields, dml: query };
}

/** The result of a script is that of its last successful statement. */
async function lastOfScript(context: JobContext, store: JobStore, job: JobResource): Promise<QueryResults> {
  const { projectId, jobId: parentJobId } = job.jobReference;
  for (let offset = 0; ; offset++) {
    const { jobs, more } = await store.list({ projectId, states: [], parentJobId, offset, limit: 1 });
    const [last] = jobs;
    if (last?.statistics.scriptStatistics?.evaluationKind === 'STATEMENT' && !last.status.errorResult)
      return resultsOf(context, store, last);
    if (!more) return {};
  }
}
