import { ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import { type ActionResult, behind, type Circumstances } from '../plan/circumstances';
import type { JobOutcome, SealedBatch } from '../plan/plan';
import { responseOf } from '../plan/response';
import { settlesBatch } from '../plan/settling';
import type { ActionStep, JobStep, LoadStep, Plan, PrepareStep, Step, StepCondition } from '../plan/steps';
import type { JsonObject } from '../rules/types';
import { actionActivities } from './actionCalls';
import { long, quick, saying } from './activityCalls';
import type { FailureType, JobStatus } from './contract';
import { describe, type Failure } from './failure';
import type { Patience } from './patience';

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
  private readonly ended: string[] = [];
  private job: JobOutcome | undefined;
  private failure: Failure | undefined;
  /** What the last job has left. */
  private last: ActionResult = {};
  /** What went wrong after the failure that counts. */
  private readonly further: string[] = [];

  constructor(
    private readonly batch: SealedBatch,
    private readonly plan: Plan,
    private readonly windowId: string | undefined,
    private readonly patience: Patience,
    private readonly show: (stage: 'loading' | 'acting', job?: JobStatus) => void,
  ) {}

  /** Never throws but for cancellation. */
  async run(): Promise<PlanOutcome> {
    const { plan } = this;
    try {
      await this.work();
    } catch (error) {
      if (isCancellation(error)) throw error;
      this.failure = describe(error);
      this.show('acting');
      await this.answer(error, plan.onFailure, this.last);
    } finally {
      await CancellationScope.nonCancellable(() => this.cleanUp());
    }
    const { job, failure, ended } = this;
    const message = failure && [failure.message, ...this.further].join('; then: ');
    return { ...(job ? { job } : {}), ended, ...(failure && message ? { error: { ...failure, message } } : {}) };
  }

  private async work(): Promise<void> {
    const { plan, batch } = this;
    await this.prepare(plan.prepare);
    const loads = await this.load();
    const failed = loads.find(({ error }) => error) ?? (await this.transfer());
    if (!plan.load.flat().every(settlesBatch)) {
      const state = failed ? 'retired' : 'confirmed';
      const jobIds = loads.map(({ jobId }) => jobId);
      await this.patience.outlast(() => quick.settleBatch.executeWithOptions(saying(state), [batch, state, jobIds]));
    }
    if (failed) throw this.failed(failed, 'LoadFailed');
    const [first] = loads;
    this.job = { jobId: first?.jobId ?? batch.jobId, rows: loads.reduce((sum, { rows }) => sum + rows, 0) };
    this.show('acting');
    await this.steps(plan.onSuccess, { ...this.last, response: this.response() });
  }

  /** The rounds of a load; a failure ends them once its own round is over. */
  private async load(): Promise<JobOutcome[]> {
    const done: JobOutcome[] = [];
    for (const round of this.plan.load) {
      const jobs = await Promise.allSettled(round.map((step) => this.runJob(step, 'loading')));
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
      const job = await this.runJob(step, 'loading');
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

  private async prepare(steps: readonly PrepareStep[] = []): Promise<void> {
    if (steps.length === 0) return;
    const what = saying([...new Set(steps.map(({ kind }) => kind))].join(', '));
    await this.patience.outlast(() => quick.prepareTables.executeWithOptions(what, [steps]));
  }

  private async runJob(
    step: LoadStep | JobStep,
    stage: 'loading' | 'acting',
    circumstances: Circumstances = {},
  ): Promise<JobOutcome> {
    const { jobId } = step.job;
    const { process } = this.plan;
    if ('prepare' in step) await this.prepare(step.prepare);
    this.show(stage, { jobId, state: 'running' });
    const job = await this.patience.outlast(() =>
      long.runJob.executeWithOptions(saying(jobId), [step, process, circumstances]),
    );
    this.ended.push(jobId);
    this.last = resultOf(job);
    this.show(stage, { jobId, state: job.error ? 'failed' : 'succeeded', rows: job.rows });
    return job;
  }

  /** Actions in order, each with what follows it; the first failure ends them. */
  private async steps(steps: readonly Step[], from: Circumstances): Promise<void> {
    let circumstances = from;
    for (const step of steps) {
      if (step.when && !(await this.holds(step.when))) continue;
      try {
        circumstances = behind(circumstances, await this.act(step, circumstances));
      } catch (error) {
        if (!isCancellation(error)) await this.answer(error, step.onFailure, circumstances);
        throw error;
      }
      await this.steps(step.onSuccess, circumstances);
    }
  }

  private async holds({ exists }: StepCondition): Promise<boolean> {
    if (!exists) return false;
    const what = saying(`${exists.datasetId}.${exists.tableId}`);
    return this.patience.outlast(() => quick.tableExists.executeWithOptions(what, [exists]));
  }

  private async act(step: Step, circumstances: Circumstances): Promise<ActionResult> {
    if (step.kind === 'action') return this.action(step, circumstances);
    const job = await this.runJob(step, 'acting', circumstances);
    if (job.error) throw this.failed(job, 'ActionFailed');
    return resultOf(job);
  }

  private async action(step: ActionStep, circumstances: Circumstances): Promise<ActionResult> {
    const activity = actionActivities[step.action];
    if (!activity)
      throw ApplicationFailure.nonRetryable(`the action ${step.action} is not supported yet`, 'RuleInvalid');
    await this.prepare(step.prepare);
    const what = saying(step.files ? `${step.action} ${step.files.count} files` : step.action);
    const call = { step, process: this.plan.process, circumstances };
    const once = () => activity.call.executeWithOptions({ ...activity.options, ...what }, [call]);
    return activity.exhausted === 'park' ? this.patience.outlast(once) : once();
  }

  private failed(job: JobOutcome, type: FailureType): ApplicationFailure {
    this.job = job;
    return ApplicationFailure.nonRetryable(job.error?.message ?? `${job.jobId} failed`, type);
  }

  private response(error?: unknown): JsonObject {
    const { plan, batch, job } = this;
    return responseOf({
      plan,
      files: batch.files,
      ...(job ? { job } : {}),
      ...(error === undefined ? {} : { error: describe(error) }),
    });
  }

  /** Carries out what follows a failure; a failure of its own is only added to the message. */
  private async answer(error: unknown, steps: readonly Step[], before: Circumstances): Promise<void> {
    try {
      await this.steps(steps, { ...before, error: describe(error).message, response: this.response(error) });
    } catch (second) {
      if (isCancellation(second)) throw second;
      this.further.push(describe(second).message);
    }
  }

  /** Every step is tried, whatever becomes of the others. */
  private async cleanUp(): Promise<void> {
    for (const step of this.plan.cleanup) {
      try {
        await this.steps([step], {});
      } catch (error) {
        if (this.failure) this.further.push(describe(error).message);
        else this.failure = describe(error);
      }
    }
  }
}

function resultOf({ jobId, results }: JobOutcome): ActionResult {
  return { jobId, ...(results ? { results } : {}) };
}
