import { Hono } from 'hono';
import { BigQueryError, invalid } from '../errors';
import { withDestination } from '../jobs/anonymous';
import { checkConfiguration } from '../jobs/kinds';
import { dryRun } from '../jobs/query';
import { jobLocation } from '../locations';
import type { JobConfiguration, JobReference, JobResource } from '../resources';
import type { ApiCall } from './apiCall';
import { checkedBody } from './body';
import { type BigQueryContext, type BigQueryEnv, numberOf, param, type Services } from './context';
import { linkTo } from './links';
import { pageOf, tokenOf } from './pages';
import { jobBody } from './schemas';

/** The methods of jobs, except jobs.query and jobs.getQueryResults. */
export function jobRoutes(call: ApiCall, services: Services): Hono<BigQueryEnv> {
  const { jobs } = services;
  const app = new Hono<BigQueryEnv>();

  app.post(
    '/projects/:project/jobs',
    call('jobs.insert', async (context) => {
      const body = await checkedBody(context, jobBody);
      return context.json(await insertJob(context, services, body));
    }),
  );

  app.get(
    '/projects/:project/jobs',
    call('jobs.list', async (context) => {
      const page = pageOf(context, 50, 1000);
      const { jobs: listed, more } = await jobs.store.list({
        projectId: param(context, 'project'),
        states: statesOf(context.req.queries('stateFilter') ?? []),
        minCreationTime: numberOf(context, 'minCreationTime'),
        maxCreationTime: numberOf(context, 'maxCreationTime'),
        parentJobId: context.req.query('parentJobId') || undefined,
        ...page,
      });
      const full = context.req.query('projection')?.toLowerCase() === 'full';
      return context.json({
        kind: 'bigquery#jobList',
        etag: 'list',
        nextPageToken: more ? tokenOf(page.offset + page.limit) : undefined,
        jobs: listed.map((job) => listItem(job, full)),
      });
    }),
  );

  app.get(
    '/projects/:project/jobs/:job',
    call('jobs.get', async (context) => context.json(jobAnswer(context, await jobs.get(jobRefOf(context))))),
  );

  app.post(
    '/projects/:project/jobs/:job/cancel',
    call('jobs.cancel', async (context) =>
      context.json({
        kind: 'bigquery#jobCancelResponse',
        job: jobAnswer(context, await jobs.cancel(jobRefOf(context))),
      }),
    ),
  );

  app.delete(
    '/projects/:project/jobs/:job/delete',
    call('jobs.delete', async (context) => {
      const job = await jobs.get(jobRefOf(context));
      if (job.statistics.parentJobId) throw invalid(`Job ${job.id} is a child job and cannot be deleted directly.`);
      if (job.status.state !== 'DONE') throw invalid(`Job ${job.id} is not done and cannot be deleted.`);
      await jobs.store.delete(job.jobReference);
      return context.body(null, 204);
    }),
  );

  return app;
}

function statesOf(filters: readonly string[]): string[] {
  const states = filters.flatMap((filter) => filter.toLowerCase().split(','));
  const unknown = states.find((state) => !['pending', 'running', 'done'].includes(state));
  if (unknown !== undefined) throw invalid(`Invalid value for stateFilter: ${unknown}`, 'stateFilter');
  return states;
}

/**
 * Inserts a job, or answers a dry run.
 *
 * @param uploaded whether the request brings the media of a load job.
 * @throws BigQueryError when the request or the configuration is invalid.
 */
export async function insertJob(
  context: BigQueryContext,
  { jobs, jobContext }: Services,
  body: { jobReference?: Partial<JobReference>; configuration?: JobConfiguration },
  uploaded = false,
): Promise<object> {
  const projectId = param(context, 'project');
  const configuration = body.configuration ?? {};
  const bodyProject = body.jobReference?.projectId;
  if (bodyProject !== undefined && bodyProject !== projectId) {
    throw invalid(`Value ${bodyProject} of jobReference.projectId is not the project of the request.`);
  }
  const id = body.jobReference?.jobId;
  if (id && !/^[\w-]{1,1024}$/.test(id)) {
    throw invalid(
      `Invalid job ID "${id}". Job IDs must be alphanumeric (plus underscores and dashes) and must be at most 1024 characters long.`,
    );
  }
  checkConfiguration(configuration, uploaded);
  const location = jobLocation(jobContext.catalog, projectId, configuration, body.jobReference?.location);
  if (configuration.dryRun) {
    if (!configuration.query) throw new BigQueryError(400, 'invalid', 'Dry run is for query jobs only.');
    return dryAnswer(jobAnswer(context, await dryRun(jobContext, projectId, configuration, { location })));
  }
  return jobAnswer(context, await jobs.insert(projectId, { ...body.jobReference, location }, configuration));
}

/** The answer to a dry run: a job without an ID. */
function dryAnswer(job: JobResource): Omit<JobResource, 'jobReference'> & { jobReference: Partial<JobReference> } {
  const { jobId, ...reference } = job.jobReference;
  return {
    ...job,
    id: job.id?.replace(jobId, ''),
    selfLink: job.selfLink?.replace(jobId, ''),
    jobReference: reference,
  };
}

/** The job as jobs.get answers. */
export function jobAnswer(context: BigQueryContext, job: JobResource): JobResource {
  const { projectId, jobId } = job.jobReference;
  const selfLink = linkTo(context, `projects/${projectId}/jobs/${jobId}?location=${job.jobReference.location ?? 'US'}`);
  const etag = `${jobId}-${job.status.state}`;
  return { ...job, configuration: withDestination(job), etag, selfLink };
}

function listItem(job: JobResource, full: boolean): unknown {
  const { kind, id, jobReference, configuration, statistics, status, user_email, principal_subject } = job;
  return {
    kind,
    id,
    jobReference,
    state: status.state,
    statistics,
    status,
    user_email,
    principal_subject,
    errorResult: status.errorResult,
    configuration: full ? configuration : { jobType: configuration.jobType },
  };
}

/** The job that the path names, in the location that the query string names. */
export function jobRefOf(context: BigQueryContext): JobReference {
  const location = context.req.query('location');
  return {
    projectId: param(context, 'project'),
    jobId: param(context, 'job'),
    // Google's Python client writes `None`.
    location: location && location !== 'None' ? location : undefined,
  };
}
