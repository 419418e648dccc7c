import type { TableField } from '@bqtail/googlesql-duckdb';
import type { CatalogTable } from '../catalog';
import { notFound } from '../errors';
import { splitDecorator } from '../partitions';
import { type JobResource, type QueryStatistics, tableName } from '../resources';
import type { JobContext } from './context';
import type { JobStore } from './jobStore';

/** What a query job left behind for those who ask for its results. */
export interface QueryResults {
  readonly schema?: TableField[];
  /** Table with the rows; absent when there are none. */
  readonly table?: CatalogTable;
  readonly dml?: QueryStatistics;
}

/** The results of a job that is done: a SELECT's rows are what its destination holds now. */
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
  return { ...(query.schema?.fields ? { schema: query.schema.fields } : {}), dml: query };
}

/** A script's result is that of the last statement that was run to its end. */
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
