import { type ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import { type FailureType, newFailure } from '../failures';
import type { JobOutcome, PlannedJob } from '../plan/job';
import { afterStep, resultsOfJob } from '../plan/replayed/stepResults';
import type { ActionResult, StepContext } from '../plan/stepContext';
import type { ActionStep, JobStep, LoadStep, PrepareStep, Step, StepCondition } from '../plan/steps';
import type { JsonObject } from '../rules/types';
import type { Process } from '../windows/process';
import { actionActivities } from './actionCalls';
import { long, quick, withSummary } from './activityCalls';
import type { JobStatus } from './contract';
import { describe } from './failure';
import { attemptsOf, describeJob } from './jobStatus';
import type { OutageRetry } from './outageRetry';
import { copyPartitions } from './partitions';

/** Whose steps they are, and who wants to know of them. */
export interface StepOwner {
  readonly process: Process;
  readonly patience: OutageRetry;
  readonly show: (stage: 'loading' | 'acting', job?: JobStatus) => void;
  /** Where the journal remembers the steps that must not be repeated, and their keys by step. */
  readonly records?: { readonly ledgerEntry: string; readonly keys: Readonly<Record<number, string>> };
  /** `$Response`: how the process stands, or how it failed. */
  readonly response: (error?: unknown) => JsonObject;
}

/** Carries out planned steps: those of a load, or of a group of windows. */
export class StepExecutor {
  /** IDs, as planned, of the jobs that ran to their end. */
  readonly ended: string[] = [];
  /** What went wrong after the failure that counts. */
  readonly further: string[] = [];
  /** What the last job has left. */
  last: ActionResult = {};
  /** The job that failed; until then what the owner puts here. */
  job: JobOutcome | undefined;

  constructor(private readonly owner: StepOwner) {}

  /** Makes or changes the tables that steps need. */
  async prepare(steps: readonly PrepareStep[] = []): Promise<void> {
    if (steps.length === 0) return;
    const what = withSummary([...new Set(steps.map(({ kind }) => kind))].join(', '));
    await this.owner.patience.retryUntilUp(() => quick.prepareTables.executeWithOptions(what, [steps]));
  }

  /** Runs a job to its end, which may be a failure. */
  async runJob(step: LoadStep | JobStep, stage: 'loading' | 'acting', context: StepContext = {}): Promise<JobOutcome> {
    const { jobId } = step.job;
    const { process } = this.owner;
    if ('prepare' in step) await this.prepare(step.prepare);
    const told = { jobId, ...describeJob(step, stage) };
    this.owner.show(stage, { ...told, state: 'running' });
    const run = () => long.runJob.executeWithOptions(withSummary(jobId), [step, process, context]);
    const job = await this.owner.patience.retryUntilUp(run).catch(async (error: unknown) => {
      if (isCancellation(error)) await this.stop(step);
      throw error;
    });
    this.ended.push(jobId);
    this.last = resultOf(job);
    const state = job.error ? 'failed' : 'succeeded';
    this.owner.show(stage, { ...told, ...attemptsOf(job, jobId), state, rows: job.rows });
    return job;
  }

  private stop(step: LoadStep | JobStep): Promise<void> {
    const { process, patience } = this.owner;
    const stop = () => quick.stopJob.executeWithOptions(withSummary(`stop ${step.job.jobId}`), [step, process]);
    return CancellationScope.nonCancellable(() => patience.retryUntilUp(stop));
  }

  /** Actions in order, each with what follows it; the first failure ends them. */
  async steps(steps: readonly Step[], from: StepContext): Promise<void> {
    let context = from;
    for (const step of steps) {
      if (step.when && !(await this.holds(step.when))) continue;
      try {
        context = afterStep(context, await this.act(step, context));
      } catch (error) {
        if (!isCancellation(error)) await this.answer(error, step.onFailure, context);
        throw error;
      }
      await this.steps(step.onSuccess, context);
    }
  }

  /** The failure of a job, which is `job` from now on. */
  failed(job: JobOutcome, type: FailureType): ApplicationFailure {
    this.job = job;
    return newFailure(type, job.error?.message ?? `${job.jobId} failed`);
  }

  /** Carries out what follows a failure; a failure of its own is only added to the message. */
  async answer(error: unknown, steps: readonly Step[], before: StepContext): Promise<void> {
    try {
      await this.steps(steps, { ...before, error: describe(error).message, response: this.owner.response(error) });
    } catch (second) {
      if (isCancellation(second)) throw second;
      this.further.push(describe(second).message);
    }
  }

  private async holds({ exists }: StepCondition): Promise<boolean> {
    if (!exists) return false;
    const what = withSummary(`${exists.datasetId}.${exists.tableId}`);
    return this.owner.patience.retryUntilUp(() => quick.tableExists.executeWithOptions(what, [exists]));
  }

  private async act(step: Step, context: StepContext): Promise<ActionResult> {
    if (step.kind === 'action') return this.action(step, context);
    const job = await this.runJob(step, 'acting', context);
    if (job.error) throw this.failed(job, 'ActionFailed');
    return resultOf(job);
  }

  private async action(step: ActionStep, before: StepContext): Promise<ActionResult> {
    const { process, patience, records } = this.owner;
    await this.prepare(step.prepare);
    const listed = step.job ? await this.rowsOf(step, step.job, before) : {};
    const context = afterStep(before, listed);
    const key = records?.keys[step.step];
    const record = records && key !== undefined ? { ledgerEntry: records.ledgerEntry, key } : undefined;
    const call = { step, process, context, ...(record ? { record } : {}) };
    if (step.action === 'copyPartitions') {
      const runJob = (copy: JobStep) => this.runJob(copy, 'acting', context);
      return copyPartitions(call, { patience, runJob, failed: (job) => this.failed(job, 'ActionFailed') });
    }
    const activity = actionActivities[step.action];
    const what = withSummary(step.files ? `${step.action} ${step.files.count} files` : step.action);
    const once = () => activity.call.executeWithOptions({ ...activity.options, ...what }, [call]);
    return { ...listed, ...(await (activity.exhausted === 'park' ? patience.retryUntilUp(once) : once())) };
  }

  /** Runs the query whose rows an action works on. */
  private rowsOf(step: ActionStep, job: PlannedJob, context: StepContext): Promise<ActionResult> {
    const { step: number, files } = step;
    const query = { kind: 'job', action: 'query', step: number, job, onSuccess: [], onFailure: [] } as const;
    return this.act({ ...query, ...(files ? { files } : {}) }, context);
  }
}

function resultOf({ jobId, resource }: JobOutcome): ActionResult {
  return { jobId, ...(resource ? { results: resultsOfJob(resource) } : {}) };
}
