import type { FileEvent } from '../windows/fileEvent';
import type { SpilledFiles } from '../windows/spilledFiles';
import type { BatchOutcome } from './batchOutcome';
import {
  type BatchWindowInput,
  type EarlierLoads,
  FILES_PER_PAGE,
  type LoadResult,
  type WindowStatus,
} from './contract';
import { type Gathered, Gathering } from './gathering';
import { OperatorRequests } from './operatorRequests';
import { overview, resultOf, totalLoads } from './outcome';
import { ProcessState } from './processState';
import type { RunState } from './runContext';

/** State of a batch window: the files that wait, the requests of operators, and the batches so far. No calls, no timers. */
export class WindowState implements RunState {
  readonly requests = new OperatorRequests();
  readonly gathering: Gathering;
  /** Set when the window ends without loading the waiting files. */
  endsAbandoned = false;
  private readonly processes: ProcessState[] = [];
  private readonly outcomes: BatchOutcome[] = [];
  /** Batches in whose place an earlier run's batch was loaded, because that one had to be finished first. */
  private postponed: readonly Gathered[] = [];

  constructor(readonly input: BatchWindowInput) {
    this.gathering = new Gathering(input.carried, input.limits);
  }

  /** When the window loads without a flush, Unix milliseconds. */
  get dueMs(): number {
    return (this.input.due + this.input.settleInSec) * 1000;
  }

  /** Whether an operator has ended the gathering. */
  get loadNow(): boolean {
    return this.requests.flushed || this.isAbandoned;
  }

  get isAbandoned(): boolean {
    return this.requests.abandoned !== undefined;
  }

  /** Whether a batch is to be loaded, even before due. */
  get batchReady(): boolean {
    return this.loadNow || this.gathering.batchReady;
  }

  /** Whether a postponed batch must be loaded, without gathering. */
  get hasPostponed(): boolean {
    return this.postponed.length > 0;
  }

  /** Whether files wait for a batch. */
  get hasFiles(): boolean {
    return this.gathering.pending || this.hasPostponed;
  }

  /** Whether only full or complete batches may be loaded yet. */
  isBeforeDue(nowMs: number): boolean {
    return !this.loadNow && nowMs < this.dueMs;
  }

  /** Takes the batches that are loaded next, side by side. @param beforeDue only full or complete ones. */
  takeBatches(beforeDue: boolean): readonly Gathered[] {
    return [...this.postponed, ...this.gathering.take(beforeDue)];
  }

  /** Adds the process of a batch to the status. */
  addProcess({ ruleId, owner, files, spilled }: Gathered): ProcessState {
    const count = spilled.reduce((sum, part) => sum + part.files, files.length);
    const process = new ProcessState({ ruleId, eventId: owner.eventId }, 'sealing', count);
    this.processes.push(process);
    return process;
  }

  /**
   * Postpones batches in whose place an earlier run's batch was loaded.
   *
   * @returns spilled files that no batch needs any more.
   */
  postpone(batches: readonly Gathered[], outcomes: readonly BatchOutcome[]): readonly SpilledFiles[] {
    const postponed: Gathered[] = [];
    const loaded: SpilledFiles[] = [];
    for (const [at, gathered] of batches.entries()) {
      const { nextOwner: owner, files } = outcomes[at]?.batch ?? {};
      if (!owner || !files) loaded.push(...gathered.spilled);
      else postponed.push({ ...gathered, owner, resumedEntries: [...(gathered.resumedEntries ?? []), files.entry] });
    }
    this.postponed = postponed;
    return loaded;
  }

  /** Adds the outcomes of batches whose journal is closed. */
  addOutcomes(outcomes: readonly BatchOutcome[]): void {
    this.outcomes.push(...outcomes);
    for (const process of this.processes) if (process.stage === 'closing') process.stage = 'done';
  }

  /** Totals of this run and of those before it. */
  loadedSoFar(): EarlierLoads {
    return totalLoads(this.outcomes, this.input.earlier);
  }

  /** @throws ApplicationFailure when a batch failed. */
  result(): LoadResult {
    return resultOf(this.input.dest, this.outcomes, this.input.earlier);
  }

  /** Input of the next run of the chain. All waiting files must be spilled before. @param start see `WindowFiles.start`. */
  carry(start: number): BatchWindowInput {
    return { ...this.input, start, earlier: this.loadedSoFar(), carried: this.gathering.carry() };
  }

  status(): WindowStatus {
    const { input, gathering, processes } = this;
    const status = overview(processes.map((process) => process.status()));
    const gathers = gathering.pending && processes.every(({ ended }) => ended);
    const stage = this.endsAbandoned ? 'abandoned' : gathers ? 'gathering' : status.stage;
    return { ...status, stage, dest: input.dest, due: input.due, announced: gathering.announced };
  }

  page(number: number): FileEvent[] {
    return this.gathering.page(number, FILES_PER_PAGE);
  }
}
