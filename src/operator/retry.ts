import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { z } from 'zod';
import { errorText } from '../errorText';
import { BATCH_WINDOW, filesArrived, retry as retrySignal, searchAttributes, status } from '../workflows/contract';
import { announcedTo } from './announced';
import { type Execution, endedBadly, idsToRetry, runsOf, type Selection } from './executions';

/** What was done about one workflow. */
export interface Retried {
  readonly workflowId: string;
  /** How it stood before: `parked`, another stage, or how its last bad run ended; `unknown` when there is no such workflow. */
  readonly was: string;
  readonly done: 'signalled' | 'started' | 'nothing' | 'failed';
  /** Files that the new run was told of; those already loaded it leaves out. */
  readonly files?: number;
  /** Bad runs of the same workflow that are left: they are retried one after the other. */
  readonly left?: number;
  /** Why nothing was done, or what went wrong. */
  readonly reason?: string;
}

/** Key of the memo in which a run that was started anew names the run that it stands for. */
const RETRIED = 'retried';

/**
 * Retries workflows: a parked one is told to go on; of one that ended badly, all that its oldest bad run was told of is
 * started anew, under the same ID and with the same owner. The new run reads today's rule; it adopts the jobs that ran, and
 * its ledger keeps it from loading anything twice.
 *
 * @param dryRun tells what would be done, and does nothing.
 */
export async function retryAll(client: Client, selection: Selection, dryRun: boolean): Promise<Retried[]> {
  const named = selection.ids?.length ? selection.ids : undefined;
  const done: Retried[] = [];
  for (const id of new Set(named ?? (await idsToRetry(client, selection)))) {
    const one = await retryOne(client, id, dryRun);
    // Listings also show bad runs that a later one stands for.
    if (named || one.done !== 'nothing') done.push(one);
  }
  return done;
}

async function retryOne(client: Client, workflowId: string, dryRun: boolean): Promise<Retried> {
  try {
    const runs = await runsOf(client, workflowId);
    const [newest] = runs;
    if (!newest) return { workflowId, was: 'unknown', done: 'failed', reason: 'there is no such workflow (any more)' };
    const running = newest.status.name === 'RUNNING';
    if (running) return await resume(client, workflowId, dryRun);
    const bad = toStartAnew(runs);
    const oldest = bad.at(-1);
    if (oldest)
      return { ...(await startAnew(client, oldest, dryRun)), ...(bad.length > 1 ? { left: bad.length - 1 } : {}) };
    return { workflowId, was: newest.status.name.toLowerCase(), done: 'nothing', reason: 'it has not failed' };
  } catch (error) {
    const reason = errorText(error);
    return { workflowId, was: 'unknown', done: 'failed', reason };
  }
}

/** Bad runs that no later run stands for, newest first. */
export function toStartAnew(runs: readonly Execution[]): Execution[] {
  const covered = new Set(runs.flatMap(({ memo }) => z.array(z.string()).catch([]).parse(memo?.[RETRIED])));
  return runs.filter((run) => endedBadly(run) && !covered.has(run.runId));
}

async function resume(client: Client, workflowId: string, dryRun: boolean): Promise<Retried> {
  const handle = client.workflow.getHandle(workflowId);
  const { typedSearchAttributes } = await handle.describe();
  // Search attributes tell it without a worker; the query tells it before they do.
  const stage = typedSearchAttributes.get(searchAttributes.stage) ?? (await handle.query(status)).stage;
  if (stage !== 'parked') return { workflowId, was: stage, done: 'nothing', reason: 'it runs, and is not parked' };
  if (!dryRun) await handle.signal(retrySignal);
  return { workflowId, was: stage, done: 'signalled' };
}

async function startAnew(
  client: Client,
  { workflowId, runId, type, taskQueue, memo, typedSearchAttributes, status: { name } }: Execution,
  dryRun: boolean,
): Promise<Retried> {
  const { input, files } = await announcedTo(client, workflowId, runId);
  const was = name.toLowerCase();
  const count = type === BATCH_WINDOW ? new Set(files.map(({ url }) => url)).size : 1;
  if (type === BATCH_WINDOW && count === 0) {
    return { workflowId, was, done: 'nothing', reason: 'it was told of no file' };
  }
  if (dryRun) return { workflowId, was, done: 'started', files: count };
  const options = {
    workflowId,
    taskQueue,
    args: [input],
    memo: { ...memo, [RETRIED]: [runId] },
    typedSearchAttributes: attributesOf(typedSearchAttributes),
  };
  try {
    await (type === BATCH_WINDOW
      ? client.workflow.signalWithStart(type, { ...options, signal: filesArrived, signalArgs: [files] })
      : client.workflow.start(type, options));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return { workflowId, was, done: 'nothing', reason: 'it was started meanwhile' };
  }
  return { workflowId, was, done: 'started', files: count };
}

/** Those of a new run; the server's own are not copied. */
function attributesOf(known: TypedSearchAttributes): TypedSearchAttributes {
  const attributes = new TypedSearchAttributes([{ key: searchAttributes.stage, value: 'gathering' }]);
  const { dest, rule, due } = searchAttributes;
  const when = known.get(due);
  const texts = [dest, rule].flatMap((key) => {
    const value = known.get(key);
    return value === undefined ? [] : [{ key, value }];
  });
  return attributes.updateCopy([...texts, ...(when === undefined ? [] : [{ key: due, value: when }])]);
}
