import { type ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import { type FailureType, newFailure } from '../failures';
import type { JobOutcome, PlannedJob } from '../plan/job';
import { afterStep, resultsOfJob } from '../plan/replayed/stepResults';
import type { ActionCall, ActionResult, StepContext } from '../plan/stepContext';
import type { ActionStep, JobStep, LoadStep, PrepareStep, Step, StepCondition } from '../plan/steps';
import type { Process } from '../windows/process';
import { actionActivities } from './actionCalls';
import { longActivities, shortActivities, withSummary } from './activityCalls';
import { failureFrom } from './failure';
import { attemptsOf, describeJob } from './jobStatus';
import { copyPartitions } from './partitions';
import type { ProcessState } from './processState';
import type { RunContext } from './runContext';

/** Where the ledger keeps the results of steps that must not run twice. */
export interface StepRecords {
  readonly ledgerEntry: string;
  /** Key of each such step, by its number. */
  readonly keys: Readonly<Record<number, string>>;
}

/** Runs planned steps: those of a load, or of a group of windows. */
export class StepExecutor {
  /** Results of the last job: variables of the steps after the load. */
  lastResult: ActionResult = {};

  constructor(
    readonly context: RunContext,
    readonly state: ProcessState,
    private readonly process: Process,
    private readonly records?: StepRecords,
  ) {}

  /** Creates or changes the tables that steps need. */
  async prepare(steps: readonly PrepareStep[] = []): Promise<void> {
    if (steps.length === 0) return;
    const summary = withSummary([...new Set(steps.map(({ kind }) => kind))].join(', '));
    await this.context.retry.retryUntilUp(() => shortActivities.prepareTables.executeWithOptions(summary, [steps]));
  }

  /** Runs a job to its end. A job that BigQuery ends with an error is a result too: see `error`. */
  async runJob(step: LoadStep | JobStep, stage: 'loading' | 'acting', before: StepContext = {}): Promise<JobOutcome> {
    const { process, state, context } = this;
    const { jobId } = step.job;
    if ('prepare' in step) await this.prepare(step.prepare);
    const shown = { jobId, ...describeJob(step, stage) };
    state.enter(stage, { ...shown, state: 'running' });
    context.show();
    const run = (firstAttempt: number) =>
      longActivities.runJob.executeWithOptions(withSummary(jobId), [step, process, before, firstAttempt]);
    const job = await context.retry.retryUntilUp(run).catch(async (error: unknown) => {
      if (isCancellation(error)) await this.stop(step);
      throw error;
    });
    state.endedJobIds.push(jobId);
    this.lastResult = resultOf(job);
    const attempts = attemptsOf(job, jobId);
    state.enter(stage, { ...shown, attempts, state: job.error ? 'failed' : 'succeeded', rows: job.rows });
    context.show();
    return job;
  }

  private stop(step: LoadStep | JobStep): Promise<void> {
    const summary = withSummary(`stop ${step.job.jobId}`);
    const stop = () => shortActivities.stopJob.executeWithOptions(summary, [step, this.process]);
    return CancellationScope.nonCancellable(() => this.context.retry.retryUntilUp(stop));
  }

  /**
   * Runs steps in order, each followed by its OnSuccess or OnFailure. The first failure ends them.
   *
   * @throws the failure of the first step that failed.
   */
  async runSteps(steps: readonly Step[], variables: StepContext): Promise<void> {
    let current = variables;
    for (const step of steps) {
      if (step.when && !(await this.holds(step.when))) continue;
      try {
        current = afterStep(current, await this.runStep(step, current));
      } catch (error) {
        if (!isCancellation(error)) await this.runOnFailure(step.onFailure, error, current);
        throw error;
      }
      await this.runSteps(step.onSuccess, current);
    }
  }

  /** Runs the steps that follow a failure. When one of them fails, the state keeps its message. */
  async runOnFailure(steps: readonly Step[], error: unknown, variables: StepContext): Promise<void> {
    const failure = failureFrom(error);
    try {
      const response = this.state.response(failure);
      await this.runSteps(steps, { ...variables, error: failure.message, response });
    } catch (second) {
      if (isCancellation(second)) throw second;
      this.state.laterErrors.push(failureFrom(second).message);
    }
  }

  /** The failure of a job, which the journal names from now on. */
  failureOf(job: JobOutcome, type: FailureType): ApplicationFailure {
    this.state.failedJob = job;
    return newFailure(type, job.error?.message ?? `${job.jobId} failed`);
  }

  private async holds({ exists }: StepCondition): Promise<boolean> {
    if (!exists) return false;
    const summary = withSummary(`${exists.datasetId}.${exists.tableId}`);
    return this.context.retry.retryUntilUp(() => shortActivities.tableExists.executeWithOptions(summary, [exists]));
  }

  private async runStep(step: Step, variables: StepContext): Promise<ActionResult> {
    if (step.kind === 'action') return this.runAction(step, variables);
    const job = await this.runJob(step, 'acting', variables);
    if (job.error) throw this.failureOf(job, 'ActionFailed');
    return resultOf(job);
  }

  private async runAction(step: ActionStep, variables: StepContext): Promise<ActionResult> {
    const { process, records } = this;
    await this.prepare(step.prepare);
    const listed = step.job ? await this.runQuery(step, step.job, variables) : {};
    const key = records?.keys[step.step];
    const record = records && key !== undefined ? { ledgerEntry: records.ledgerEntry, key } : undefined;
    const call: ActionCall = { step, process, context: afterStep(variables, listed), record };
    if (step.action === 'copyPartitions') return copyPartitions(call, this);
    const activity = actionActivities[step.action];
    const summary = withSummary(step.files ? `${step.action} ${step.files.count} files` : step.action);
    const run = () => activity.call.executeWithOptions({ ...activity.options, ...summary }, [call]);
    const result = await (activity.exhausted === 'park' ? this.context.retry.retryUntilUp(run) : run());
    return { ...listed, ...result };
  }

  /** Runs the query whose rows an action works on. */
  private runQuery({ step, files }: ActionStep, job: PlannedJob, variables: StepContext): Promise<ActionResult> {
    const query = { kind: 'job', action: 'query', step, job, files, onSuccess: [], onFailure: [] } as const;
    return this.runStep(query, variables);
  }
}

function resultOf({ jobId, resource }: JobOutcome): ActionResult {
  return { jobId, results: resource && resultsOfJob(resource) };
}
