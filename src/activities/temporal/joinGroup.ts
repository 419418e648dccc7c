import { Context } from '@temporalio/activity';
import {
  WithStartWorkflowOperation,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { newFailure } from '../../failures';
import type { FileEvent } from '../../windows/fileEvent';
import type { WindowGroup } from '../../windows/group';
import { searchAttributes, type WorkflowMemo } from '../../workflows/contract';
import { joinGroup, WINDOW_GROUP, type WindowGroupInput } from '../../workflows/groupContract';
import { ruleFacts } from '../batch/ruleOf';
import type { Dependencies } from '../dependencies';

/** A window that opens. */
export interface Joining {
  readonly group: WindowGroup;
  readonly dest: string;
  readonly windowId: string;
  /** Run of the window: its second run joins anew, another attempt of this call does not. */
  readonly runId: string;
  /** Counts how often this run joins groups: a run whose end was signalled joins anew when files have arrived meanwhile. */
  readonly joinNumber: number;
  readonly owner: FileEvent;
}

/**
 * Makes a window a member of its group, and starts the group when it does not run.
 *
 * @returns `$GroupID` of the group's run.
 * @throws ApplicationFailure, to be retried, while an earlier run of the group carries out its actions.
 */
export async function joinWindowGroup(deps: Dependencies, joining: Joining): Promise<string> {
  const { group, dest, windowId, runId, joinNumber, owner } = joining;
  const { rule, url } = await ruleFacts(deps, owner.ruleId);
  const input: WindowGroupInput = {
    group,
    dest,
    groupId: String(Math.floor(Date.now() / 1000)),
    settleInSec: rule?.batch?.window.settleInSec ?? 0,
    owner,
  };
  const memo: WorkflowMemo = { ownerEventId: owner.eventId, ruleUrl: url };
  const until = group.end === undefined ? 'no end' : `end ${new Date(group.end * 1000).toISOString()}`;
  const start = new WithStartWorkflowOperation(WINDOW_GROUP, {
    workflowId: group.id,
    taskQueue: deps.config.taskQueue,
    args: [input],
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    memo,
    staticSummary: `group of ${dest}, ${until}`,
    staticDetails: [`- destination \`${dest}\``, `- ${until}`, `- rule \`${owner.ruleId}\``].join('\n'),
    typedSearchAttributes: [
      { key: searchAttributes.dest, value: dest },
      { key: searchAttributes.rule, value: owner.ruleId },
      { key: searchAttributes.stage, value: 'gathering' },
      ...(group.end === undefined ? [] : [{ key: searchAttributes.due, value: new Date(group.end * 1000) }]),
    ],
  });
  try {
    return await Context.current().client.workflow.executeUpdateWithStart(joinGroup, {
      args: [windowId],
      updateId: `${windowId}/${runId}/${joinNumber}`,
      startWorkflowOperation: start,
    });
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    const message = `${group.id}: ${error.cause?.message ?? error.message}`;
    throw newFailure('GroupClosed', message);
  }
}
