import { Client, Connection } from '@temporalio/client';
import { retry } from '../src/workflows/contract';
import type { Emulators } from './emulators';
import { isWaiting } from './workload';

const PATIENCE_MS = 150_000;
const LOOK_EVERY_MS = 500;
/** Time in which a redelivered event may still arrive after the last workflow has ended. */
const QUIET_MS = 6000;

/**
 * Waits until no workflow runs and no source file waits for some time. Signals `retry` to parked workflows, as an operator does.
 *
 * @returns problems of the workflows
 */
export async function settled(address: string, emulators: Emulators, say: (line: string) => void): Promise<string[]> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const giveUpAt = Date.now() + PATIENCE_MS;
  let quietSince: number | undefined;
  try {
    while (Date.now() < giveUpAt && Date.now() - (quietSince ?? Date.now()) < QUIET_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const running = await openWorkflows(client);
      const parked = running.filter(({ stage }) => stage === 'parked');
      // The workflow may have ended meanwhile.
      await Promise.all(
        parked.map(({ id }) =>
          client.workflow
            .getHandle(id)
            .signal(retry)
            .catch(() => undefined),
        ),
      );
      const waiting = (await emulators.objects()).some(isWaiting);
      quietSince = running.length > 0 || waiting ? undefined : (quietSince ?? Date.now());
    }
    const open = await openWorkflows(client);
    say(open.length > 0 ? `${open.length} workflows still run` : 'all workflows have ended');
    return [...open.map(({ id, stage }) => `workflow still runs: ${id} (${stage})`), ...(await failed(client))];
  } finally {
    await connection.close();
  }
}

async function openWorkflows(client: Client): Promise<{ id: string; stage: unknown }[]> {
  const found: { id: string; stage: unknown }[] = [];
  for await (const one of client.workflow.list({ query: "ExecutionStatus = 'Running'" })) {
    found.push({ id: one.workflowId, stage: one.searchAttributes['BqtailStage']?.[0] });
  }
  return found;
}

/** Workflows that failed for another reason than `NoGoodFiles`. */
async function failed(client: Client): Promise<string[]> {
  const problems: string[] = [];
  for await (const { workflowId, runId, status } of client.workflow.list({ query: "ExecutionStatus != 'Running'" })) {
    if (status.name === 'COMPLETED' || status.name === 'CONTINUED_AS_NEW') continue;
    const reason = await client.workflow
      .getHandle(workflowId, runId)
      .result()
      .then(() => status.name)
      .catch((error: { cause?: { type?: string; message?: string } }) => error.cause);
    if (typeof reason === 'object' && reason.type === 'NoGoodFiles') continue;
    problems.push(
      `workflow ${status.name}: ${workflowId}: ${typeof reason === 'object' ? `${reason.type}: ${reason.message}` : reason}`,
    );
  }
  return problems;
}
