import { type Client, type WorkflowExecutionInfo, WorkflowNotFoundError } from '@temporalio/client';
import { BATCH_WINDOW, FILE_LOAD, searchAttributes } from '../workflows/contract';

/** Which workflows an operator means. */
export interface Selection {
  /** Workflow IDs; none: all that the other conditions choose. */
  readonly ids?: readonly string[];
  /** Destination table, as the workflow shows it. */
  readonly dest?: string;
  /** Unix milliseconds: started, or ended, since then. */
  readonly sinceMs?: number;
}

/** One run, as listings show it. */
export type Execution = Pick<
  WorkflowExecutionInfo,
  'workflowId' | 'runId' | 'type' | 'taskQueue' | 'startTime' | 'closeTime' | 'memo' | 'typedSearchAttributes'
> & { readonly status: WorkflowExecutionInfo['status'] };

const ENDED_BADLY = ['Failed', 'Terminated', 'Canceled', 'TimedOut'];

/** Runs of one workflow ID, newest first; empty when there is none. */
export async function runsOf(client: Client, workflowId: string): Promise<Execution[]> {
  const runs = await listed(client, `WorkflowId = ${quoted(workflowId)}`);
  // Listings lag behind; the newest run is asked for by name.
  const latest = await newestRun(client, workflowId);
  const known = latest ? [latest, ...runs.filter(({ runId }) => runId !== latest.runId)] : runs;
  return known.sort((a, b) => b.startTime.getTime() - a.startTime.getTime());
}

/** IDs of the workflows that are parked, or of which a run ended badly, abandoned ones left out. */
export async function idsToRetry(client: Client, { dest, sinceMs }: Selection): Promise<string[]> {
  const since = sinceMs === undefined ? undefined : quoted(new Date(sinceMs).toISOString());
  const badly = ENDED_BADLY.map((status) => `'${status}'`).join(', ');
  const parked = `ExecutionStatus = 'Running' AND ${searchAttributes.stage.name} = 'parked'`;
  // Who abandoned one meant it.
  const meant = `(${searchAttributes.stage.name} IS NULL OR ${searchAttributes.stage.name} != 'abandoned')`;
  const ended = `${meant} AND ExecutionStatus IN (${badly})${since ? ` AND CloseTime >= ${since}` : ''}`;
  const conditions = [
    `WorkflowType IN ('${BATCH_WINDOW}', '${FILE_LOAD}')`,
    ...(dest === undefined ? [] : [`${searchAttributes.dest.name} = ${quoted(dest)}`]),
  ].join(' AND ');
  const found = await Promise.all([parked, ended].map((state) => listed(client, `${conditions} AND ${state}`)));
  return [...new Set(found.flat().map(({ workflowId }) => workflowId))].sort();
}

/** Whether a run ended otherwise than by completing or continuing as new. */
export function endedBadly({ status }: Execution): boolean {
  return ['FAILED', 'TERMINATED', 'CANCELLED', 'TIMED_OUT'].includes(status.name);
}

async function listed(client: Client, query: string): Promise<Execution[]> {
  const found: Execution[] = [];
  for await (const execution of client.workflow.list({ query })) found.push(execution);
  return found;
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
