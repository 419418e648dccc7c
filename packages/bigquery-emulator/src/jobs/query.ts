import { isScript } from '@bqtail/googlesql-duckdb';
import { BigQueryError, invalid, missing, notImplemented } from '../errors';
import { normalSchema } from '../fields';
import type { JobConfiguration, JobReference, JobResource, QueryConfiguration } from '../resources';
import type { JobContext } from './context';
import { Destination } from './destination';
import type { JobStore } from './jobStore';
import type { JobWork } from './jobs';
import { newJob } from './newJob';
import { bytesRead, firstStatement, prepareStatement, runInTurn, sqlErrors, statementsOf } from './queryStatements';
import { checkSchemaUpdate } from './schemaUpdate';
import { runScript } from './scripts';

/** Refuses an invalid query before it becomes a job. @throws BigQueryError */
export function checkQuery(query: QueryConfiguration): void {
  if (!query.query?.trim()) throw missing('query');
  checkSettings(query);
  checkSchemaUpdate(query.schemaUpdateOptions, query.writeDisposition ?? 'WRITE_EMPTY', query.destinationTable);
}

const VALUES: Record<string, readonly string[]> = {
  priority: ['INTERACTIVE', 'BATCH'],
  parameterMode: ['NAMED', 'POSITIONAL', 'NONE'],
};

/** Refuses settings with which the emulator's result would differ from the service's. */
function checkSettings(query: QueryConfiguration): void {
  for (const [name, values] of Object.entries(VALUES)) {
    const value: unknown = Reflect.get(query, name);
    // Some clients write `named` in lower case.
    if (!value || values.includes(String(value).toUpperCase())) continue;
    throw invalid(`Invalid value for: ${name} is not a valid value: ${String(value)}`, name);
  }
  const limit = query.maximumBytesBilled;
  if (limit !== undefined && !/^\d+$/.test(limit)) {
    throw invalid(`Invalid value for: maximumBytesBilled is not a valid value: ${limit}`, 'maximumBytesBilled');
  }
  for (const { key = '', value = '' } of query.connectionProperties ?? []) {
    if (key === 'session_id' || key === 'query_label') continue;
    if (key === 'time_zone' && /^(Etc\/)?UTC$/i.test(value)) continue;
    throw notImplemented(`The connection property ${key} = ${value} is not supported by the local BigQuery.`);
  }
  for (const member of ['tableDefinitions', 'userDefinedFunctionResources', 'continuous']) {
    const value: unknown = Reflect.get(query, member);
    if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) continue;
    if (value) throw notImplemented(`Queries with ${member} are not supported by the local BigQuery.`);
  }
}

/**
 * The result of a dry run: a job that is done, with the schema and costs of the query.
 *
 * @throws BigQueryError when the query is invalid.
 */
export async function dryRun(
  context: JobContext,
  projectId: string,
  configuration: JobConfiguration,
  reference: Partial<JobReference>,
): Promise<JobResource> {
  const query = configuration.query ?? {};
  const job = newJob(projectId, reference, configuration);
  const first = await firstStatement(context, statementsOf(context, projectId, query));
  if (first && query.destinationTable) new Destination(context.catalog, query.destinationTable, query);
  const { bytes } = first ? await bytesRead(context, first) : { bytes: 0 };
  job.statistics.totalBytesProcessed = bytes.toString();
  job.statistics.query = {
    statementType: isScript(query.query ?? '') ? 'SCRIPT' : (first?.kind ?? 'SELECT'),
    totalBytesProcessed: bytes.toString(),
    totalBytesProcessedAccuracy: 'PRECISE',
    totalBytesBilled: '0',
    cacheHit: false,
    referencedTables: [...(first?.reads ?? [])],
    schema: first?.schema && { fields: normalSchema(first.schema) },
  };
  job.status = { state: 'DONE' };
  return job;
}

/** Runs one statement, or a script: a job with a child per statement. */
export function queryWork(context: JobContext, store: JobStore): JobWork {
  return async (run) => {
    const query = run.job.configuration.query ?? {};
    if (isScript(query.query ?? '')) {
      if (query.destinationTable) {
        throw new BigQueryError(
          400,
          'invalidQuery',
          'configuration.query.destinationTable cannot be set for scripts',
          'query',
        );
      }
      return runScript(context, store, run, query);
    }
    const statement = await firstStatement(context, statementsOf(context, run.job.jobReference.projectId, query));
    if (!statement) throw new BigQueryError(400, 'invalidQuery', 'Query is empty', 'query');
    await runInTurn(run, query, statement, async () => {
      const effect = await prepareStatement(context, run.job, query, statement);
      await run.commit((transaction) => sqlErrors(() => effect(transaction)));
    });
  };
}
