import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { IsRunning } from '../ledger/tableLedger';
import { searchAttributes } from '../workflows/contract';
import type { IsLoading } from './cleanUpDeadRuns';

/** A check whether the workflow with an ID is running. */
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
 * A check whether a workflow with an owner's event ID is loading into a table. Search attributes have the table before `$EventID`
 * is expanded, so those spellings are searched too. Table names contain no quotes.
 */
export function runningSingleLoads(client: Client): IsLoading {
  return async (dest, eventId) => {
    const unexpanded = ['$EventID', '${EventID}'].map((variable) => dest.replaceAll(eventId, () => variable));
    const names = [...new Set([dest, ...unexpanded])].map((name) => `'${name.replaceAll("'", '')}'`).join(', ');
    const query = `ExecutionStatus = 'Running' AND ${searchAttributes.dest.name} IN (${names})`;
    for await (const { memo } of client.workflow.list({ query })) if (memo?.['ownerEventId'] === eventId) return true;
    return false;
  };
}
