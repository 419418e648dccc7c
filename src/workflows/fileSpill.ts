import { workflowInfo } from '@temporalio/workflow';
import { firstSlice } from '../windows/eventSlices';
import type { SpilledFiles } from '../windows/spilledFiles';
import { shortActivities, withSummary } from './activityCalls';
import type { RuleFiles } from './gathering';
import type { RunContext } from './runContext';
import type { WindowState } from './windowState';

/** Writes files of a crowded window to the journal, so that neither payloads nor the history grow with the files. */
export class FileSpill {
  private count = 0;

  constructor(
    private readonly state: WindowState,
    private readonly context: RunContext,
  ) {}

  /** Spills files until the waiting ones fit into a payload. */
  async spillExcess(): Promise<void> {
    const { gathering } = this.state;
    for (let next = gathering.overflow; next; next = gathering.overflow) {
      gathering.replaceSpilled(next, await this.spill(next));
    }
  }

  /** Spills all waiting files. */
  async spillAll(): Promise<void> {
    const { state } = this;
    const { gathering } = state;
    for (let batch = state.postponedToSpill; batch; batch = state.postponedToSpill) {
      const files = firstSlice(batch.files);
      state.replacePostponed(batch, files, await this.spill({ ruleId: batch.ruleId, files }));
    }
    for (let next = gathering.remaining; next; next = gathering.remaining) {
      gathering.replaceSpilled(next, await this.spill(next));
    }
  }

  private spill(next: RuleFiles): Promise<SpilledFiles> {
    const { workflowId, runId } = workflowInfo();
    const { dest } = this.state.input;
    const input = { ...next, dest, workflowId, name: `${runId}-${++this.count}` };
    const summary = withSummary(`${next.files.length} files spilled`);
    return this.context.retry.retryUntilUp(() => shortActivities.spillFiles.executeWithOptions(summary, [input]));
  }
}
