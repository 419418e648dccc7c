import { Context } from '@temporalio/activity';
import { classOf, isTransient } from '../../errorClass';
import { newFailure } from '../../failures';
import { isObject } from '../../json';
import type { PlannedJob } from '../../plan/job';
import type { TableReference } from '../../rules/tableReference';
import type { JsonObject } from '../../rules/types';
import type { Dependencies } from '../dependencies';
import { reasonOf, statusOf, toFailure } from './bigQueryErrors';
import type { JobResource } from './bigQueryProjects';

/** How often one step is submitted anew after its job failed; more would be a loop. */
const MAX_ATTEMPTS = 1000;

/** How a job that is there already is dealt with. */
export interface Adoption {
  /** Temporary table that the job fills: see `JobStep.fills`. */
  readonly fills?: TableReference;
  /** URIs that a job must load to be adopted; absent: what it loads may have changed since. */
  readonly sourceUris?: readonly string[];
  /** What a job of an earlier run has found counts no more. */
  readonly fresh?: boolean;
  /** When the job of an earlier run has failed: the job that loaded its good files since, if there is one. */
  readonly reloadJob?: () => Promise<JobResource | undefined>;
}

/**
 * Runs a job to its end: insert or adopt, then wait. A job of the ID that runs or has succeeded is adopted; one of an earlier
 * run that has failed, or one that the service has broken off, is followed by the next attempt, `<ID>--1`, `<ID>--2`, …
 *
 * @throws ApplicationFailure, not to be retried, when BigQuery refuses the job itself; to be retried when it broke off by the
 *   service's own fault; not to be retried, `JobTaken`, when a job of that ID has loaded other files. A job that failed by its own
 *   is returned.
 */
export async function submitAndWait(
  deps: Dependencies,
  planned: PlannedJob,
  configuration: JsonObject,
  adoption: Adoption,
): Promise<JobResource> {
  const first = Context.current().info.attempt === 1;
  const submittedMs = Date.now();
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const job = attempt === 0 ? planned : { ...planned, jobId: `${planned.jobId}--${attempt}` };
    const { resource, adopted } = await insertOrAdopt(deps, job, configuration);
    const done = await finished(deps, resource, job, submittedMs);
    const { errorResult } = done.status;
    const broken = errorResult !== undefined && isTransient(classOf(errorResult));
    if (broken && !adopted) throw newFailure('Unavailable', `${job.jobId}: ${errorResult.message}`);
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
  throw newFailure('Unavailable', `${planned.jobId} was broken off ${MAX_ATTEMPTS} times`);
}

/** The job of that ID, or the last of its attempts, once it has succeeded; undefined when none has. */
export async function succeeded(deps: Dependencies, planned: PlannedJob): Promise<JobResource | undefined> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const job = attempt === 0 ? planned : { ...planned, jobId: `${planned.jobId}--${attempt}` };
    const known = await asking(deps, job);
    if (!known) return undefined;
    const done = await finished(deps, known, job, Number(known.statistics?.creationTime ?? Date.now()));
    if (!done.status.errorResult) return done;
  }
  return undefined;
}

/** A load's configuration with the URLs of its files. */
export function withSources(configuration: JsonObject, uris: readonly string[]): JsonObject {
  const { load } = configuration;
  return isObject(load) ? { ...configuration, load: { ...load, sourceUris: uris } } : configuration;
}

/** To take another process's load for one's own would lose the files of one of them. */
function refuseOther({ jobReference, configuration }: JobResource, { sourceUris }: Adoption): void {
  const loaded = configuration?.load?.sourceUris;
  if (!sourceUris || !loaded) return;
  const known = new Set(loaded);
  const missing = sourceUris.find((uri) => !known.has(uri));
  if (missing === undefined && known.size === sourceUris.length) return;
  throw newFailure(
    'JobTaken',
    `job ${jobReference.jobId} is another process's: found ${known.size} files, such as ${loaded[0]}; expected ${sourceUris.length}, such as ${missing ?? sourceUris[0]}`,
  );
}

/** Whether a job of the step's ID filled a temporary table that was dropped since. */
async function filledAnother(deps: Dependencies, { fills }: Adoption, job: JobResource): Promise<boolean> {
  if (!fills) return false;
  const table = await deps.bigQuery.getTable(fills).catch((error: unknown) => {
    throw toFailure(error, `reading table ${fills.tableId}`);
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
  const resource = await asking(deps, job);
  if (!resource) throw newFailure('Unavailable', `job ${jobId} exists and cannot be found`);
  return { resource, adopted: true };
}

function asking(deps: Dependencies, { projectId, jobId, location }: PlannedJob): Promise<JobResource | undefined> {
  return deps.bigQuery.getJob(projectId, jobId, location).catch((error: unknown) => {
    throw toFailure(error, `reading job ${jobId}`);
  });
}

async function finished(
  deps: Dependencies,
  resource: JobResource,
  { projectId, jobId, location }: PlannedJob,
  submittedMs: number,
): Promise<JobResource> {
  if (resource.status.state === 'DONE') return resource;
  // A regional job is only found with its location, which the service chose when the plan knew none.
  const place = resource.jobReference.location ?? location;
  const since = Math.min(submittedMs, Number(resource.statistics?.creationTime ?? submittedMs));
  try {
    const done = deps.watcher.wait(projectId, resource.jobReference.jobId, place, since);
    return await Promise.race([done, Context.current().cancelled]);
  } catch (error) {
    throw statusOf(error) === undefined ? error : toFailure(error, `waiting for job ${jobId}`);
  }
}
