import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { z } from 'zod';
import { errorText } from '../errorText';
import { eventSlices } from '../windows/eventSlices';
import { BATCH_WINDOW, filesArrived, retry as retrySignal, searchAttributes, status } from '../workflows/contract';
import { type Execution, hasFailed, idsToRetry, runsOf, type WorkflowSelection } from './executions';
import { readRunInput } from './runInput';

/** Result for one workflow. */
export interface RetryResult {
  readonly workflowId: string;
  /** State before: `parked`, another stage, or the end of its last failed run; `unknown` for an unknown workflow. */
  readonly was: string;
  readonly done: 'signalled' | 'started' | 'nothing' | 'failed';
  /** Number of files that the new run received. It does not load those that are already loaded. */
  readonly files?: number;
  /** Number of other failed runs of the workflow. They can be retried afterwards, one by one. */
  readonly left?: number;
  /** Why nothing was done, or the error. */
  readonly reason?: string;
}

/** Memo key: IDs of the runs that a run retries. */
const RETRIED = 'retried';

/**
 * Retries workflows. A parked workflow resumes. For a failed one, a new run with the same ID and owner gets the input and the files
 * of the oldest failed run. The new run uses the current rule, adopts the jobs that ran, and by its ledger loads no file twice.
 *
 * @param dryRun reports what would be done, without doing it.
 */
export async function retryAll(client: Client, selection: WorkflowSelection, dryRun: boolean): Promise<RetryResult[]> {
  const named = selection.ids?.length ? selection.ids : undefined;
  const results: RetryResult[] = [];
  for (const id of new Set(named ?? (await idsToRetry(client, selection)))) {
    const result = await retryOne(client, id, dryRun);
    // Listings also contain failed runs that were retried.
    if (named || result.done !== 'nothing') results.push(result);
  }
  return results;
}

async function retryOne(client: Client, workflowId: string, dryRun: boolean): Promise<RetryResult> {
  try {
    const runs = await runsOf(client, workflowId);
    const [newest] = runs;
    if (!newest)
      return {
        workflowId,
        was: 'unknown',
        done: 'failed',
        reason: 'there is no such workflow, or Temporal has already deleted it',
      };
    const running = newest.status.name === 'RUNNING';
    if (running) return await resume(client, workflowId, dryRun);
    const failed = toRestart(runs);
    const oldest = failed.at(-1);
    if (oldest)
      return { ...(await restart(client, oldest, dryRun)), left: failed.length > 1 ? failed.length - 1 : undefined };
    return { workflowId, was: newest.status.name.toLowerCase(), done: 'nothing', reason: 'it has not failed' };
  } catch (error) {
    const reason = `${reasonOf(error)}; correct the cause, then run \`bqtail retry ${workflowId}\` again`;
    return { workflowId, was: 'unknown', done: 'failed', reason };
  }
}

/** The message of an error and of its causes: a client's error names only the call that failed. */
function reasonOf(error: unknown): string {
  const messages: string[] = [];
  for (let cause = error; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined) {
    messages.push(errorText(cause));
  }
  return [...new Set(messages)].join(': ');
}

/** Failed runs that no other run retries, newest first. */
function toRestart(runs: readonly Execution[]): Execution[] {
  const retried = new Set(runs.flatMap(({ memo }) => z.array(z.string()).catch([]).parse(memo?.[RETRIED])));
  return runs.filter((run) => hasFailed(run) && !retried.has(run.runId));
}

async function resume(client: Client, workflowId: string, dryRun: boolean): Promise<RetryResult> {
  const handle = client.workflow.getHandle(workflowId);
  const { typedSearchAttributes } = await handle.describe();
  // Search attributes need no worker, but may be missing at first; the query needs a worker.
  const stage = typedSearchAttributes.get(searchAttributes.stage) ?? (await handle.query(status)).stage;
  if (stage !== 'parked') return { workflowId, was: stage, done: 'nothing', reason: 'it is running and not parked' };
  if (!dryRun) await handle.signal(retrySignal);
  return { workflowId, was: stage, done: 'signalled' };
}

async function restart(
  client: Client,
  { workflowId, runId, type, taskQueue, memo, typedSearchAttributes, status: { name } }: Execution,
  dryRun: boolean,
): Promise<RetryResult> {
  const { input, files } = await readRunInput(client, workflowId, runId);
  const was = name.toLowerCase();
  const count = type === BATCH_WINDOW ? new Set(files.map(({ url }) => url)).size : 1;
  if (type === BATCH_WINDOW && count === 0) {
    return { workflowId, was, done: 'nothing', reason: 'it received no files' };
  }
  if (dryRun) return { workflowId, was, done: 'started', files: count };
  const options = {
    workflowId,
    taskQueue,
    args: [input],
    memo: { ...memo, [RETRIED]: [runId] },
    typedSearchAttributes: attributesOf(typedSearchAttributes),
  };
  let sent = 0;
  try {
    if (type !== BATCH_WINDOW) await client.workflow.start(type, options);
    else {
      // Each signal starts a run if the one before has ended already.
      for (const slice of eventSlices(files)) {
        await client.workflow.signalWithStart(type, { ...options, signal: filesArrived, signalArgs: [slice] });
        sent += slice.length;
      }
    }
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) {
      return { workflowId, was, done: 'nothing', reason: 'it was started in the meantime' };
    }
    if (sent === 0) throw error;
    const reason = `${reasonOf(error)}; a new run has ${sent} of ${files.length} files: load the others by \`bqtail backfill\``;
    return { workflowId, was, done: 'failed', files: sent, reason };
  }
  return { workflowId, was, done: 'started', files: count };
}

/** Search attributes of the new run: ours, without those of the server. */
function attributesOf(previous: TypedSearchAttributes): TypedSearchAttributes {
  const attributes = new TypedSearchAttributes([{ key: searchAttributes.stage, value: 'gathering' }]);
  const { dest, rule, due } = searchAttributes;
  const when = previous.get(due);
  const texts = [dest, rule].flatMap((key) => {
    const value = previous.get(key);
    return value === undefined ? [] : [{ key, value }];
  });
  return attributes.updateCopy([...texts, ...(when === undefined ? [] : [{ key: due, value: when }])]);
}
