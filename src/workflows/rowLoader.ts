import { isCancellation } from '@temporalio/workflow';
import type { LedgerState } from '../ledger/entry';
import type { BatchFiles, SealedBatch } from '../plan/batch';
import type { JobOutcome } from '../plan/job';
import type { Plan } from '../plan/plan';
import { NONE_REJECTED, type RejectedCounts } from '../plan/recovery/rejected';
import { openedInPlaceOf, settlesBatch } from '../plan/replayed/recoverySteps';
import type { JobStep } from '../plan/steps';
import { long, quick, withSummary } from './activityCalls';
import { describe } from './failure';
import { type LoadOutcome, LoadRecovery, type RecoveryContext, sum } from './loadRecovery';
import type { OutageRetry } from './outageRetry';
import type { StepExecutor, StepOwner } from './stepExecutor';

/** What a batch is loaded with. */
export interface BatchLoadInput {
  readonly batch: SealedBatch;
  readonly plan: Plan;
  readonly windowId: string | undefined;
  readonly patience: OutageRetry;
  readonly show: StepOwner['show'];
  readonly stepRun: StepExecutor;
}

/** The way of a batch's rows into their tables: prepare, load without the bad files, transfer, and the ledger told of it. */
export class RowLoader {
  /** Files set rejected so far. */
  rejected: RejectedCounts = NONE_REJECTED;
  /** Whether rows of the batch are in a table that stays. */
  private arrived = false;

  constructor(private readonly input: BatchLoadInput) {}

  /**
   * @returns the load, absent when no file was left to load, and the files that were loaded.
   * @throws ApplicationFailure `LoadFailed`, `ReloadLimit`, or what no retry can mend.
   */
  async run(): Promise<{ readonly job?: JobOutcome; readonly files: BatchFiles }> {
    const { plan, stepRun } = this.input;
    let loads: LoadOutcome[] = [];
    try {
      await stepRun.prepare(plan.prepare);
      loads = await this.load();
      const stopped = loads.find(({ job }) => job?.error);
      if (stopped?.job) throw stepRun.failed(stopped.job, stopped.limited ? 'ReloadLimit' : 'LoadFailed');
      const failed = loads.some(({ job }) => job) ? await this.transfer() : undefined;
      if (failed) throw stepRun.failed(failed, 'LoadFailed');
    } catch (error) {
      if (!isCancellation(error)) await this.retire(error);
      throw error;
    }
    const jobs = loads.flatMap(({ job }) => job ?? []);
    // A job that settles its part by itself has done so.
    if (!plan.load.flat().every(settlesBatch) || jobs.length < loads.length) await this.settle('confirmed', jobs);
    const files = await this.loadedFiles(loads);
    const [first] = jobs;
    if (!first) return { files };
    return { job: { ...first, rows: rowsOf(jobs) }, files };
  }

  /** The rounds of a load; a failure ends them once its own round is over. */
  private async load(): Promise<LoadOutcome[]> {
    const done: LoadOutcome[] = [];
    let rounds = this.input.plan.load;
    for (let round = rounds[0]; round; round = rounds[0]) {
      rounds = rounds.slice(1);
      const steps = round.map((step, at) => new LoadRecovery(this.recovery(), done.length + at).load(step));
      const ended = await Promise.allSettled(steps);
      for (const load of ended)
        if (load.status === 'fulfilled') this.rejected = sum(this.rejected, load.value.rejected);
      for (const load of ended) {
        if (load.status === 'rejected') throw load.reason;
        done.push(load.value);
      }
      if (done.some(({ job }) => job?.error)) break;
      const [first, ...others] = round;
      // Rounds are cut so that one step opens the table for those behind it.
      if (first && others.length === 0 && done.every(({ job }) => !job)) rounds = openedInPlaceOf(first, rounds.flat());
    }
    return done;
  }

  private recovery(): RecoveryContext {
    const { batch, plan, patience, show } = this.input;
    return {
      batch,
      plan,
      patience,
      runJob: (step) => this.runJob(step),
      showProbe: (jobId, state) => show('loading', { jobId, state, kind: 'probe' }),
    };
  }

  private async runJob(step: Parameters<StepExecutor['runJob']>[0]): Promise<JobOutcome> {
    const job = await this.input.stepRun.runJob(step, 'loading');
    if (!job.error && !step.fills) this.arrived = true;
    return job;
  }

  /** The job that failed, if one did. */
  private async transfer(): Promise<JobOutcome | undefined> {
    for (const step of await this.transferSteps()) {
      const job = await this.runJob(step);
      if (job.error) return job;
    }
    return undefined;
  }

  private async transferSteps(): Promise<readonly JobStep[]> {
    const { plan, batch, windowId, patience } = this.input;
    const loaded = plan.load[0]?.[0]?.fills;
    if (!plan.transferAfterLoad || !loaded) return plan.transfer;
    const what = withSummary(`columns of ${loaded.tableId}`);
    return patience.retryUntilUp(() => quick.planTransfer.executeWithOptions(what, [batch, loaded, windowId]));
  }

  /**
   * Frees the files of a batch that has failed for good, for a later run to load them in another batch. Where some of its rows
   * have arrived, or may still, the batch stays bound to its jobs: a later run finishes it as it is.
   */
  private async retire(error: unknown): Promise<void> {
    if (this.arrived || this.input.batch.resumed || describe(error).type === 'Abandoned') return;
    await this.settle('retired', []);
  }

  private settle(state: LedgerState, jobs: readonly JobOutcome[]): Promise<void> {
    const { batch, patience } = this.input;
    const settled = [batch, state, jobs.map(({ jobId }) => jobId), rowsOf(jobs)] as const;
    return patience.retryUntilUp(() => quick.settleBatch.executeWithOptions(withSummary(state), [...settled]));
  }

  private loadedFiles(loads: readonly LoadOutcome[]): Promise<BatchFiles> | BatchFiles {
    const { batch, patience } = this.input;
    const [only, ...others] = loads;
    const records = loads.flatMap((load) => load.records);
    if (!only || records.length === 0) return batch.files;
    if (others.length === 0) return only.files;
    const input = { files: batch.files, records, name: 'loaded' };
    return patience.retryUntilUp(() => long.remainingFiles.executeWithOptions(withSummary('files loaded'), [input]));
  }
}

function rowsOf(jobs: readonly JobOutcome[]): number {
  return jobs.reduce((sum, { rows }) => sum + rows, 0);
}
