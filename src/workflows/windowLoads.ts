import { CancellationScope } from '@temporalio/workflow';
import type { SpilledFiles } from '../windows/spilledFiles';
import type { WindowIdentity } from '../windows/windowIdentity';
import { quick, withSummary } from './activityCalls';
import { BatchProcess, type ProcessOutcome } from './batchProcess';
import type { BatchWindowInput, EarlierLoads, LoadResult, ProcessStatus } from './contract';
import type { Gathered } from './gathering';
import type { GroupMembership } from './groupMembership';
import type { OutageRetry } from './outageRetry';
import { resultOf, sumOf } from './outcome';

/** The loads of a window, round by round; those of one round run side by side. */
export class WindowLoads {
  private readonly processes: BatchProcess[] = [];
  private readonly outcomes: ProcessOutcome[] = [];
  private left: readonly Gathered[] = [];

  constructor(
    private readonly input: BatchWindowInput,
    private readonly memberships: GroupMembership,
    private readonly patience: OutageRetry,
    private readonly onChange: () => void,
  ) {}

  status(): ProcessStatus[] {
    return this.processes.map((process) => process.status());
  }

  /** Whether files are left that the round has found to be another process's. */
  get pending(): boolean {
    return this.left.length > 0;
  }

  /** Whether none is under way. */
  get idle(): boolean {
    return this.processes.every((process) => process.ended);
  }

  /**
   * Loads batches and closes their journal, and the files of the window with it.
   *
   * @param early the window is not due: its files stay, and its folders may still fill.
   */
  async load(gathered: readonly Gathered[], marks: WindowIdentity, early: boolean): Promise<void> {
    const taken = [...this.left, ...gathered];
    const round: BatchProcess[] = [];
    for (const batch of taken) {
      const group = await this.memberships.join(batch.owner);
      const what = {
        ...batch,
        dest: this.input.dest,
        window: marks,
        ...(early && { beforeDue: early }),
        ...(group && { group }),
      };
      round.push(new BatchProcess(what, this.onChange, this.patience));
    }
    this.processes.push(...round);
    const ended = await Promise.all(round.map((process) => process.run()));
    this.left = taken.flatMap((batch, at) => leftBy(batch, ended[at]));
    const loaded = taken.filter((_batch, at) => ended[at]?.batch?.nextOwner === undefined);
    await this.close(ended, marks, stashesOf(loaded), early);
    this.outcomes.push(...ended);
    for (const process of round) process.closed();
  }

  /** Closes what no round has closed: files of the window, and files put aside. */
  closeWindow(marks: WindowIdentity | undefined, left: readonly Gathered[] = []): Promise<void> {
    return this.close([], marks, stashesOf(left));
  }

  /** What was loaded so far, by this run and those before it. */
  sum(): EarlierLoads {
    return sumOf(this.outcomes, this.input.earlier);
  }

  /** @throws ApplicationFailure when one failed. */
  result(): LoadResult {
    return resultOf(this.input.dest, this.outcomes, this.input.earlier);
  }

  private close(
    ended: readonly ProcessOutcome[],
    marks: WindowIdentity | undefined,
    spilled: readonly SpilledFiles[],
    windowStays = false,
  ): Promise<void> {
    const closing = { ended, spilled, ...(marks && { window: marks }), windowStays };
    const what = withSummary(windowStays ? 'journal' : 'journal and window files');
    return CancellationScope.nonCancellable(() =>
      this.patience.retryUntilUp(() => quick.close.executeWithOptions(what, [closing])),
    );
  }
}

/** What is still to be loaded of files of which an earlier run had taken some: under the event that announced them. */
function leftBy(gathered: Gathered, outcome: ProcessOutcome | undefined): Gathered[] {
  const { nextOwner: owner, files } = outcome?.batch ?? {};
  if (!owner || !files) return [];
  return [{ ...gathered, owner, resumedParts: [...(gathered.resumedParts ?? []), files.part] }];
}

function stashesOf(taken: readonly Gathered[]): SpilledFiles[] {
  return taken.flatMap(({ spilled }) => spilled);
}
