import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { jobFileContent } from '../journal/jobFile';
import { endedJobFile, jobFile } from '../journal/names';
import type { Circumstances } from '../plan/circumstances';
import { expandAtRun } from '../plan/expandAtRun';
import { jobSummary } from '../plan/jobSummary';
import type { JobOutcome } from '../plan/plan';
import { settlesBatch } from '../plan/settling';
import type { JobStep, LoadStep } from '../plan/steps';
import type { JsonObject } from '../rules/types';
import type { Process } from '../windows/process';
import { reasonOf, statusOf, toFailure } from './bigQueryErrors';
import type { JobResource } from './bigQueryProjects';
import type { Dependencies } from './dependencies';
import { settling } from './settleBatch';

/** How often one step is submitted anew after its job failed; more would be a loop. */
const MAX_ATTEMPTS = 100;

/**
 * Runs one job to its end: insert or adopt, then wait. The job's file lies in the task folder meanwhile and moves to the
 * trigger bucket when the job is done; the ledger part is confirmed or retired with it when the job is all that the batch needs.
 *
 * @throws ApplicationFailure, not to be retried, when BigQuery refuses the job itself; a job that ran and failed is an outcome.
 */
export async function runJob(
  step: LoadStep | JobStep,
  process: Process,
  circumstances: Circumstances = {},
  deps: Dependencies,
): Promise<JobOutcome> {
  const { config, objects } = deps;
  const uris = await urisOf(step, deps);
  const configuration =
    step.action === 'load'
      ? withSources(step.job.configuration, uris)
      : expandAtRun(step.job.configuration, { ...circumstances, uris });
  const url = jobFile(config, step.job.jobId, process.async);
  const content = JSON.stringify(jobFileContent(config, process, step, configuration));
  const submittedMs = Date.now();
  await objects.write(url, content);
  const job = await submitAndWait(step, configuration, submittedMs, deps);
  const outcome = outcomeOf(job);
  const settled = settlesBatch(step)
    ? [settling(step.files.part, outcome.error ? 'retired' : 'confirmed', [outcome.jobId], outcome.rows)]
    : [];
  const [, changed] = await Promise.all([
    objects.write(endedJobFile(config, step.job.jobId), content),
    objects.change([{ kind: 'delete', url }, ...settled]),
  ]);
  const failed = changed.find(({ error }) => error);
  if (failed?.error)
    throw ApplicationFailure.retryable(`journal of ${outcome.jobId}: ${failed.error.message}`, 'Unavailable');
  return outcome;
}

/** URIs of a step's files: a part of the batch, or all of it. */
async function urisOf({ files }: LoadStep | JobStep, deps: Dependencies): Promise<readonly string[]> {
  if (!files) return [];
  const { from = 0, count } = files;
  return (await deps.batchFiles.read(files.part)).files.slice(from, from + count).map((file) => file.url);
}

async function submitAndWait(
  step: LoadStep | JobStep,
  configuration: JsonObject,
  submittedMs: number,
  deps: Dependencies,
): Promise<JobResource> {
  const { projectId, location } = step.job;
  const context = Context.current();
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const jobId = attempt === 0 ? step.job.jobId : `${step.job.jobId}--${attempt}`;
    const submitted = await insertOrAdopt(projectId, jobId, location, configuration, deps);
    // A failed job that was there before this activity began is an earlier run's; this run submits anew.
    const earlier = submitted.adopted && context.info.attempt === 1;
    const done = await finished(submitted.job, projectId, jobId, location, submittedMs, deps);
    if (earlier && done.status.errorResult) continue;
    if (!(submitted.adopted && (await filledAnother(step, done, deps)))) return done;
  }
  throw ApplicationFailure.nonRetryable(`${step.job.jobId} failed ${MAX_ATTEMPTS} times`, 'LoadFailed');
}

/** Whether a job of the step's ID filled a temporary table that was dropped since. */
async function filledAnother(step: LoadStep | JobStep, job: JobResource, deps: Dependencies): Promise<boolean> {
  if (!step.fills || job.status.errorResult) return false;
  const table = await deps.bigQuery.getTable(step.fills);
  return table === undefined || Number(job.statistics?.endTime ?? 0) < Number(table.creationTime);
}

async function insertOrAdopt(
  projectId: string,
  jobId: string,
  location: string | undefined,
  configuration: JsonObject,
  deps: Dependencies,
): Promise<{ job: JobResource; adopted: boolean }> {
  try {
    return { job: await deps.bigQuery.insertJob(projectId, jobId, location, configuration), adopted: false };
  } catch (error) {
    if (statusOf(error) !== 409 || reasonOf(error) !== 'duplicate') throw toFailure(error, `submitting job ${jobId}`);
  }
  const job = await deps.bigQuery.getJob(projectId, jobId, location);
  if (!job) throw ApplicationFailure.retryable(`job ${jobId} exists and cannot be found`, 'Unavailable');
  return { job, adopted: true };
}

async function finished(
  job: JobResource,
  projectId: string,
  jobId: string,
  location: string | undefined,
  submittedMs: number,
  deps: Dependencies,
): Promise<JobResource> {
  if (job.status.state === 'DONE') return job;
  // A regional job is only found with its location, which the service chose when the plan knew none.
  const place = job.jobReference.location ?? location;
  const since = Math.min(submittedMs, Number(job.statistics?.creationTime ?? submittedMs));
  try {
    return await Promise.race([deps.watcher.wait(projectId, jobId, place, since), Context.current().cancelled]);
  } catch (error) {
    throw statusOf(error) === undefined ? error : toFailure(error, `waiting for job ${jobId}`);
  }
}

function outcomeOf(job: JobResource): JobOutcome {
  const { errorResult, errors = [] } = job.status;
  return {
    jobId: job.jobReference.jobId,
    rows: Number(job.statistics?.load?.outputRows ?? 0),
    resource: jobSummary(job),
    ...(errorResult ? { error: { message: errorResult.message, reason: errorResult.reason, errors } } : {}),
  };
}

function withSources(configuration: JsonObject, uris: readonly string[]): JsonObject {
  const load = configuration.load;
  if (typeof load !== 'object' || load === null || Array.isArray(load)) return configuration;
  return { ...configuration, load: { ...load, sourceUris: uris } };
}
