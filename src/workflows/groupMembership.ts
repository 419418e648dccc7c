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
import { quick, withSummary } from './activityCalls';
import type { BatchWindowInput, EarlierLoads } from './contract';
import { type WindowEnd, windowDone } from './groupContract';
import type { OutageRetry } from './outageRetry';

/** The groups that a window belongs to: that of its rule, or one a rule when several share the window. */
export class GroupMembership {
  private readonly joined = new Map<string, JoinedGroup>();

  constructor(
    private readonly input: BatchWindowInput,
    private readonly patience: OutageRetry,
  ) {}

  /** Tells the group of a file's rule that this window is open, unless it knows. @returns undefined without a group. */
  async join(owner: FileEvent): Promise<JoinedGroup | undefined> {
    const { group } = owner;
    if (!group) return undefined;
    const known = this.joined.get(group.id);
    if (known) return known;
    const { windowId, dest } = this.input;
    const joining = { group, dest, windowId, runId: workflowInfo().runId, owner };
    const groupId = await this.patience.retryUntilUp(() =>
      quick.joinGroup.executeWithOptions(withSummary(`group ${group.id}`), [joining]),
    );
    const joined = { id: group.id, groupId };
    this.joined.set(group.id, joined);
    return joined;
  }

  /** Does the work of the window, and tells the groups how it ended; a run that continues as new has not. */
  async during<T>(work: () => Promise<T>, loaded: () => EarlierLoads): Promise<T> {
    try {
      const result = await work();
      await this.leave('done', loaded());
      return result;
    } catch (error) {
      if (error instanceof ContinueAsNew) throw error;
      const given = isCancellation(error) || (error instanceof ApplicationFailure && error.type === 'Abandoned');
      await CancellationScope.nonCancellable(() => this.leave(given ? 'abandoned' : 'failed', loaded()));
      throw error;
    }
  }

  private async leave(outcome: WindowEnd['outcome'], { rules, files }: EarlierLoads): Promise<void> {
    const end: WindowEnd = { windowId: this.input.windowId, outcome, rules, files };
    for (const { id } of this.joined.values()) {
      try {
        await getExternalWorkflowHandle(id).signal(windowDone, end);
      } catch (error) {
        // A group that was terminated, or has ended before this run was reset, waits for nobody.
        if (isCancellation(error)) throw error;
        log.warn(`group ${id} was not told of the end of ${end.windowId}`, { error: String(error) });
      }
    }
  }
}
