import { createHash } from 'node:crypto';
import type { ValueFormat } from '@bqtail/googlesql-duckdb';
import { Hono } from 'hono';
import { BigQueryError, invalid, statusOf } from '../errors';
import { checkConfiguration } from '../jobs/kinds';
import { dryRun } from '../jobs/query';
import { resultsOf } from '../jobs/results';
import { jobLocation } from '../locations';
import type { JobConfiguration, JobReference, JobResource } from '../resources';
import { readRows } from '../rowPages';
import type { ApiCall } from './apiCall';
import { checkedBody } from './body';
import { type BigQueryEnv, formatOf, formatOfQuery, numberOf, param, type Services } from './context';
import { jobRefOf } from './jobRoutes';
import { offsetOf, tokenOf } from './pages';
import { queryBody } from './schemas';

const NORMAL_TIMEOUT_MS = 10_000;
const LONGEST_TIMEOUT_MS = 200_000;
const PAGE_ROWS = 10_000;

interface ResultRequest {
  readonly offset: number;
  readonly limit: number;
  readonly format: ValueFormat;
}

/** jobs.query and jobs.getQueryResults. */
export function queryRoutes(call: ApiCall, { jobContext, jobs }: Services): Hono<BigQueryEnv> {
  const app = new Hono<BigQueryEnv>();

  app.post(
    '/projects/:project/queries',
    call('jobs.query', async (context) => {
      const projectId = param(context, 'project');
      const body = await checkedBody(context, queryBody);
      const {
        maxResults,
        timeoutMs,
        dryRun: isDryRun,
        labels,
        location,
        requestId,
        jobTimeoutMs,
        formatOptions,
        jobCreationMode,
        kind: _kind,
        ...rest
      } = body;
      const format = formatOf(formatOptions ?? {});
      checkCreationMode(jobCreationMode);
      const configuration: JobConfiguration = { query: rest, labels, jobTimeoutMs: jobTimeoutMs || undefined };
      checkConfiguration(configuration, false);
      const place = { location: jobLocation(jobContext.catalog, projectId, configuration, location) };
      if (isDryRun) return context.json(dryAnswer(await dryRun(jobContext, projectId, configuration, place)));
      const jobId = requestId ? jobIdOf(projectId, requestId, rest) : undefined;
      const job =
        jobId && jobs.store.has({ projectId, jobId })
          ? await jobs.get({ projectId, jobId })
          : await jobs.insert(projectId, { ...place, jobId }, configuration);
      const done = await jobs.wait(job.jobReference, timeoutOf(timeoutMs));
      const request = {
        offset: 0,
        limit: Math.min(maxResults ?? PAGE_ROWS, PAGE_ROWS),
        format,
      };
      return context.json({
        kind: 'bigquery#queryResponse',
        queryId: job.jobReference.jobId,
        ...(await results(done, request)),
      });
    }),
  );

  app.get(
    '/projects/:project/queries/:job',
    call('jobs.getQueryResults', async (context) => {
      const ref = jobRefOf(context);
      const job = await jobs.get(ref);
      const done = job.status.state === 'DONE' ? job : await jobs.wait(ref, timeoutOf(numberOf(context, 'timeoutMs')));
      const token = context.req.query('pageToken');
      const request = {
        offset: token ? offsetOf(token) : (numberOf(context, 'startIndex') ?? 0),
        limit: Math.min(numberOf(context, 'maxResults') ?? PAGE_ROWS, PAGE_ROWS),
        format: formatOfQuery(context),
      };
      const etag = `${ref.jobId}-${done.status.state}-${request.offset}`;
      return context.json({ kind: 'bigquery#getQueryResultsResponse', etag, ...(await results(done, request)) });
    }),
  );

  async function results(job: JobResource, request: ResultRequest): Promise<object> {
    const { jobReference, statistics, status } = job;
    if (status.state !== 'DONE') return { jobReference, jobComplete: false };
    if (status.errorResult) {
      const { reason, message, location } = status.errorResult;
      throw new BigQueryError(statusOf(reason), reason, message, location);
    }
    const { schema, table, dml } = await resultsOf(jobContext, jobs.store, job);
    const total = table ? (await jobContext.sizes.of(table)).rows : 0;
    const rows = table ? await readRows(jobContext.database, table, request) : [];
    const end = request.offset + rows.length;
    return {
      schema: schema && { fields: schema },
      jobReference,
      location: jobReference.location,
      totalRows: total.toString(),
      pageToken: end < total && request.limit > 0 ? tokenOf(end) : undefined,
      rows: rows.length > 0 ? rows : undefined,
      totalBytesProcessed: statistics.query?.totalBytesProcessed ?? '0',
      totalBytesBilled: statistics.query?.totalBytesBilled ?? '0',
      jobComplete: true,
      cacheHit: false,
      numDmlAffectedRows: dml?.numDmlAffectedRows,
      dmlStats: dml?.dmlStats,
      totalSlotMs: statistics.totalSlotMs ?? '0',
      statementType: statistics.query?.statementType,
      ddlOperationPerformed: statistics.query?.ddlOperationPerformed,
      ddlTargetTable: statistics.query?.ddlTargetTable,
      ddlTargetDataset: statistics.query?.ddlTargetDataset,
      sessionInfo: statistics.sessionInfo,
      jobCreationReason: job.jobCreationReason,
      creationTime: statistics.creationTime,
      startTime: statistics.startTime,
      endTime: statistics.endTime,
    };
  }

  return app;
}

const CREATION_MODES = ['JOB_CREATION_MODE_UNSPECIFIED', 'JOB_CREATION_REQUIRED', 'JOB_CREATION_OPTIONAL'];

/** Checks the mode's name only: the emulator makes a job in every mode, as JOB_CREATION_OPTIONAL allows. */
function checkCreationMode(mode: string | undefined): void {
  if (mode === undefined || CREATION_MODES.includes(mode)) return;
  throw invalid(`Invalid value at 'job_creation_mode', "${mode}"`, 'jobCreationMode');
}

function timeoutOf(requestedMs: number | undefined): number {
  return Math.min(requestedMs ?? NORMAL_TIMEOUT_MS, LONGEST_TIMEOUT_MS);
}

/** One job ID per request ID and body, so that a repeated request finds its job. */
function jobIdOf(projectId: string, requestId: string, request: object): string {
  const text = JSON.stringify([projectId, requestId, request]);
  return `job_${createHash('sha1').update(text).digest('hex')}`;
}

function dryAnswer(job: JobResource): object {
  const { projectId, location } = job.jobReference;
  const { schema, totalBytesProcessed } = job.statistics.query ?? {};
  const jobReference: Partial<JobReference> = { projectId, location: location ?? 'US' };
  return {
    kind: 'bigquery#queryResponse',
    schema,
    jobReference,
    location,
    totalBytesProcessed,
    totalBytesBilled: '0',
    jobComplete: true,
    cacheHit: false,
    creationTime: job.statistics.creationTime,
    endTime: job.statistics.creationTime,
  };
}
