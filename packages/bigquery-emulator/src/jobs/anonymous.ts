import { createHash } from 'node:crypto';
import type { TableReference } from '@bqtail/googlesql-duckdb';
import { isScript } from '@bqtail/googlesql-duckdb';
import type { JobResource } from '../resources';
import type { JobContext } from './context';

/** The hidden table for the rows of a query without a destination table. */
export function anonymousTable(job: JobResource): TableReference {
  const { projectId, jobId } = job.jobReference;
  const digest = createHash('sha1').update(`${projectId}:${jobId}`).digest('hex');
  const owner = createHash('sha1').update(projectId).digest('hex');
  return { projectId, datasetId: `_${owner}`, tableId: `anon${digest}` };
}

const SELECT = /^(?:\s|\(|(?:--|#)[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:SELECT|WITH)\b/i;

/** The configuration of a job. As the service does, it names the hidden table of a query that is not done yet. */
export function withDestination(job: JobResource): JobResource['configuration'] {
  const { query, ...rest } = job.configuration;
  const text = query?.query ?? '';
  if (!query || query.destinationTable || job.status.state === 'DONE' || !SELECT.test(text) || isScript(text)) {
    return job.configuration;
  }
  const destination = { destinationTable: anonymousTable(job), writeDisposition: 'WRITE_TRUNCATE' };
  return { ...rest, query: { ...query, ...destination } };
}

/** Creates the dataset of a hidden table if it does not exist. */
export async function ensureHiddenDataset(context: JobContext, table: TableReference): Promise<void> {
  const { projectId, datasetId } = table;
  await context.queues.run(`${projectId}:${datasetId}`, async () => {
    if (context.catalog.findDataset(table)) return;
    const resource = { datasetReference: { projectId, datasetId }, location: 'US' };
    await context.database.transaction((transaction) => context.catalog.createDataset(transaction, resource));
  });
}
