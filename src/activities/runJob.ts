import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { jobFileContent } from '../journal/jobFile';
import { LEDGER_STATE, type LedgerState } from '../journal/ledger';
import { endedJobFile, jobFile } from '../journal/names';
import type { JobOutcome, LoadStep } from '../plan/plan';
import type { JsonObject } from '../rules/types';
import type { Process } from '../windows/process';
import { reasonOf, statusOf, toFailure } from './bigQueryErrors';
import type { JobResource } from './bigQueryProjects';
import type { Dependencies } from './dependencies';

/** How often one step is submitted anew after its job failed; more would be a loop. */
const MAX_ATTEMPTS = 100;

/**
 * Runs one job to its end: insert or adopt, then wait. The job's file lies in the task folder meanwhile and moves to the
 * trigger bucket when the job is done; the ledger part is confirmed or retired with it.
 *
 * @throws ApplicationFailure, not to be retried, when BigQuery refuses the job itself; a job that ran and failed is an outcome.
 */
export async function runJob(step: LoadStep, process: Process, deps: Dependencies): Promise<JobOutcome> {
  const { config, objects } = deps;
  const part = await deps.batchFiles.read(step.files.part);
  const configuration = withSources(
    step.job.configuration,
    part.files.map((file) => file.url),
  );
  const url = jobFile(config, step.job.jobId, process.async);
  const content = JSON.stringify(jobFileContent(config, process, step, configuration));
  const submittedMs = Date.now();
  await objects.write(url, content);
  const job = await submitAndWait(step, configuration, submittedMs, deps);
  const outcome = outcomeOf(job);
  const state: LedgerState = outcome.error ? 'retired' : 'confirmed';
  const [, changed] = await Promise.all([
    objects.write(endedJobFile(config, step.job.jobId), content),
    objects.change([
      { kind: 'delete', url },
      { kind: 'annotate', url: step.files.part, metadata: { [LEDGER_STATE]: state, 'bqtail-job': outcome.jobId } },
    ]),
  ]);
  const failed = changed.find(({ error }) => error);
  if (failed?.error)
    throw ApplicationFailure.retryable(`journal of ${outcome.jobId}: ${failed.error.message}`, 'Unavailable');
  return outcome;
}

async function submitAndWait(
  step: LoadStep,
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
    if (!(earlier && done.status.errorResult)) return done;
  }
  throw ApplicationFailure.nonRetryable(`${step.job.jobId} failed ${MAX_ATTEMPTS} times`, 'LoadFailed');
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
    ...(errorResult ? { error: { message: errorResult.message, reason: errorResult.reason, errors } } : {}),
  };
}

function withSources(configuration: JsonObject, uris: readonly string[]): JsonObject {
  const load = configuration.load;
  if (typeof load !== 'object' || load === null || Array.isArray(load)) return configuration;
  return { ...configuration, load: { ...load, sourceUris: uris } };
}
