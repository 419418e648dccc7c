import { workflowInfo } from '@temporalio/workflow';
import { quick, saying } from './activityCalls';
import type { CarriedGathering, FileEvent } from './contract';
import type { Gathering } from './gathering';
import type { Patience } from './patience';

/** Puts files of a crowded window aside into the journal, so that no payload and no history grows with them. */
export class Stashing {
  private number = 0;

  constructor(
    private readonly gathering: Gathering,
    private readonly patience: Patience,
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
    const call = () => quick.stashFiles.executeWithOptions(saying(`${files.length} files put aside`), [input]);
    this.gathering.stashed(ruleId, files, await this.patience.outlast(call));
  }
}

/** What the next run of the chain is started with, besides the window itself. */
export function carriedBy(gathering: Gathering): { readonly carried?: CarriedGathering } {
  const carried = gathering.carry();
  return carried ? { carried } : {};
}
