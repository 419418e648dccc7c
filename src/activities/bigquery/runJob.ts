import { ApplicationFailure } from '@temporalio/common';
import { newFailure } from '../../failures';
import { jobFileContent } from '../../journal/jobFile';
import { jobInfoContent } from '../../journal/jobInfo';
import { endedJobFile, jobFile, jobInfoFile } from '../../journal/names';
import { reloadKey } from '../../ledger/entry';
import { quotedTable } from '../../plan/destination';
import { expandAtRun } from '../../plan/expandAtRun';
import type { JobOutcome } from '../../plan/job';
import { jobSummary } from '../../plan/jobSummary';
import { ledgerTargetOf, settlesBatch } from '../../plan/replayed/recoverySteps';
import type { StepContext } from '../../plan/stepContext';
import type { JobStep, LoadStep } from '../../plan/steps';
import type { JsonObject } from '../../rules/types';
import { folderOf } from '../../windows/folder';
import type { Process } from '../../windows/process';
import { settling } from '../batch/settleBatch';
import type { Dependencies } from '../dependencies';
import type { JobResource } from './bigQueryProjects';
import { type Adoption, submitAndWait, succeeded, withSources } from './submitJob';

/** Most entries of a failed job's list of errors that the history keeps. */
const ERRORS_KEPT = 10;

/**
 * Runs one job to its end: insert or adopt, then wait. The job's file lies in the task folder meanwhile and moves to the
 * trigger bucket when the job is done; the ledger part is confirmed with it when the job has loaded all that the batch needs.
 *
 * @throws ApplicationFailure, not to be retried, when BigQuery refuses the job itself; a job that ran and failed is an outcome.
 */
export async function runJob(
  step: LoadStep | JobStep,
  process: Process,
  context: StepContext = {},
  deps: Dependencies,
): Promise<JobOutcome> {
  const { config, objects } = deps;
  const uris = await urisOf(step, deps);
  const configuration =
    step.action === 'load'
      ? withSources(step.job.configuration, uris)
      : expandAtRun(step.job.configuration, { ...context, uris });
  const url = jobFile(config, step.job.jobId, process.async);
  const content = JSON.stringify(jobFileContent(config, process, step, configuration));
  await objects.write(url, content);
  const adoption = {
    ...(step.fills ? { fills: step.fills } : {}),
    ...(step.action === 'load' ? { successor: () => successorOf(step, deps) } : {}),
    ...(step.action === 'load' && !step.reload ? { sourceUris: uris } : {}),
  };
  const job = await submitted(step, configuration, adoption, url, deps);
  const outcome = outcomeOf(job);
  const settled =
    settlesBatch(step) && !outcome.error
      ? [settling(ledgerTargetOf(step).part, 'confirmed', [outcome.jobId], outcome.rows)]
      : [];
  const [, , changed] = await Promise.all([
    objects.write(endedJobFile(config, step.job.jobId), content),
    writeInfo(job, step, process, uris, deps),
    objects.change([{ kind: 'delete', url }, ...settled]),
  ]);
  const failed = changed.find(({ error }) => error);
  if (failed?.error) throw newFailure('Unavailable', `journal of ${outcome.jobId}: ${failed.error.message}`);
  return outcome;
}

/** Runs the job; the file of one that BigQuery refuses goes (spec 2, section 7, no. 4). */
async function submitted(
  step: LoadStep | JobStep,
  configuration: JsonObject,
  adoption: Adoption,
  url: string,
  deps: Dependencies,
): Promise<JobResource> {
  try {
    return await submitAndWait(step.job, configuration, adoption, deps);
  } catch (error) {
    if (error instanceof ApplicationFailure && error.nonRetryable) await deps.objects.change([{ kind: 'delete', url }]);
    throw error;
  }
}

/** Tells how the job went, for statistics of the user's own (spec 1, section 5.8). */
async function writeInfo(
  job: JobResource,
  step: LoadStep | JobStep,
  process: Process,
  uris: readonly string[],
  { config, objects }: Dependencies,
): Promise<void> {
  const url = jobInfoFile(config, job.jobReference.jobId);
  // Told of the load of what is told, it would never end.
  if (url === undefined || uris.some((uri) => folderOf(uri) === folderOf(url))) return;
  const { action, fills } = step;
  const told = { action, uris, ...(fills ? { tempTable: quotedTable(fills) } : {}) };
  await objects.write(url, JSON.stringify(jobInfoContent(process, told, job)));
}

/** URIs of a step's files: a part of the batch, or all of it. */
async function urisOf({ files }: LoadStep | JobStep, deps: Dependencies): Promise<readonly string[]> {
  if (!files) return [];
  const { from = 0, count } = files;
  return (await deps.batchFiles.read(files.part)).files.slice(from, from + count).map((file) => file.url);
}

/**
 * The job that has loaded the step's files since, after bad ones were set aside: the ledger part tells which one it is. Only
 * rows that went straight into the destination are there still.
 */
async function successorOf(step: LoadStep, deps: Dependencies): Promise<JobResource | undefined> {
  if (step.fills || step.reload) return undefined;
  const { part, from } = ledgerTargetOf(step);
  const folder = part.slice(0, part.lastIndexOf('/'));
  const found = (await deps.objects.list(folder, { recursive: false })).find(({ url }) => url === part);
  const jobId = found?.metadata[reloadKey(from)];
  return jobId === undefined ? undefined : succeeded({ ...step.job, jobId }, deps);
}

function outcomeOf(job: JobResource): JobOutcome {
  const { errorResult, errors = [] } = job.status;
  return {
    jobId: job.jobReference.jobId,
    rows: Number(job.statistics?.load?.outputRows ?? 0),
    resource: jobSummary(job),
    ...(errorResult
      ? { error: { message: errorResult.message, reason: errorResult.reason, errors: errors.slice(0, ERRORS_KEPT) } }
      : {}),
  };
}
