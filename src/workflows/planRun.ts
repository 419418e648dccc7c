import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { JobOutcome, SealedBatch } from '../plan/plan';
import { responseOf } from '../plan/response';
import { settlesBatch } from '../plan/settling';
import type { JobStep, Plan } from '../plan/steps';
import type { JsonObject } from '../rules/types';
import { quick, saying } from './activityCalls';
import { describe, type Failure } from './failure';
import type { Patience } from './patience';
import { type StepOwner, StepRun } from './stepRun';

/** How a plan was carried out. */
export interface PlanOutcome {
  /** The load, with the rows of all its jobs; when a job failed, that one. */
  readonly job?: JobOutcome;
  /** IDs, as planned, of the jobs that ran to their end. */
  readonly ended: readonly string[];
  readonly error?: Failure;
}

/** One plan, carried out once: load, transfer, what follows success or failure, and always the clean-up. */
export class PlanRun {
  private readonly stepRun: StepRun;
  private failure: Failure | undefined;

  constructor(
    private readonly batch: SealedBatch,
    private readonly plan: Plan,
    private readonly windowId: string | undefined,
    private readonly patience: Patience,
    private readonly show: StepOwner['show'],
  ) {
    const response = (error?: unknown) => this.response(error);
    const records = { ledgerPart: batch.files.part, keys: plan.stepKeys ?? {} };
    this.stepRun = new StepRun({ process: plan.process, patience, show, response, records });
  }

  /** Never throws: cancellation is a failure too, but one that no OnFailure follows. */
  async run(): Promise<PlanOutcome> {
    try {
      await this.work();
    } catch (error) {
      this.failure = describe(error);
      this.show('acting');
      if (!isCancellation(error)) await this.answer(error);
    }
    await CancellationScope.nonCancellable(() => this.cleanUp());
    const { failure } = this;
    const { job, ended, further } = this.stepRun;
    const message = failure && [failure.message, ...further].join('; then: ');
    return { ...(job ? { job } : {}), ended, ...(failure && message ? { error: { ...failure, message } } : {}) };
  }

  private async answer(error: unknown): Promise<void> {
    try {
      await this.stepRun.answer(error, this.plan.onFailure, this.stepRun.last);
    } catch (second) {
      this.stepRun.further.push(describe(second).message);
    }
  }

  private async work(): Promise<void> {
    const { plan, batch, stepRun } = this;
    stepRun.job = batch.loaded && !readsTemporary(plan) ? batch.loaded : await this.bringRows();
    stepRun.last = { jobId: stepRun.job.jobId, ...stepRun.last };
    this.show('acting');
    await stepRun.steps(plan.onSuccess, { ...stepRun.last, response: this.response() });
  }

  /** Load and transfer. @returns the load, with all its rows. */
  private async bringRows(): Promise<JobOutcome> {
    const { plan, batch } = this;
    await this.stepRun.prepare(plan.prepare);
    const loads = await this.load();
    const failed = loads.find(({ error }) => error) ?? (await this.transfer());
    const rows = loads.reduce((sum, load) => sum + load.rows, 0);
    if (!plan.load.flat().every(settlesBatch)) {
      const state = failed ? 'retired' : 'confirmed';
      const settled = [batch, state, loads.map(({ jobId }) => jobId), rows] as const;
      await this.patience.outlast(() => quick.settleBatch.executeWithOptions(saying(state), [...settled]));
    }
    if (failed) throw this.stepRun.failed(failed, 'LoadFailed');
    const [first] = loads;
    return { jobId: batch.jobId, ...first, rows };
  }

  /** The rounds of a load; a failure ends them once its own round is over. */
  private async load(): Promise<JobOutcome[]> {
    const done: JobOutcome[] = [];
    for (const round of this.plan.load) {
      const jobs = await Promise.allSettled(round.map((step) => this.stepRun.runJob(step, 'loading')));
      for (const job of jobs) {
        if (job.status === 'rejected') throw job.reason;
        done.push(job.value);
      }
      if (done.some(({ error }) => error)) break;
    }
    return done;
  }

  /** The job that failed, if one did. */
  private async transfer(): Promise<JobOutcome | undefined> {
    for (const step of await this.transferSteps()) {
      const job = await this.stepRun.runJob(step, 'loading');
      if (job.error) return job;
    }
    return undefined;
  }

  private async transferSteps(): Promise<readonly JobStep[]> {
    const { plan, batch, windowId } = this;
    const loaded = plan.load[0]?.[0]?.fills;
    if (!plan.transferAfterLoad || !loaded) return plan.transfer;
    const what = saying(`columns of ${loaded.tableId}`);
    return this.patience.outlast(() => quick.planTransfer.executeWithOptions(what, [batch, loaded, windowId]));
  }

  /** Every step is tried, whatever becomes of the others. */
  private async cleanUp(): Promise<void> {
    for (const step of this.plan.cleanup) {
      try {
        await this.stepRun.steps([step], {});
      } catch (error) {
        if (this.failure) this.stepRun.further.push(describe(error).message);
        else this.failure = describe(error);
      }
    }
  }

  private response(error?: unknown): JsonObject {
    const { plan, batch } = this;
    const { job } = this.stepRun;
    return responseOf({
      plan,
      files: batch.files,
      ...(job ? { job } : {}),
      ...(error === undefined ? {} : { error: describe(error) }),
    });
  }
}

/** Whether an action asks for the temporary table, which the earlier run has dropped. */
function readsTemporary({ tempTable, onSuccess }: Plan): boolean {
  const [, name] = /([^.`]+)`$/.exec(tempTable ?? '') ?? [];
  return name !== undefined && JSON.stringify(onSuccess).includes(name);
}
