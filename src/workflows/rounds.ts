import { CancellationScope } from '@temporalio/workflow';
import type { WindowMarks } from '../activities/windowMarks';
import { quick, saying } from './activityCalls';
import type { BatchWindowInput, EarlierLoads, LoadResult, ProcessStatus, Stash } from './contract';
import type { Gathered } from './gathering';
import type { Memberships } from './memberships';
import { resultOf, sumOf } from './outcome';
import type { Patience } from './patience';
import { LoadProcess, type ProcessOutcome } from './process';

/** The loads of a window, round by round; those of one round run side by side. */
export class Rounds {
  private readonly processes: LoadProcess[] = [];
  private readonly outcomes: ProcessOutcome[] = [];
  private left: readonly Gathered[] = [];

  constructor(
    private readonly input: BatchWindowInput,
    private readonly memberships: Memberships,
    private readonly patience: Patience,
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
  async load(gathered: readonly Gathered[], marks: WindowMarks, early: boolean): Promise<void> {
    const taken = [...this.left, ...gathered];
    const round: LoadProcess[] = [];
    for (const batch of taken) {
      const group = await this.memberships.join(batch.owner);
      const what = { ...batch, dest: this.input.dest, marks, ...(early && { early }), ...(group && { group }) };
      round.push(new LoadProcess(what, this.onChange, this.patience));
    }
    this.processes.push(...round);
    const ended = await Promise.all(round.map((process) => process.run()));
    this.left = taken.flatMap((batch, at) => leftBy(batch, ended[at]));
    const loaded = taken.filter((_batch, at) => ended[at]?.batch?.later === undefined);
    await this.close(ended, marks, stashesOf(loaded), early);
    this.outcomes.push(...ended);
    for (const process of round) process.closed();
  }

  /** Closes what no round has closed: files of the window, and files put aside. */
  closeWindow(marks: WindowMarks | undefined, left: readonly Gathered[] = []): Promise<void> {
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
    marks: WindowMarks | undefined,
    stashes: readonly Stash[],
    windowStays = false,
  ): Promise<void> {
    const closing = { ended, stashes, ...(marks && { marks, multiPath: this.input.multiPath === true }), windowStays };
    const what = saying(windowStays ? 'journal' : 'journal and window files');
    return CancellationScope.nonCancellable(() =>
      this.patience.outlast(() => quick.close.executeWithOptions(what, [closing])),
    );
  }
}

/** What is still to be loaded of files of which an earlier run had taken some: under the event that announced them. */
function leftBy(gathered: Gathered, outcome: ProcessOutcome | undefined): Gathered[] {
  const { later: owner, files } = outcome?.batch ?? {};
  if (!owner || !files) return [];
  return [{ ...gathered, owner, takenUp: [...(gathered.takenUp ?? []), files.part] }];
}

function stashesOf(taken: readonly Gathered[]): Stash[] {
  return taken.flatMap(({ stashes }) => stashes);
}
