import {
  doneProcessFile,
  endedJobFile,
  errorFile,
  failedResponseFile,
  givenUpProcessFile,
  runningProcessFile,
} from '../../journal/names';
import { processFields } from '../../journal/processFile';
import { endEntry } from '../../ledger/settle';
import type { ObjectChange } from '../../objects/objectStore';
import { changeFailure } from '../../passingFailure';
import type { SealedBatch } from '../../plan/batch';
import type { JobOutcome } from '../../plan/job';
import type { Plan } from '../../plan/plan';
import { responseOf } from '../../plan/replayed/response';
import type { SealInput } from '../../plan/sealInput';
import type { SpilledFiles } from '../../windows/spilledFiles';
import type { WindowIdentity } from '../../windows/windowIdentity';
import type { Dependencies } from '../dependencies';
import { closeUnsealed } from './closeUnsealed';
import { firstLoad, type JournalWindow, processContent } from './processFiles';
import { filesOfWindow, locationFiles } from './windowFiles';

/** How a process ended, as the journal needs it. */
export interface EndedProcess {
  readonly batch?: SealedBatch;
  /** The files that it was to load, when it failed before its batch was sealed. */
  readonly unsealed?: SealInput;
  readonly plan?: Plan;
  readonly job?: JobOutcome;
  /** IDs, as planned, of the jobs that ran to their end, whose files are in the trigger bucket. */
  readonly endedJobIds?: readonly string[];
  readonly error?: { readonly type: string; readonly message: string };
}

/** Processes that ended together, and their window. */
export interface Closing {
  readonly ended: readonly EndedProcess[];
  /** Absent for a single file. */
  readonly window?: WindowIdentity;
  /** The window continues with another batch, and its files stay. */
  readonly windowStays?: boolean;
  /** Spilled files that the processes have loaded. */
  readonly spilled?: readonly SpilledFiles[];
}

/**
 * Closes the journal: process files move to Done, or with error and response to ErrorURL; the files of jobs and of the window are
 * deleted. All deletions are one request.
 *
 * @throws ApplicationFailure `Unavailable` when a file could not be deleted
 */
export async function close(deps: Dependencies, closing: Closing): Promise<void> {
  const { ended, window, windowStays, spilled = [] } = closing;
  await Promise.all(ended.map((process) => writeEnd(deps, process, window)));
  const unsealed = await Promise.all(
    ended.flatMap(({ unsealed: input, error }) =>
      input && error ? [closeUnsealed(deps, input, error.message, window)] : [],
    ),
  );
  const changes: ObjectChange[] = ended.flatMap((process) => closeProcess(deps, process));
  if (window && !windowStays) {
    const files = [...filesOfWindow(deps, window), ...(window.multiPath ? await locationFiles(deps, window) : [])];
    changes.push(...files.map((url) => ({ kind: 'delete' as const, url })));
  }
  changes.push(...spilled.map(({ url }) => ({ kind: 'delete' as const, url })));
  const results = changes.length > 0 ? await deps.objects.change(changes) : [];
  const open = results.find(({ error }) => error);
  if (open?.error) throw changeFailure(open.error, 'closing the journal');
  for (const process of ended) report(deps, process, window);
  for (const response of unsealed) deps.log(`${response.DestTable}: failed: ${response.Error}`, response);
}

/** Writes the final process file, with the error of a failed process. */
async function writeEnd(deps: Dependencies, process: EndedProcess, window: JournalWindow | undefined): Promise<void> {
  const { batch, plan, job, error, endedJobIds = [] } = process;
  if (!batch) return;
  const { config, objects } = deps;
  const { status, statistics } = job?.resource ?? {};
  const content = {
    ...(plan ? await processContent(deps, plan, window) : processFields(config, batch.process)),
    Status: error ? 'error' : 'ok',
    Error: error?.message,
    statistics,
    jobStatus: status === undefined ? undefined : { ...Object(status), ...jobErrors(job) },
    JobIDs: endedJobIds,
  };
  const url = error ? givenUpProcessFile(config, batch.process) : doneProcessFile(config, batch.process);
  await Promise.all([objects.write(url, JSON.stringify(content)), writeError(deps, process)]);
}

function jobErrors(job: JobOutcome | undefined): Record<string, unknown> {
  if (!job?.error) return {};
  const { message, reason, errors } = job.error;
  return { errorResult: { message, reason }, errors };
}

function closeProcess(deps: Dependencies, { batch, endedJobIds = [], error }: EndedProcess): ObjectChange[] {
  const { config } = deps;
  if (!batch) return [];
  const gone = [
    runningProcessFile(config, batch.process),
    ...endedJobIds.map((jobId) => endedJobFile(config, jobId)),
    // Left by an earlier run of the process that failed.
    ...(error ? [] : [givenUpProcessFile(config, batch.process)]),
  ];
  return [...gone.map((url) => ({ kind: 'delete' as const, url })), ...(error ? [] : [endEntry(batch.files.entry)])];
}

async function writeError(deps: Dependencies, process: EndedProcess): Promise<void> {
  const { batch, plan, job, error } = process;
  if (!batch || !error) return;
  const { config, objects } = deps;
  await Promise.all([
    objects.write(errorFile(config, batch.process), errorFileText(plan, job, error.message)),
    objects.write(failedResponseFile(config, batch.process), JSON.stringify(response(process, undefined))),
  ]);
}

/** Text of the `.err` file: in the format of viant/bqtail after a failed job, else the message alone. */
function errorFileText(plan: Plan | undefined, job: JobOutcome | undefined, message: string): string {
  if (!plan || !job?.error) return message;
  const { projectId, location = '' } = firstLoad(plan).job;
  return `failed to run job [${projectId}:${location}.${job.jobId}]: ${message}, ${JSON.stringify(job.error.errors)}`;
}

function report(deps: Dependencies, process: EndedProcess, window: WindowIdentity | undefined): void {
  if (!process.batch) return;
  const { dest } = process.batch.process;
  deps.log(process.error ? `${dest}: failed: ${process.error.message}` : `${dest}: loaded`, {
    severity: process.error ? 'ERROR' : 'INFO',
    ...response(process, window),
  });
}

/** The response of a run. */
function response(process: EndedProcess, window: WindowIdentity | undefined): Record<string, unknown> {
  const { batch, plan, job, error, endedJobIds = [] } = process;
  const runner = window ? { BatchRunner: true, WindowID: window.id } : {};
  if (!batch) return { Status: error ? 'error' : 'ok', Error: error?.message, ...runner };
  const facts = { plan: plan ?? { process: batch.process, load: [] }, files: batch.files, job, error };
  return { ...responseOf(facts), JobIDs: endedJobIds.length > 0 ? endedJobIds : undefined, ...runner };
}
