import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { newFailure } from '../failures';
import type { BatchFiles, SealedBatch } from '../plan/batch';
import type { JobOutcome } from '../plan/job';
import type { Plan } from '../plan/plan';
import type { RejectedCounts } from '../plan/recovery/rejected';
import { aboutLoaded } from '../plan/replayed/recoverySteps';
import { responseOf } from '../plan/replayed/response';
import type { JsonObject } from '../rules/types';
import { describe, type Failure } from './failure';
import type { OutageRetry } from './outageRetry';
import { RowLoader } from './rowLoader';
import { StepExecutor, type StepOwner } from './stepExecutor';

/** How a plan was carried out. */
export interface PlanOutcome {
  /** The load, with the rows of all its jobs; when a job failed, that one. */
  readonly job?: JobOutcome;
  /** IDs, as planned, of the jobs that ran to their end. */
  readonly ended: readonly string[];
  readonly error?: Failure;
  /** Files set rejected, by class; absent when no load was begun. */
  readonly rejected?: RejectedCounts;
  /** The files that were loaded; absent when the load failed. */
  readonly loaded?: BatchFiles;
}

/** One plan, carried out once: load, transfer, what follows success or failure, and always the clean-up. */
export class PlanExecutor {
  private readonly stepRun: StepExecutor;
  private readonly batchLoad: RowLoader;
  private loaded: BatchFiles | undefined;
  private failure: Failure | undefined;

  constructor(
    private readonly batch: SealedBatch,
    private readonly plan: Plan,
    windowId: string | undefined,
    patience: OutageRetry,
    private readonly show: StepOwner['show'],
  ) {
    const response = (error?: unknown) => this.response(error);
    const records = { ledgerEntry: batch.files.part, keys: plan.stepKeys ?? {} };
    this.stepRun = new StepExecutor({ process: plan.process, patience, show, response, records });
    this.batchLoad = new RowLoader({ batch, plan, windowId, patience, show, stepRun: this.stepRun });
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
    return {
      ...(job ? { job } : {}),
      ...(this.loaded ? { loaded: this.loaded } : {}),
      rejected: this.batchLoad.rejected,
      ended,
      ...(failure && message ? { error: { ...failure, message } } : {}),
    };
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
    const { job, files } =
      batch.loaded && !readsTemporary(plan) ? { job: batch.loaded, files: batch.files } : await this.batchLoad.run();
    this.loaded = files;
    if (!job) return this.nothingLoaded();
    stepRun.job = job;
    stepRun.last = { jobId: job.jobId, ...stepRun.last };
    this.show('acting');
    const onSuccess = files === batch.files ? plan.onSuccess : aboutLoaded(plan.onSuccess, files);
    await stepRun.steps(onSuccess, { ...stepRun.last, response: this.response() });
  }

  /** Files that are gone need no answer; a batch of nothing but bad files has failed. */
  private nothingLoaded(): void {
    const { corrupted, invalidSchema } = this.batchLoad.rejected;
    if (corrupted + invalidSchema === 0) return;
    const { count } = this.batch.files;
    const message = `none of ${count} files could be loaded: ${corrupted} corrupted, ${invalidSchema} of another schema`;
    throw newFailure('NoGoodFiles', message);
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
      files: this.loaded ?? batch.files,
      rejected: this.batchLoad.rejected,
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
