import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { newFailure } from '../failures';
import { quick, withSummary } from './activityCalls';
import * as contract from './contract';
import { Display } from './display';
import * as group from './groupContract';
import { GroupExecutor } from './groupExecutor';
import { GroupMembers } from './groupMembers';
import { answerOperators } from './operatorMessages';
import { OutageRetry } from './outageRetry';

/**
 * The life of a group of windows: it waits until its end has passed and all its windows have ended, then carries out
 * Batch.Group.OnDone of each rule that loaded something, once. A window that opens later starts another run of the same ID,
 * with a `$GroupID` and actions of its own.
 */
export async function windowGroup(input: group.WindowGroupInput): Promise<group.GroupResult> {
  const members = new GroupMembers(input.carried);
  let flushed = false;
  let stage: contract.Stage = 'gathering';

  const held = () => members.heldBy.join(', ');
  const status = (): contract.WindowStatus => ({
    stage,
    ...(stage === 'gathering' && held()
      ? { stage: 'parked', lastError: `waits for windows that failed: ${held()}` }
      : {}),
    ...(patience.parkedBy === undefined ? {} : { stage: 'parked', lastError: patience.parkedBy }),
    dest: input.dest,
    ...(input.group.end === undefined ? {} : { due: input.group.end }),
    announced: members.files,
    windows: members.counts,
    processes: run.status(),
  });
  const display = new Display(status);
  const show = () => display.update();
  const patience = new OutageRetry(show);
  const run = new GroupExecutor(input, patience, show);

  const join = (windowId: string) => {
    members.joined(windowId);
    show();
    return input.groupId;
  };
  const open = (_windowId: string) => {
    if (stage !== 'gathering') throw newFailure('GroupClosed', 'its actions run already');
  };
  setHandler(group.joinGroup, join, { validator: open, description: 'A window opens; answers the GroupID' });
  setHandler(group.windowDone, (end) => {
    members.left(end);
    show();
  });
  const goOn = () => {
    flushed = true;
  };
  setHandler(contract.flush, goOn, { description: 'Run OnDone now, without the windows that have not ended well' });
  answerOperators(patience, status, () => []);
  const loadNow = () => flushed || patience.abandoned !== undefined;

  if (!input.carried) {
    const name = withSummary(`${input.group.id}.grp`);
    await patience.retryUntilUp(() => quick.openGroup.executeWithOptions(name, [input]));
  }
  const endMs = ((input.group.end ?? 0) + input.settleInSec) * 1000;
  while (!loadNow() && !(members.complete && Date.now() >= endMs)) {
    const crowded = () => workflowInfo().continueAsNewSuggested;
    if (Date.now() < endMs) await condition(() => loadNow() || crowded(), endMs - Date.now(), { summary: 'end' });
    else await condition(() => loadNow() || crowded() || members.complete);
    if (crowded() && !loadNow()) {
      await condition(allHandlersFinished);
      return continueAsNew<typeof windowGroup>({ ...input, carried: members.carry() });
    }
  }
  stage = 'acting';
  show();
  const { jobIds, error } = await run.run(patience.abandoned === undefined ? members.rules : []);
  stage = error ? 'failed' : patience.abandoned === undefined ? 'done' : 'abandoned';
  show();
  await condition(allHandlersFinished);
  if (error) throw ApplicationFailure.nonRetryable(error.message, error.type, { group: input.group.id });
  if (patience.abandoned !== undefined)
    throw newFailure('Abandoned', `${input.group.id} was abandoned: ${patience.abandoned}`);
  const { open: unfinished, failed, ended } = members.counts;
  const { dest, groupId } = input;
  return { dest, groupId, windows: unfinished + failed + ended, files: members.files, jobIds };
}
