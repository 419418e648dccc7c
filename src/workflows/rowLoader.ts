import { isCancellation } from '@temporalio/workflow';
import type { LedgerState } from '../ledger/entry';
import type { BatchFiles, SealedBatch } from '../plan/batch';
import type { JobOutcome } from '../plan/job';
import type { Plan } from '../plan/plan';
import { openedInPlaceOf, settlesBatch } from '../plan/replayed/recoverySteps';
import type { JobStep, LoadStep } from '../plan/steps';
import { longActivities, shortActivities, withSummary } from './activityCalls';
import { failureFrom } from './failure';
import { type LoadOutcome, LoadRecovery } from './loadRecovery';
import { addCounts } from './outcome';
import type { StepExecutor } from './stepExecutor';

/** The rows of a batch, once they have arrived. */
export interface LoadedRows {
  /** The load, with the rows of all its jobs; absent when no file was left to load. */
  readonly job?: JobOutcome;
  /** The files that were loaded. */
  readonly files: BatchFiles;
}

/** Brings the rows of a batch into their tables: prepare, load without the bad files, transfer, settle the ledger. */
export class RowLoader {
  /** Whether rows of the batch are in a lasting table. */
  private arrived = false;

  constructor(
    private readonly batch: SealedBatch,
    private readonly plan: Plan,
    private readonly windowId: string | undefined,
    private readonly steps: StepExecutor,
  ) {}

  /** @throws ApplicationFailure `LoadFailed`, `ReloadLimit`, or a failure that no retry can mend. */
  async run(): Promise<LoadedRows> {
    const { plan } = this;
    let loads: LoadOutcome[] = [];
    try {
      await this.steps.prepare(plan.prepare);
      loads = await this.load();
      if (loads.some(({ job }) => job)) await this.transfer();
    } catch (error) {
      if (!isCancellation(error)) await this.retire(error);
      throw error;
    }
    const jobs = loads.flatMap(({ job }) => job ?? []);
    // A single direct load has already confirmed its ledger entry: see the activity runJob.
    if (!plan.load.flat().every(settlesBatch) || jobs.length < loads.length) await this.settle('confirmed', jobs);
    const files = await this.loadedFiles(loads);
    const [first] = jobs;
    return { job: first && { ...first, rows: rowsOf(jobs) }, files };
  }

  /** Loads stage by stage. A failure ends the load when the other jobs of its stage have ended. */
  private async load(): Promise<LoadOutcome[]> {
    const done: LoadOutcome[] = [];
    let stages = this.plan.load;
    for (let stage = stages[0]; stage; stage = stages[0]) {
      stages = stages.slice(1);
      const loads = await this.loadStage(stage, done.length);
      done.push(...loads);
      const failed = loads.find(({ job }) => job?.error);
      if (failed?.job) throw this.steps.failureOf(failed.job, failed.limited ? 'ReloadLimit' : 'LoadFailed');
      const [first, ...others] = stage;
      // A stage of one step creates or truncates the table for the stages after it.
      if (first && others.length === 0 && done.every(({ job }) => !job)) stages = openedInPlaceOf(first, stages.flat());
    }
    return done;
  }

  /** @param before number of load steps in the stages before this one. */
  private async loadStage(stage: readonly LoadStep[], before: number): Promise<LoadOutcome[]> {
    const { batch, plan, steps } = this;
    const loads = await Promise.allSettled(
      stage.map((step, at) => new LoadRecovery(batch, plan, steps, before + at).load(step)),
    );
    const ended = loads.flatMap((load) => (load.status === 'fulfilled' ? [load.value] : []));
    for (const { rejected } of ended) steps.state.rejected = addCounts(steps.state.rejected, rejected);
    const direct = stage.every(({ fills }) => !fills);
    if (direct && ended.some(({ job }) => job && !job.error)) this.arrived = true;
    for (const load of loads) if (load.status === 'rejected') throw load.reason;
    return ended;
  }

  /** @throws ApplicationFailure `LoadFailed` when a job fails. */
  private async transfer(): Promise<void> {
    for (const step of await this.transferSteps()) {
      const job = await this.steps.runJob(step, 'loading');
      if (job.error) throw this.steps.failureOf(job, 'LoadFailed');
      if (!step.fills) this.arrived = true;
    }
  }

  private async transferSteps(): Promise<readonly JobStep[]> {
    const { plan, batch, windowId } = this;
    const loaded = plan.load[0]?.[0]?.fills;
    if (!plan.transferAfterLoad || !loaded) return plan.transfer;
    const summary = withSummary(`columns of ${loaded.tableId}`);
    return this.retry(() => shortActivities.planTransfer.executeWithOptions(summary, [batch, loaded, windowId]));
  }

  /**
   * Frees the files of a failed batch, so that a later run can load them in another batch. When rows have arrived, or may still
   * arrive, the batch stays bound to its jobs, and a later run finishes it unchanged.
   */
  private async retire(error: unknown): Promise<void> {
    if (this.arrived || this.batch.resumed || failureFrom(error).type === 'Abandoned') return;
    await this.settle('retired', []);
  }

  private settle(state: LedgerState, jobs: readonly JobOutcome[]): Promise<void> {
    const jobIds = jobs.map(({ jobId }) => jobId);
    const settled: Parameters<typeof shortActivities.settleBatch> = [this.batch, state, jobIds, rowsOf(jobs)];
    return this.retry(() => shortActivities.settleBatch.executeWithOptions(withSummary(state), settled));
  }

  private async loadedFiles(loads: readonly LoadOutcome[]): Promise<BatchFiles> {
    const { files } = this.batch;
    const [only, ...others] = loads;
    const records = loads.flatMap((load) => load.records);
    if (!only || records.length === 0) return files;
    if (others.length === 0) return only.files;
    const input = { files, records, name: 'loaded' };
    const summary = withSummary('files loaded');
    return this.retry(() => longActivities.remainingFiles.executeWithOptions(summary, [input]));
  }

  private retry<T>(call: () => Promise<T>): Promise<T> {
    return this.steps.context.retry.retryUntilUp(call);
  }
}

function rowsOf(jobs: readonly JobOutcome[]): number {
  return jobs.reduce((sum, { rows }) => sum + rows, 0);
}
