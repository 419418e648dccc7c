import { ApplicationFailure } from '@temporalio/common';
import {
  doneProcessFile,
  endedJobFile,
  errorFile,
  failedResponseFile,
  givenUpProcessFile,
  runningProcessFile,
  windowFile,
} from '../journal/names';
import { processFields, type WindowTimes, windowFields } from '../journal/processFile';
import type { ObjectChange } from '../objects/objectStore';
import type { JobOutcome, SealedBatch } from '../plan/plan';
import { responseOf } from '../plan/response';
import type { LoadStep, Plan } from '../plan/steps';
import type { Stash } from '../workflows/contract';
import type { Dependencies } from './dependencies';
import { filesOfWindow, type WindowMarks } from './windowFiles';

/** The window of a process, as its process file shows it. */
export type JournalWindow = WindowTimes & { readonly id: string };

/** Writes the `.run` file, just before the load is submitted (spec 1, section 5.6). */
export async function writeProcessFile(
  plan: Plan,
  window: JournalWindow | undefined,
  deps: Dependencies,
): Promise<void> {
  const { config } = deps;
  const { process } = plan;
  const { files } = await deps.batchFiles.read(firstLoad(plan).files.part);
  const fields = processFields(config, process);
  const { load } = firstLoad(plan).job.configuration;
  const content = {
    ...fields,
    Status: 'ok',
    ...(window ? { Window: windowFields(fields, windowFile(config, window.id, process.async), window, files) } : {}),
    Group: null,
    load: { ...(typeof load === 'object' ? load : {}), sourceUris: files.map((file) => file.url) },
    Actions: { OnSuccess: plan.actions.onSuccess, OnFailure: plan.actions.onFailure },
  };
  await deps.objects.write(runningProcessFile(config, process), JSON.stringify(content));
}

/** How a process ended, as the journal needs it. */
export interface EndedProcess {
  readonly batch?: SealedBatch;
  readonly plan?: Plan;
  readonly job?: JobOutcome;
  /** IDs, as planned, of the jobs that ran to their end, whose files lie in the trigger bucket. */
  readonly ended?: readonly string[];
  readonly error?: { readonly type: string; readonly message: string };
}

/** What is to be closed: the processes of one round, and the window when there is one. */
export interface Closing {
  readonly ended: readonly EndedProcess[];
  readonly marks?: WindowMarks;
  /** Files put aside, which the round has loaded. */
  readonly stashes?: readonly Stash[];
}

/**
 * Closes the journal: process files go to Done, or with error and response to the error folder; the files of jobs and window
 * go. One request for all of it.
 */
export async function close({ ended, marks, stashes = [] }: Closing, deps: Dependencies): Promise<void> {
  const failed = ended.filter((process) => process.error !== undefined);
  await Promise.all(failed.map((process) => writeError(process, deps)));
  const changes: ObjectChange[] = ended.flatMap((process) => closeProcess(process, deps));
  if (marks) {
    const async = ended.every(({ batch }) => batch?.process.async ?? true);
    changes.push(...filesOfWindow(marks, async, deps).map((url) => ({ kind: 'delete' as const, url })));
  }
  changes.push(...stashes.map(({ url }) => ({ kind: 'delete' as const, url })));
  const results = changes.length > 0 ? await deps.objects.change(changes) : [];
  const open = results.find(({ error }) => error);
  if (open?.error) throw ApplicationFailure.retryable(`closing the journal: ${open.error.message}`, 'Unavailable');
  for (const process of ended) report(process, marks, deps);
}

function closeProcess({ batch, plan, ended = [], error }: EndedProcess, deps: Dependencies): ObjectChange[] {
  const { config } = deps;
  if (!batch || !plan) return [];
  const from = runningProcessFile(config, plan.process);
  const to = error ? givenUpProcessFile(config, plan.process) : doneProcessFile(config, plan.process);
  const jobs = ended.map((jobId) => ({ kind: 'delete' as const, url: endedJobFile(config, jobId) }));
  return [{ kind: 'move', from, to }, ...jobs];
}

async function writeError({ batch, plan, job, error }: EndedProcess, deps: Dependencies): Promise<void> {
  if (!batch || !error) return;
  const { config, objects } = deps;
  const place = plan
    ? `${firstLoad(plan).job.projectId}:${firstLoad(plan).job.location ?? ''}.${job?.jobId ?? batch.jobId}`
    : batch.jobId;
  const text = `failed to run job [${place}]: ${error.message}, ${JSON.stringify(job?.error?.errors ?? [])}`;
  await Promise.all([
    objects.write(errorFile(config, batch.process), text),
    objects.write(
      failedResponseFile(config, batch.process),
      JSON.stringify(response({ batch, plan, job, error }, undefined)),
    ),
  ]);
}

function report(process: EndedProcess, marks: WindowMarks | undefined, deps: Dependencies): void {
  if (!process.batch) return;
  const { dest } = process.batch.process;
  deps.log(process.error ? `${dest}: failed: ${process.error.message}` : `${dest}: loaded`, {
    severity: process.error ? 'ERROR' : 'INFO',
    ...response(process, marks),
  });
}

/** The response of a run. */
function response({ batch, plan, job, error }: EndedProcess, marks: WindowMarks | undefined): Record<string, unknown> {
  const runner = marks ? { BatchRunner: true, WindowID: marks.window.id } : {};
  if (batch && plan) {
    const facts = { plan, files: batch.files, ...(job ? { job } : {}), ...(error ? { error } : {}) };
    return { ...responseOf(facts), ...runner };
  }
  return {
    Status: error ? 'error' : 'ok',
    ...(error ? { Error: error.message } : {}),
    EventID: batch?.process.eventId,
    DestTable: batch?.process.dest,
    ...runner,
    Files: batch?.files.count,
  };
}

/** The load job that the journal shows; the others of a big batch load the same table in the same way. */
function firstLoad(plan: Plan): LoadStep {
  const [[first] = []] = plan.load;
  if (first) return first;
  throw ApplicationFailure.nonRetryable(`${plan.ruleId}: the plan loads nothing`, 'LoadFailed');
}
