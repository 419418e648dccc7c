import { workflowInfo } from '@temporalio/workflow';
import type { FileEvent } from '../windows/fileEvent';
import { quick, withSummary } from './activityCalls';
import type { CarriedGathering } from './contract';
import type { Gathering } from './gathering';
import type { OutageRetry } from './outageRetry';

/** Puts files of a crowded window aside into the journal, so that no payload and no history grows with them. */
export class FileSpill {
  private number = 0;

  constructor(
    private readonly gathering: Gathering,
    private readonly patience: OutageRetry,
    private readonly dest: string,
  ) {}

  /** Until what waits fits into a payload. */
  async relieve(): Promise<void> {
    for (let crowd = this.gathering.crowd; crowd; crowd = this.gathering.crowd) await this.stash(crowd);
  }

  /** Until nothing waits but by reference. */
  async empty(): Promise<void> {
    await this.relieve();
    for (let rest = this.gathering.rest; rest; rest = this.gathering.rest) await this.stash(rest);
  }

  private async stash({ ruleId, files }: { ruleId: string; files: readonly FileEvent[] }): Promise<void> {
    const { workflowId, runId } = workflowInfo();
    const input = { dest: this.dest, workflowId, ruleId, name: `${runId}-${++this.number}`, files };
    const call = () => quick.spillFiles.executeWithOptions(withSummary(`${files.length} files put aside`), [input]);
    this.gathering.stashed(ruleId, files, await this.patience.retryUntilUp(call));
  }
}

/** What the next run of the chain is started with, besides the window itself. */
export function carriedBy(gathering: Gathering): { readonly carried?: CarriedGathering } {
  const carried = gathering.carry();
  return carried ? { carried } : {};
}
