import { CancellationScope, getExternalWorkflowHandle, log, workflowInfo } from '@temporalio/workflow';
import type { FileEvent } from '../windows/fileEvent';
import type { JoinedGroup } from '../windows/group';
import { shortActivities, withSummary } from './activityCalls';
import { type WindowEnd, windowDone } from './groupContract';
import type { RunContext } from './runContext';
import type { WindowState } from './windowState';

/** The groups of a window: that of its rule, or one per rule when several rules share the window. */
export class GroupMembership {
  private readonly joined: Map<string, JoinedGroup>;
  /** IDs of the groups that this run of the chain has joined. */
  private readonly joinedByRun = new Set<string>();
  private joinCount = 0;

  constructor(
    private readonly state: WindowState,
    private readonly context: RunContext,
  ) {
    this.joined = new Map(state.input.groups?.map((group) => [group.id, group]));
  }

  /** The groups that the window is a member of, for the next run of the chain. */
  carry(): readonly JoinedGroup[] {
    return [...this.joined.values()];
  }

  /** Signals to the group of a file's rule, once, that this window is open. @returns undefined without a group. */
  async join(owner: FileEvent): Promise<JoinedGroup | undefined> {
    const { group } = owner;
    if (!group) return undefined;
    const earlier = this.joined.get(group.id);
    if (earlier && this.joinedByRun.has(group.id)) return earlier;
    const { windowId, dest } = this.state.input;
    const joining = { group, dest, windowId, runId: workflowInfo().runId, joinNumber: ++this.joinCount, owner };
    const groupId = await this.context.retry.retryUntilUp(() =>
      shortActivities.joinGroup.executeWithOptions(withSummary(`group ${group.id}`), [joining]),
    );
    const joined = { id: group.id, groupId };
    this.joined.set(group.id, joined);
    this.joinedByRun.add(group.id);
    return joined;
  }

  /** Signals to the groups that the window has ended. The window may join them again. Cancellation does not stop it. */
  async signalEnd(outcome: WindowEnd['outcome']): Promise<void> {
    if (this.joined.size === 0) return;
    const { rules, files } = this.state.takeUnreported();
    const end: WindowEnd = { windowId: this.state.input.windowId, outcome, rules, files };
    const groups = this.carry();
    this.joined.clear();
    this.joinedByRun.clear();
    await CancellationScope.nonCancellable(async () => {
      for (const { id } of groups) await signalWindowDone(id, end);
    });
  }
}

async function signalWindowDone(groupId: string, end: WindowEnd): Promise<void> {
  try {
    await getExternalWorkflowHandle(groupId).signal(windowDone, end);
  } catch (error) {
    // The group was terminated, or it ended before this run was reset: no group waits for the signal.
    log.warn(`group ${groupId} does not know that ${end.windowId} has ended`, { error: String(error) });
  }
}
