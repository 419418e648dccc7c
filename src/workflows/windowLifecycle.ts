import {
  ApplicationFailure,
  CancellationScope,
  ContinueAsNew,
  condition,
  continueAsNew,
  isCancellation,
  workflowInfo,
} from '@temporalio/workflow';
import { newFailure } from '../failures';
import type { FileEvent } from '../windows/fileEvent';
import type { SpilledFiles } from '../windows/spilledFiles';
import { shortActivities, withSummary } from './activityCalls';
import { BatchLoad } from './batchLoad';
import type { BatchOutcome } from './batchOutcome';
import type { BatchWindowInput, LoadResult } from './contract';
import { failureFrom } from './failure';
import { FileSpill } from './fileSpill';
import type { Gathered } from './gathering';
import type { WindowEnd } from './groupContract';
import { GroupMembership } from './groupMembership';
import type { RunContext } from './runContext';
import { WindowFiles } from './windowFiles';
import type { WindowState } from './windowState';

/** How long files gather that come after due, so that a backlog makes few jobs. */
const LATE_FILES_GATHER_MS = 2000;

/** The parts of a window's life, in the order in which `batchWindow` calls them. */
export class WindowLifecycle {
  private readonly groups: GroupMembership;
  private readonly spill: FileSpill;
  private readonly files: WindowFiles;
  /** The failure of waiting files that were abandoned. The state has it already; files that came since are loaded. */
  private abandonment: ApplicationFailure | undefined;

  constructor(
    private readonly state: WindowState,
    private readonly context: RunContext,
  ) {
    const { input, gathering } = state;
    this.groups = new GroupMembership(state, context);
    this.spill = new FileSpill(state, context);
    this.files = new WindowFiles(input, gathering, context);
  }

  /**
   * Does the work of the window, and signals its end to the groups that it has joined. When files arrive meanwhile, it does the
   * work again. No call separates the last check for files from the end of the run, so Temporal sends no file in between.
   *
   * @throws the first failure; ContinueAsNew of a run that has not ended.
   */
  async run(work: () => Promise<LoadResult>): Promise<LoadResult> {
    const { state, groups } = this;
    const failures: unknown[] = [];
    for (;;) {
      let result: LoadResult | undefined;
      let outcome: WindowEnd['outcome'] = 'done';
      try {
        result = await work();
      } catch (error) {
        if (error instanceof ContinueAsNew) throw error;
        const abandoned = error instanceof ApplicationFailure && error.type === 'Abandoned';
        outcome = isCancellation(error) || abandoned ? 'abandoned' : 'failed';
        if (error !== this.abandonment) state.endWith(failureFrom(error));
        failures.push(error);
      }
      await groups.signalEnd(outcome);
      if (state.hasFiles) continue;
      if (failures.length > 0) throw failures[0];
      if (result) return result;
    }
  }

  /** Waits for the first file. @throws ApplicationFailure `Abandoned` when the window ends without one. */
  async waitForFiles(): Promise<FileEvent> {
    const { state } = this;
    await condition(() => state.hasFiles || state.loadNow);
    const owner = state.gathering.first;
    if (owner) return owner;
    throw newFailure('Abandoned', `${state.input.windowId} was started without a file`);
  }

  /** Writes the files of the window, and joins the group of its rule. */
  async open(owner: FileEvent): Promise<void> {
    await this.files.open(owner);
    await this.groups.join(owner);
  }

  /** Waits until due, or until a batch is ready. Meanwhile it spills files, and continues as new when the history is long. */
  async gatherUntilDue(): Promise<void> {
    const { state, files } = this;
    if (state.hasPostponed) return;
    const summary = `due ${new Date(state.input.due * 1000).toISOString()}`;
    const historyIsLong = () => workflowInfo().continueAsNewSuggested;
    const hasWork = () => state.gathering.overflow !== undefined || files.hasNewFolders || historyIsLong();
    while (!state.batchReady && Date.now() < state.dueMs) {
      await this.wait(() => state.batchReady || hasWork(), state.dueMs - Date.now(), summary);
      await files.writeFolderFiles();
      await this.spill.spillExcess();
      if (historyIsLong() && !state.loadNow) await this.continueAsNew();
    }
  }

  /** Loads the batches that are ready; when the window is due, all files that wait. */
  async loadBatches(): Promise<void> {
    const { state, files } = this;
    if (state.isAbandoned) return;
    await this.spill.spillExcess();
    const isDue = Date.now() >= state.dueMs;
    const beforeDue = state.isBeforeDue(Date.now());
    await this.loadSideBySide(state.takeBatches(beforeDue), beforeDue);
    if (beforeDue && !state.hasFiles) await this.close([], [], files.forget());
    // The files of the window are deleted. Later files gather until due, so the window opens again.
    if (!beforeDue && !isDue) files.forget();
    if (isDue && state.gathering.pending) {
      await this.wait(() => state.batchReady, LATE_FILES_GATHER_MS, 'late files');
    }
    if (state.hasFiles && !state.isAbandoned && workflowInfo().continueAsNewSuggested) await this.continueAsNew();
  }

  /** The result, after the last batch. @throws ApplicationFailure of a batch, or `Abandoned` when files still wait. */
  async finish(): Promise<LoadResult> {
    const { state, context } = this;
    if (!state.hasFiles) return state.result();
    const message = `${state.input.windowId} was abandoned: ${state.requests.abandoned}`;
    const failure = newFailure('Abandoned', message, { details: { announced: state.gathering.announced } });
    const spilled = state.dropWaiting();
    state.endWith(failureFrom(failure));
    this.abandonment = failure;
    context.show();
    await this.close([], spilled, this.files.forget());
    throw failure;
  }

  /** Loads batches side by side, then closes their journal. */
  private async loadSideBySide(batches: readonly Gathered[], beforeDue: boolean): Promise<void> {
    const { state, context } = this;
    const { dest } = state.input;
    const window = this.files.identity;
    const loads: BatchLoad[] = [];
    for (const batch of batches) {
      const group = await this.groups.join(batch.owner);
      const input = { ...batch, dest, window, group, beforeDue };
      loads.push(new BatchLoad(input, state.addProcess(batch), context));
    }
    const outcomes = await Promise.all(loads.map((load) => load.run()));
    const spilled = state.postpone(batches, outcomes);
    await this.close(outcomes, spilled, window, beforeDue);
    state.addOutcomes(outcomes);
    context.show();
  }

  /** Closes the journal of batches, with the files of the window unless these stay. */
  private close(
    ended: readonly BatchOutcome[],
    spilled: readonly SpilledFiles[],
    window = this.files.identity,
    windowStays = false,
  ): Promise<void> {
    const summary = withSummary(windowStays ? 'journal' : 'journal and window files');
    const close = () => shortActivities.close.executeWithOptions(summary, [{ ended, spilled, window, windowStays }]);
    return CancellationScope.nonCancellable(() => this.context.retry.retryUntilUp(close));
  }

  /** Deletes the files of the window, and the spilled ones, when they will not be loaded. */
  private discard(): Promise<void> {
    return this.close([], this.state.dropWaiting());
  }

  /** Never returns: Temporal ends the run by a thrown `ContinueAsNew`. */
  private async continueAsNew(): Promise<void> {
    await this.spill.spillAll();
    await continueAsNew<(input: BatchWindowInput) => Promise<LoadResult>>(
      this.state.carry(this.files.start, this.groups.carry()),
    );
  }

  /** A timer with a wake-up. When the window is cancelled meanwhile, its files go first. */
  private async wait(until: () => boolean, timeoutMs: number, summary: string): Promise<void> {
    try {
      await condition(until, timeoutMs, { summary });
    } catch (error) {
      if (isCancellation(error)) await this.discard();
      throw error;
    }
  }
}
