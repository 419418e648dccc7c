import { type Client, type WorkflowExecutionInfo, WorkflowNotFoundError } from '@temporalio/client';
import { BATCH_WINDOW, FILE_LOAD, searchAttributes } from '../workflows/contract';

/** Selects workflows to retry. */
export interface WorkflowSelection {
  /** Workflow IDs; without them, the other conditions select. */
  readonly ids?: readonly string[];
  /** Destination table: the search attribute BqtailDest. */
  readonly dest?: string;
  /** Only runs that ended since then, Unix milliseconds. Parked workflows are always selected. */
  readonly sinceMs?: number;
}

/** One run of a workflow, with the fields that listings have. */
export type Execution = Pick<
  WorkflowExecutionInfo,
  'workflowId' | 'runId' | 'type' | 'taskQueue' | 'startTime' | 'closeTime' | 'memo' | 'typedSearchAttributes'
> & { readonly status: WorkflowExecutionInfo['status'] };

/** As in the query language of listings. */
const FAILED_STATUSES = ['Failed', 'Terminated', 'Canceled', 'TimedOut'];

/** Runs of a workflow ID, newest first; empty for an unknown ID. */
export async function runsOf(client: Client, workflowId: string): Promise<Execution[]> {
  const runs = await listed(client, `WorkflowId = ${quoted(workflowId)}`);
  // Listings are delayed, so describe the newest run.
  const latest = await newestRun(client, workflowId);
  const all = latest ? [latest, ...runs.filter(({ runId }) => runId !== latest.runId)] : runs;
  return all.sort((a, b) => b.startTime.getTime() - a.startTime.getTime());
}

/** IDs of the workflows that are parked or have a failed run, except abandoned ones. */
export async function idsToRetry(client: Client, { dest, sinceMs }: WorkflowSelection): Promise<string[]> {
  const since = sinceMs === undefined ? undefined : quoted(new Date(sinceMs).toISOString());
  const failed = FAILED_STATUSES.map((status) => `'${status}'`).join(', ');
  const parked = `ExecutionStatus = 'Running' AND ${searchAttributes.stage.name} = 'parked'`;
  // An operator abandoned them on purpose.
  const notAbandoned = `(${searchAttributes.stage.name} IS NULL OR ${searchAttributes.stage.name} != 'abandoned')`;
  const ended = `${notAbandoned} AND ExecutionStatus IN (${failed})${since ? ` AND CloseTime >= ${since}` : ''}`;
  const conditions = [
    `WorkflowType IN ('${BATCH_WINDOW}', '${FILE_LOAD}')`,
    ...(dest === undefined ? [] : [`${searchAttributes.dest.name} = ${quoted(dest)}`]),
  ].join(' AND ');
  const executions = await Promise.all([parked, ended].map((state) => listed(client, `${conditions} AND ${state}`)));
  return [...new Set(executions.flat().map(({ workflowId }) => workflowId))].sort();
}

/** Whether a run ended, but neither completed nor continued as new. */
export function hasFailed({ status }: Execution): boolean {
  return ['FAILED', 'TERMINATED', 'CANCELLED', 'TIMED_OUT'].includes(status.name);
}

async function listed(client: Client, query: string): Promise<Execution[]> {
  const executions: Execution[] = [];
  for await (const execution of client.workflow.list({ query })) executions.push(execution);
  return executions;
}

async function newestRun(client: Client, workflowId: string): Promise<Execution | undefined> {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
