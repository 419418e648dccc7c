import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { IsRunning } from '../ledger/tableLedger';
import { searchAttributes } from '../workflows/contract';
import type { IsLoading } from './cleanUpDeadRuns';

/** Whether a workflow of an ID runs now. */
export function runningWorkflows(client: Client): IsRunning {
  return async (workflowId) => {
    try {
      return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };
}

/**
 * Whether a workflow with that owner loads into a table now. A workflow is started before its table is named after the
 * event. A table's name holds no quotes.
 */
export function runningSingleLoads(client: Client): IsLoading {
  return async (dest, eventId) => {
    const written = ['$EventID', '${EventID}'].map((variable) => dest.replaceAll(eventId, () => variable));
    const names = [...new Set([dest, ...written])].map((name) => `'${name.replaceAll("'", '')}'`).join(', ');
    const query = `ExecutionStatus = 'Running' AND ${searchAttributes.dest.name} IN (${names})`;
    for await (const { memo } of client.workflow.list({ query })) if (memo?.['ownerEventId'] === eventId) return true;
    return false;
  };
}
