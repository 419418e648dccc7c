import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { newFailure } from '../failures';
import * as contract from './contract';
import * as group from './groupContract';
import { GroupExecutor } from './groupExecutor';
import { GroupState } from './groupState';
import { RunContext } from './runContext';

/**
 * The life of a group of windows. It waits until its end has passed and all its windows have ended, then runs
 * Batch.Group.OnDone once for each rule that loaded files. A window that opens later starts another run of the same
 * workflow ID, with a `$GroupID` and actions of its own.
 */
export async function windowGroup(input: group.WindowGroupInput): Promise<group.GroupResult> {
  const state = new GroupState(input);
  const context = new RunContext(state);
  const actions = new GroupExecutor(state, context);

  // Message API.

  const refuseOnceActing = (_windowId: string) => {
    if (!state.isOpen) throw newFailure('GroupClosed', 'the actions of the group run already');
  };
  const join = (windowId: string) => {
    state.members.joined(windowId);
    context.show();
    return input.groupId;
  };
  setHandler(group.joinGroup, join, {
    validator: refuseOnceActing,
    description: 'A window opens; answers the GroupID',
  });
  setHandler(group.windowDone, (end) => {
    state.members.left(end);
    context.show();
  });
  const flush = () => {
    state.requests.flushed = true;
  };
  setHandler(contract.flush, flush, { description: 'Run OnDone now, without waiting for open or failed windows' });
  context.handleOperatorMessages();

  // Lifecycle.

  if (!input.carried) await actions.open();
  while (!state.isComplete(Date.now())) {
    await untilNextChange(state);
    if (workflowInfo().continueAsNewSuggested && !state.actNow) {
      await condition(allHandlersFinished);
      return continueAsNew<typeof windowGroup>({ ...input, carried: state.members.carry() });
    }
  }
  state.stage = 'acting';
  context.show();
  const error = await actions.run();
  state.stage = error ? 'failed' : state.isAbandoned ? 'abandoned' : 'done';
  context.show();
  await condition(allHandlersFinished);
  if (error) throw ApplicationFailure.nonRetryable(error.message, error.type, { group: input.group.id });
  if (!state.isAbandoned) return state.result();
  throw newFailure('Abandoned', `${input.group.id} was abandoned: ${state.requests.abandoned}`);
}

/** Waits for the end of the group, then for its windows; a request of an operator or a long history wakes it before. */
async function untilNextChange(state: GroupState): Promise<void> {
  const wakesUp = () => state.actNow || workflowInfo().continueAsNewSuggested;
  const remainingMs = state.endMs - Date.now();
  if (remainingMs > 0) await condition(wakesUp, remainingMs, { summary: 'end' });
  else await condition(() => wakesUp() || state.members.complete);
}
