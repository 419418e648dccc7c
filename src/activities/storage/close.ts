import { newFailure } from '../../failures';
import {
  doneProcessFile,
  endedJobFile,
  errorFile,
  failedResponseFile,
  givenUpProcessFile,
  runningProcessFile,
} from '../../journal/names';
import { processFields } from '../../journal/processFile';
import { LEDGER_STATE } from '../../ledger/entry';
import type { ObjectChange } from '../../objects/objectStore';
import type { JobOutcome } from '../../plan/job';
import type { Plan } from '../../plan/plan';
import { responseOf } from '../../plan/replayed/response';
import type { SpilledFiles } from '../../windows/spilledFiles';
import type { WindowIdentity } from '../../windows/windowIdentity';
import type { EndedProcess } from '../batch/endedProcess';
import type { Dependencies } from '../dependencies';
import { closeUnsealed } from './closeUnsealed';
import { firstLoad, type JournalWindow, processContent } from './processFiles';
import { filesOfWindow, locationFiles } from './windowFiles';

/** What is to be closed: the processes of one round, and the window when there is one. */
export interface Closing {
  readonly ended: readonly EndedProcess[];
  readonly window?: WindowIdentity;
  /** The window goes on, and its files stay. */
  readonly windowStays?: boolean;
  /** The window has `.loc` files. */
  readonly multiPath?: boolean;
  /** Files put aside, which the round has loaded. */
  readonly spilled?: readonly SpilledFiles[];
}

/**
 * Closes the journal: process files go to Done, or with error and response to the error folder; the files of jobs and window
 * go. One request for all of it.
 */
export async function close(closing: Closing, deps: Dependencies): Promise<void> {
  const { ended, window, windowStays, spilled = [] } = closing;
  await Promise.all(ended.map((process) => writeEnd(process, window, deps)));
  const unsealed = await Promise.all(ended.map((process) => closeUnsealed(process, window, deps)));
  const changes: ObjectChange[] = ended.flatMap((process) => closeProcess(process, deps));
  if (window && !windowStays) {
    const files = [...filesOfWindow(window, deps), ...(window.multiPath ? await locationFiles(window, deps) : [])];
    changes.push(...files.map((url) => ({ kind: 'delete' as const, url })));
  }
  changes.push(...spilled.map(({ url }) => ({ kind: 'delete' as const, url })));
  const results = changes.length > 0 ? await deps.objects.change(changes) : [];
  const open = results.find(({ error }) => error);
  if (open?.error) throw newFailure('Unavailable', `closing the journal: ${open.error.message}`);
  for (const process of ended) report(process, window, deps);
  for (const response of unsealed.flat()) deps.log(`${response.DestTable}: failed: ${response.Error}`, response);
}

/** The process file as it stays, and what went wrong. */
async function writeEnd(process: EndedProcess, window: JournalWindow | undefined, deps: Dependencies): Promise<void> {
  const { batch, plan, job, error, ended = [] } = process;
  if (!batch) return;
  const { config, objects } = deps;
  const { status, statistics } = job?.resource ?? {};
  const content = {
    ...(plan ? await processContent(plan, window, deps) : processFields(config, batch.process)),
    Status: error ? 'error' : 'ok',
    ...(error ? { Error: error.message } : {}),
    ...(statistics === undefined ? {} : { statistics }),
    ...(status === undefined ? {} : { jobStatus: { ...Object(status), ...jobErrors(job) } }),
    JobIDs: ended,
  };
  const url = error ? givenUpProcessFile(config, batch.process) : doneProcessFile(config, batch.process);
  await Promise.all([objects.write(url, JSON.stringify(content)), writeError(process, deps)]);
}

function jobErrors(job: JobOutcome | undefined): Record<string, unknown> {
  if (!job?.error) return {};
  const { message, reason, errors } = job.error;
  return { errorResult: { message, reason }, errors };
}

function closeProcess({ batch, ended = [], error }: EndedProcess, deps: Dependencies): ObjectChange[] {
  const { config } = deps;
  if (!batch) return [];
  const gone = [
    runningProcessFile(config, batch.process),
    ...ended.map((jobId) => endedJobFile(config, jobId)),
    // What an earlier run of the process gave up is done now.
    ...(error ? [] : [givenUpProcessFile(config, batch.process)]),
  ];
  return [
    ...gone.map((url) => ({ kind: 'delete' as const, url })),
    ...(error ? [] : [{ kind: 'annotate' as const, url: batch.files.part, metadata: { [LEDGER_STATE]: 'done' } }]),
  ];
}

async function writeError(process: EndedProcess, deps: Dependencies): Promise<void> {
  const { batch, plan, job, error } = process;
  if (!batch || !error) return;
  const { config, objects } = deps;
  await Promise.all([
    objects.write(errorFile(config, batch.process), errorText(plan, job, error.message)),
    objects.write(failedResponseFile(config, batch.process), JSON.stringify(response(process, undefined))),
  ]);
}

/** As the original writes it (spec 2, section 5.1); without a failed job it is what went wrong otherwise. */
function errorText(plan: Plan | undefined, job: JobOutcome | undefined, message: string): string {
  if (!plan || !job?.error) return message;
  const { projectId, location = '' } = firstLoad(plan).job;
  return `failed to run job [${projectId}:${location}.${job.jobId}]: ${message}, ${JSON.stringify(job.error.errors)}`;
}

function report(process: EndedProcess, window: WindowIdentity | undefined, deps: Dependencies): void {
  if (!process.batch) return;
  const { dest } = process.batch.process;
  deps.log(process.error ? `${dest}: failed: ${process.error.message}` : `${dest}: loaded`, {
    severity: process.error ? 'ERROR' : 'INFO',
    ...response(process, window),
  });
}

/** The response of a run. */
function response(process: EndedProcess, window: WindowIdentity | undefined): Record<string, unknown> {
  const { batch, plan, job, error, ended = [] } = process;
  const runner = window ? { BatchRunner: true, WindowID: window.id } : {};
  if (!batch) return { Status: error ? 'error' : 'ok', ...(error ? { Error: error.message } : {}), ...runner };
  const facts = {
    plan: plan ?? { process: batch.process, load: [] },
    files: batch.files,
    ...(job ? { job } : {}),
    ...(error ? { error } : {}),
  };
  return { ...responseOf(facts), ...(ended.length > 0 ? { JobIDs: ended } : {}), ...runner };
}
