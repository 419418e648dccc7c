import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { failureTypeOf, newFailure } from '../../failures';
import { isObject } from '../../json';
import { passingFailure } from '../../passingFailure';
import type { PlannedJob } from '../../plan/job';
import type { TableReference } from '../../rules/tableReference';
import type { JsonObject } from '../../rules/types';
import type { Dependencies } from '../dependencies';
import { reasonOf, statusOf, toFailure } from './bigQueryErrors';
import type { JobResource } from './bigQueryProjects';

/** Most earlier attempts of a step that one call asks for; more would be a loop. */
const MAX_ATTEMPTS = 1000;

/** Decides whether an existing job is adopted. */
export interface Adoption {
  /** Temporary table that the job fills: see `JobStep.fills`. A job that ended before the table was created is not adopted. */
  readonly fills?: TableReference;
  /** Only a job that loads exactly these URIs is adopted; absent: any URIs. */
  readonly sourceUris?: readonly string[];
  /** The results of a job of an earlier run are out of date. */
  readonly fresh?: boolean;
  /** When the job of an earlier run has failed: the job that loaded its good files since, if there is one. */
  readonly reloadJob?: () => Promise<JobResource | undefined>;
  /** Number of the attempt to begin with: an earlier call of this run has seen all attempts before it fail. Default: 0. */
  readonly firstAttempt?: number;
}

/**
 * Runs a job to its end: submits or adopts it, then waits. A job of the same ID that runs or has succeeded is adopted. After one
 * that failed in an earlier run, or by a fault of BigQuery, the job is submitted as `<ID>--1`, `<ID>--2`, … Heartbeats and
 * failures carry the number of the next attempt, so that the next call does not ask for the earlier ones again.
 *
 * @returns the job, also when it failed
 * @throws ApplicationFailure `JobTaken` when a job of that ID has loaded other files; `QuotaExceeded` when a daily quota is used up; `Unavailable` when the job failed by a fault
 *   of BigQuery; any other type when BigQuery refuses the job
 */
export async function submitAndWait(
  deps: Dependencies,
  planned: PlannedJob,
  configuration: JsonObject,
  adoption: Adoption,
): Promise<JobResource> {
  const { info } = Context.current();
  const { firstAttempt = 0 } = adoption;
  // The first call for this step in this run: a job that is there already may be of an earlier run.
  const first = info.attempt === 1 && firstAttempt === 0;
  const begin = Math.max(firstAttempt, nextAttemptOf(info.heartbeatDetails));
  const submittedMs = Date.now();
  for (let attempt = begin; attempt < begin + MAX_ATTEMPTS; attempt++) {
    if (attempt > begin) rememberAttempt(attempt);
    const job = attempt === 0 ? planned : { ...planned, jobId: `${planned.jobId}--${attempt}` };
    const { resource, adopted } = await insertOrAdopt(deps, job, configuration);
    const done = await finished(deps, resource, job, submittedMs);
    const { errorResult } = done.status;
    const details = { nextAttempt: attempt + 1 };
    const broken = errorResult && passingFailure(errorResult, `${job.jobId}: ${errorResult.message}`, details);
    // An adopted job that met a quota or lacked a permission in this run must not be followed by another one at once.
    if (broken && (!adopted || (!first && broken.nonRetryable))) {
      rememberAttempt(details.nextAttempt);
      throw broken;
    }
    if (!adopted) return done;
    if (!errorResult) {
      if ((adoption.fresh && first) || (await filledAnother(deps, adoption, done))) continue;
      refuseOther(done, adoption);
      return done;
    }
    if (!broken && !first) return done;
    const reloadJob = await adoption.reloadJob?.();
    if (reloadJob) return reloadJob;
  }
  throw newFailure('Unavailable', `${planned.jobId} failed ${MAX_ATTEMPTS} times`);
}

/** Keeps the number of the next attempt for the retry of this activity. */
function rememberAttempt(nextAttempt: number): void {
  Context.current().heartbeat({ nextAttempt });
}

function nextAttemptOf(heartbeat: unknown): number {
  return isObject(heartbeat) && typeof heartbeat.nextAttempt === 'number' ? heartbeat.nextAttempt : 0;
}

/** Waits for the job of an ID and its later attempts. @returns the first one that succeeded; undefined when none has */
export async function successOf(deps: Dependencies, planned: PlannedJob): Promise<JobResource | undefined> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const job = attempt === 0 ? planned : { ...planned, jobId: `${planned.jobId}--${attempt}` };
    const existing = await readJob(deps, job);
    if (!existing) return undefined;
    const done = await finished(deps, existing, job, Number(existing.statistics?.creationTime ?? Date.now()));
    if (!done.status.errorResult) return done;
  }
  return undefined;
}

/** The configuration of a load with the URLs of its files. */
export function withSources(configuration: JsonObject, uris: readonly string[]): JsonObject {
  const { load } = configuration;
  return isObject(load) ? { ...configuration, load: { ...load, sourceUris: uris } } : configuration;
}

/** Refuses a job that loaded other files: adopting it would lose ours. */
function refuseOther({ jobReference, configuration }: JobResource, { sourceUris }: Adoption): void {
  const loaded = configuration?.load?.sourceUris;
  if (!sourceUris || !loaded) return;
  const adopted = new Set(loaded);
  const missing = sourceUris.find((uri) => !adopted.has(uri));
  if (missing === undefined && adopted.size === sourceUris.length) return;
  throw newFailure(
    'JobTaken',
    `job ${jobReference.jobId} is another process's: found ${adopted.size} files, such as ${loaded[0]}; expected ${sourceUris.length}, such as ${missing ?? sourceUris[0]}`,
  );
}

/** Whether the job filled an earlier temporary table of the same name, which was dropped since. */
async function filledAnother(deps: Dependencies, { fills }: Adoption, job: JobResource): Promise<boolean> {
  if (!fills) return false;
  const table = await deps.bigQuery.getTable(fills).catch((error: unknown) => {
    throw failureAfterSubmission(error, `reading table ${fills.tableId}`);
  });
  return table === undefined || Number(job.statistics?.endTime ?? 0) < Number(table.creationTime);
}

async function insertOrAdopt(
  deps: Dependencies,
  job: PlannedJob,
  configuration: JsonObject,
): Promise<{ resource: JobResource; adopted: boolean }> {
  const { jobId, projectId, location } = job;
  try {
    return { resource: await deps.bigQuery.insertJob(projectId, jobId, location, configuration), adopted: false };
  } catch (error) {
    if (statusOf(error) !== 409 || reasonOf(error) !== 'duplicate') throw toFailure(error, `submitting job ${jobId}`);
  }
  const resource = await readJob(deps, job);
  if (!resource) throw newFailure('Unavailable', `BigQuery refuses job ${jobId} as a duplicate but does not find it`);
  return { resource, adopted: true };
}

function readJob(deps: Dependencies, { projectId, jobId, location }: PlannedJob): Promise<JobResource | undefined> {
  return deps.bigQuery.getJob(projectId, jobId, location).catch((error: unknown) => {
    throw failureAfterSubmission(error, `reading job ${jobId}`);
  });
}

async function finished(
  deps: Dependencies,
  resource: JobResource,
  { projectId, jobId, location }: PlannedJob,
  submittedMs: number,
): Promise<JobResource> {
  if (resource.status.state === 'DONE') return resource;
  // A regional job is found by its location only. BigQuery chooses it when the plan has none.
  const place = resource.jobReference.location ?? location;
  const since = Math.min(submittedMs, Number(resource.statistics?.creationTime ?? submittedMs));
  try {
    const done = deps.watcher.wait(projectId, resource.jobReference.jobId, place, since);
    return await Promise.race([done, Context.current().cancelled]);
  } catch (error) {
    throw statusOf(error) === undefined ? error : failureAfterSubmission(error, `waiting for job ${jobId}`);
  }
}

/** The failure of a call after the job was submitted: it may have loaded its rows, so that a missing permission is never final. */
function failureAfterSubmission(error: unknown, what: string): ApplicationFailure {
  const failure = toFailure(error, what);
  if (failureTypeOf(failure) !== 'PermissionDenied') return failure;
  return newFailure('PermissionDenied', failure.message, { details: { untilGranted: true } });
}
