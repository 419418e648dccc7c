import {
  ApplicationFailure,
  CancellationScope,
  ContinueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  workflowInfo,
} from '@temporalio/workflow';
import type { FileEvent } from '../windows/fileEvent';
import type { JoinedGroup } from '../windows/group';
import { shortActivities, withSummary } from './activityCalls';
import { type WindowEnd, windowDone } from './groupContract';
import type { RunContext } from './runContext';
import type { WindowState } from './windowState';

/** The groups of a window: that of its rule, or one per rule when several rules share the window. */
export class GroupMembership {
  private readonly joined = new Map<string, JoinedGroup>();

  constructor(
    private readonly state: WindowState,
    private readonly context: RunContext,
  ) {}

  /** Signals to the group of a file's rule, once, that this window is open. @returns undefined without a group. */
  async join(owner: FileEvent): Promise<JoinedGroup | undefined> {
    const { group } = owner;
    if (!group) return undefined;
    const earlier = this.joined.get(group.id);
    if (earlier) return earlier;
    const { windowId, dest } = this.state.input;
    const joining = { group, dest, windowId, runId: workflowInfo().runId, owner };
    const groupId = await this.context.retry.retryUntilUp(() =>
      shortActivities.joinGroup.executeWithOptions(withSummary(`group ${group.id}`), [joining]),
    );
    const joined = { id: group.id, groupId };
    this.joined.set(group.id, joined);
    return joined;
  }

  /** Does the work of the window, and signals its end to the groups. A run that continues as new has not ended. */
  async runAsMember<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      await this.signalEnd('done');
      return result;
    } catch (error) {
      if (error instanceof ContinueAsNew) throw error;
      const stopped = isCancellation(error) || (error instanceof ApplicationFailure && error.type === 'Abandoned');
      await CancellationScope.nonCancellable(() => this.signalEnd(stopped ? 'abandoned' : 'failed'));
      throw error;
    }
  }

  private async signalEnd(outcome: WindowEnd['outcome']): Promise<void> {
    const { rules, files } = this.state.loadedSoFar();
    const end: WindowEnd = { windowId: this.state.input.windowId, outcome, rules, files };
    for (const { id } of this.joined.values()) {
      try {
        await getExternalWorkflowHandle(id).signal(windowDone, end);
      } catch (error) {
        // The group was terminated, or it ended before this run was reset: no group waits for the signal.
        if (isCancellation(error)) throw error;
        log.warn(`group ${id} does not know that ${end.windowId} has ended`, { error: String(error) });
      }
    }
  }
}
