import { workflowInfo } from '@temporalio/workflow';
import { shortActivities, withSummary } from './activityCalls';
import type { Gathering, RuleFiles } from './gathering';
import type { RunContext } from './runContext';

/** Writes files of a crowded window to the journal, so that neither payloads nor the history grow with the files. */
export class FileSpill {
  private count = 0;

  constructor(
    private readonly gathering: Gathering,
    private readonly dest: string,
    private readonly context: RunContext,
  ) {}

  /** Spills files until the waiting ones fit into a payload. */
  async spillExcess(): Promise<void> {
    for (let next = this.gathering.overflow; next; next = this.gathering.overflow) await this.spill(next);
  }

  /** Spills all waiting files. */
  async spillAll(): Promise<void> {
    await this.spillExcess();
    for (let next = this.gathering.remaining; next; next = this.gathering.remaining) await this.spill(next);
  }

  private async spill(next: RuleFiles): Promise<void> {
    const { workflowId, runId } = workflowInfo();
    const input = { ...next, dest: this.dest, workflowId, name: `${runId}-${++this.count}` };
    const summary = withSummary(`${next.files.length} files spilled`);
    const spilled = await this.context.retry.retryUntilUp(() =>
      shortActivities.spillFiles.executeWithOptions(summary, [input]),
    );
    this.gathering.replaceSpilled(next, spilled);
  }
}
