import { ApplicationFailure } from '@temporalio/common';
import { jobFileContent } from '../../journal/jobFile';
import { jobInfoContent } from '../../journal/jobInfo';
import { endedJobFile, jobFile, jobInfoFile } from '../../journal/names';
import { announcedReload, settleEntry } from '../../ledger/settle';
import { changeFailure } from '../../passingFailure';
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
import type { Dependencies } from '../dependencies';
import type { JobResource } from './bigQueryProjects';
import { type Adoption, submitAndWait, successOf, withSources } from './submitJob';

/** Number of errors of a failed job that the history keeps. */
const ERRORS_KEPT = 10;

/**
 * Runs one job to its end: submits or adopts it, then waits. While the job runs, its file is in the task folder; then the file
 * moves to the trigger bucket. Also confirms the ledger entry if the job has loaded the whole batch.
 *
 * @param firstAttempt see `Adoption.firstAttempt`.
 * @returns the outcome, also of a job that failed
 * @throws ApplicationFailure when BigQuery refuses the job
 */
export async function runJob(
  deps: Dependencies,
  step: LoadStep | JobStep,
  process: Process,
  context: StepContext = {},
  firstAttempt = 0,
): Promise<JobOutcome> {
  const { config, objects } = deps;
  const uris = await urisOf(deps, step);
  const configuration =
    step.action === 'load'
      ? withSources(step.job.configuration, uris)
      : expandAtRun(step.job.configuration, { ...context, uris });
  const url = jobFile(config, step.job.jobId, process.async);
  const content = JSON.stringify(jobFileContent(config, process, step, configuration));
  await objects.write(url, content);
  const adoption: Adoption = {
    firstAttempt,
    fills: step.fills,
    reloadJob: step.action === 'load' ? () => reloadJobOf(deps, step) : undefined,
    sourceUris: step.action === 'load' && !step.reload ? uris : undefined,
  };
  const job = await runToEnd(deps, step, configuration, adoption, url);
  const outcome = outcomeOf(job);
  const settled =
    settlesBatch(step) && !outcome.error
      ? [settleEntry(ledgerTargetOf(step).entry, 'confirmed', [outcome.jobId], outcome.rows)]
      : [];
  const [, , changed] = await Promise.all([
    objects.write(endedJobFile(config, step.job.jobId), content),
    writeInfo(deps, job, step, process, uris),
    objects.change([{ kind: 'delete', url }, ...settled]),
  ]);
  const failed = changed.find(({ error }) => error);
  if (failed?.error) throw changeFailure(failed.error, `journal of ${outcome.jobId}`);
  return outcome;
}

/** Runs the job. Deletes its file when BigQuery refuses the job. */
async function runToEnd(
  deps: Dependencies,
  step: LoadStep | JobStep,
  configuration: JsonObject,
  adoption: Adoption,
  url: string,
): Promise<JobResource> {
  try {
    return await submitAndWait(deps, step.job, configuration, adoption);
  } catch (error) {
    if (error instanceof ApplicationFailure && error.nonRetryable) await deps.objects.change([{ kind: 'delete', url }]);
    throw error;
  }
}

/** Writes the info file of an ended job, which users load for statistics of their own. */
async function writeInfo(
  { config, objects }: Dependencies,
  job: JobResource,
  step: LoadStep | JobStep,
  process: Process,
  uris: readonly string[],
): Promise<void> {
  const url = jobInfoFile(config, job.jobReference.jobId);
  // Do not write an info file for loads of info files: that would repeat for ever.
  if (url === undefined || uris.some((uri) => folderOf(uri) === folderOf(url))) return;
  const { action, fills } = step;
  const facts = { action, uris, tempTable: fills && quotedTable(fills) };
  await objects.write(url, JSON.stringify(jobInfoContent(process, facts, job)));
}

/** URIs of the files of a step: the whole batch, or a part of it. */
async function urisOf(deps: Dependencies, { files }: LoadStep | JobStep): Promise<readonly string[]> {
  if (!files) return [];
  const { from = 0, count } = files;
  return (await deps.ledger.read(files.entry)).files.slice(from, from + count).map((file) => file.url);
}

/**
 * The job that has loaded the step's files without the bad ones, as the ledger names it. Only rows in the destination table are
 * certain to be there still.
 */
async function reloadJobOf(deps: Dependencies, step: LoadStep): Promise<JobResource | undefined> {
  if (step.fills || step.reload) return undefined;
  const jobId = await announcedReload(ledgerTargetOf(step), deps.objects);
  return jobId === undefined ? undefined : successOf(deps, { ...step.job, jobId });
}

function outcomeOf(job: JobResource): JobOutcome {
  const { errorResult, errors = [] } = job.status;
  return {
    jobId: job.jobReference.jobId,
    rows: Number(job.statistics?.load?.outputRows ?? 0),
    resource: jobSummary(job),
    error: errorResult && {
      message: errorResult.message,
      reason: errorResult.reason,
      errors: errors.slice(0, ERRORS_KEPT),
    },
  };
}
