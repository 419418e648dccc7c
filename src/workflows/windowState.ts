import type { FileEvent } from '../windows/fileEvent';
import type { JoinedGroup } from '../windows/group';
import type { SpilledFiles } from '../windows/spilledFiles';
import type { BatchOutcome } from './batchOutcome';
import {
  type BatchWindowInput,
  type CarriedGathering,
  type EarlierLoads,
  FILES_PER_PAGE,
  type LoadResult,
  type UnreportedLoads,
  type WindowStatus,
} from './contract';
import type { Failure } from './failure';
import { type Gathered, Gathering } from './gathering';
import { OperatorRequests } from './operatorRequests';
import { overview, resultOf, totalLoads } from './outcome';
import { ProcessState } from './processState';
import type { RunState } from './runContext';

/** State of a batch window: the files that wait, the requests of operators, and the batches so far. No calls, no timers. */
export class WindowState implements RunState {
  readonly requests: OperatorRequests;
  readonly gathering: Gathering;
  /** Set once waiting files were abandoned. */
  private endsAbandoned: boolean;
  /** The first failure of the run outside its batches. */
  private failure: Failure | undefined;
  /** Loads of earlier runs that no group has received yet. */
  private unreported: UnreportedLoads;
  private reportedOutcomes = 0;
  /** Whether a flush caused the batches that were taken last. */
  private roundIsFlushed = false;
  private readonly processes: ProcessState[] = [];
  private readonly outcomes: BatchOutcome[] = [];
  /** Batches in whose place an earlier run's batch was loaded, because that one had to be finished first. */
  private postponed: readonly Gathered[];

  constructor(readonly input: BatchWindowInput) {
    const { earlier, unreported, requests, carried, limits } = input;
    this.requests = new OperatorRequests(requests);
    this.gathering = new Gathering(carried, limits);
    this.postponed = carried?.postponed ?? [];
    this.endsAbandoned = earlier?.error?.type === 'Abandoned';
    this.unreported = unreported ?? { files: earlier?.files ?? 0, rules: earlier?.rules ?? [] };
  }

  /** When the window loads without a flush, Unix milliseconds. Files that arrive in an abandoned window do not wait for due. */
  get dueMs(): number {
    return this.endsAbandoned ? 0 : (this.input.due + this.input.settleInSec) * 1000;
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

  /** Takes the batches that are loaded next, side by side. This meets a flush. @param beforeDue only full or complete ones. */
  takeBatches(beforeDue: boolean): readonly Gathered[] {
    this.roundIsFlushed = this.requests.flushed;
    this.requests.flushed = false;
    const batches = [...this.postponed, ...this.gathering.take(beforeDue)];
    this.postponed = [];
    return batches;
  }

  /** Drops the files that wait: the run ends without them. Files that arrive later are loaded. @returns their spilled lists. */
  dropWaiting(): readonly SpilledFiles[] {
    const dropped = [...this.postponed];
    this.postponed = [];
    while (this.gathering.pending) dropped.push(...this.gathering.take());
    return dropped.flatMap(({ spilled }) => spilled);
  }

  /**
   * Records how the run ends. It ends so even when it loads files that arrive later. The waiting files stay in the history of the
   * run, for a retry.
   */
  endWith(failure: Failure): void {
    this.failure ??= failure;
    this.endsAbandoned ||= failure.type === 'Abandoned';
    this.requests.abandoned = undefined;
    this.dropWaiting();
  }

  /** Postponed batches with files that are not spilled. */
  get postponedToSpill(): Gathered | undefined {
    return this.postponed.find(({ files }) => files.length > 0);
  }

  /** Replaces files of a postponed batch by the reference of their list. */
  replacePostponed(batch: Gathered, files: readonly FileEvent[], spilled: SpilledFiles): void {
    const remaining = batch.files.filter((file) => !files.includes(file));
    const next = { ...batch, files: remaining, spilled: [...batch.spilled, spilled] };
    this.postponed = this.postponed.map((other) => (other === batch ? next : other));
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
    // The flush asked for the postponed batches too.
    if (postponed.length > 0 && this.roundIsFlushed) this.requests.flushed = true;
    return loaded;
  }

  /** Adds the outcomes of batches whose journal is closed. */
  addOutcomes(outcomes: readonly BatchOutcome[]): void {
    this.outcomes.push(...outcomes);
    for (const process of this.processes) if (process.stage === 'closing') process.stage = 'done';
  }

  /** Totals of this run and of those before it. */
  loadedSoFar(): EarlierLoads {
    const totals = totalLoads(this.outcomes, this.input.earlier);
    return { ...totals, error: totals.error ?? this.failure };
  }

  /** Takes the loads that no group has received yet. */
  takeUnreported(): UnreportedLoads {
    const loads = this.unreportedLoads();
    this.unreported = { files: 0, rules: [] };
    this.reportedOutcomes = this.outcomes.length;
    return loads;
  }

  /** @throws ApplicationFailure when a batch failed. */
  result(): LoadResult {
    return resultOf(this.input.dest, this.outcomes, this.input.earlier);
  }

  /** Input of the next run of the chain. All waiting files must be spilled before. @param start see `WindowFiles.start`. */
  carry(start: number, groups: readonly JoinedGroup[]): BatchWindowInput {
    const { flushed, abandoned } = this.requests;
    const gathered = this.gathering.carry();
    const carried: CarriedGathering | undefined = gathered && { ...gathered, postponed: this.postponed };
    const earlier = this.loadedSoFar();
    const unreported = this.unreportedLoads();
    return { ...this.input, start, earlier, unreported, groups, requests: { flushed, abandoned }, carried };
  }

  status(): WindowStatus {
    const { input, gathering, processes } = this;
    const status = overview(processes.map((process) => process.status()));
    const idle = processes.every(({ ended }) => ended);
    const gathers = gathering.pending && idle;
    const stage = gathers ? 'gathering' : this.endsAbandoned && idle ? 'abandoned' : status.stage;
    return { ...status, stage, dest: input.dest, due: input.due, announced: gathering.announced };
  }

  page(number: number): FileEvent[] {
    return this.gathering.page(number, FILES_PER_PAGE);
  }

  private unreportedLoads(): UnreportedLoads {
    const { files, rules } = totalLoads(this.outcomes.slice(this.reportedOutcomes));
    const { unreported } = this;
    return { files: unreported.files + files, rules: [...new Set([...unreported.rules, ...rules])] };
  }
}
