import { CancellationScope, isCancellation, workflowInfo } from '@temporalio/workflow';
import { newFailure } from '../failures';
import type { SealedBatch } from '../plan/batch';
import type { JobOutcome } from '../plan/job';
import type { Plan } from '../plan/plan';
import { aboutLoaded } from '../plan/replayed/recoverySteps';
import type { SealInput } from '../plan/sealInput';
import type { Step } from '../plan/steps';
import type { JoinedGroup } from '../windows/group';
import type { WindowIdentity } from '../windows/windowIdentity';
import { shortActivities, withSummary } from './activityCalls';
import type { BatchOutcome } from './batchOutcome';
import type { Stage } from './contract';
import { CANCELLED, type Failure, failureFrom } from './failure';
import type { Gathered } from './gathering';
import type { ProcessState } from './processState';
import { type LoadedRows, RowLoader } from './rowLoader';
import type { RunContext } from './runContext';
import { StepExecutor } from './stepExecutor';

/** The batch that is loaded. */
export interface BatchLoadInput extends Gathered {
  readonly dest: string;
  /** Absent for a single file. */
  readonly window?: WindowIdentity;
  /** The batch closed before its window was due. */
  readonly beforeDue?: boolean;
  readonly group?: JoinedGroup;
}

/** One batch, from its files to its last action. The window closes the journal, for all its batches together. */
export class BatchLoad {
  private batch: SealedBatch | undefined;
  private plan: Plan | undefined;
  private steps: StepExecutor | undefined;

  constructor(
    private readonly input: BatchLoadInput,
    private readonly state: ProcessState,
    private readonly context: RunContext,
  ) {}

  /** Never throws: a failure, or cancellation, is part of the outcome. */
  async run(): Promise<BatchOutcome> {
    try {
      const batch = await this.seal();
      if (!batch) return this.end('done');
      const plan = await this.makePlan(batch);
      const steps = this.executor(batch, plan);
      const { job, files } = await this.loadRows(batch, plan, steps);
      if (job) await this.runOnSuccess(aboutLoaded(plan.onSuccess, files), steps, job);
      else this.checkRejected(batch);
    } catch (error) {
      this.state.failure = failureFrom(error);
      if (this.batch && !isCancellation(error)) await this.runOnFailure(this.batch, error);
    }
    await CancellationScope.nonCancellable(() => this.cleanUp());
    return this.end(stageAfter(this.state.failure));
  }

  private async seal(): Promise<SealedBatch | undefined> {
    const { state, context } = this;
    const summary = withSummary(`${state.files} files announced → ${this.input.dest}`);
    const seal = () => shortActivities.sealBatch.executeWithOptions(summary, [this.sealInput()]);
    this.batch = (await context.retry.retryUntilUp(seal)) ?? undefined;
    state.process = this.batch?.process;
    state.files = this.batch?.files.count ?? 0;
    return this.batch;
  }

  private async makePlan(batch: SealedBatch): Promise<Plan> {
    this.enter('planning');
    const summary = withSummary(`${batch.files.count} files → ${batch.process.dest}`);
    const makePlan = () => shortActivities.planLoad.executeWithOptions(summary, [batch, this.input.window]);
    this.plan = await this.context.retry.retryUntilUp(makePlan);
    this.state.process = this.plan.process;
    this.state.load = this.plan.load;
    return this.plan;
  }

  private executor(batch: SealedBatch, plan: Plan): StepExecutor {
    const records = { ledgerEntry: batch.files.entry, keys: plan.stepKeys ?? {} };
    this.steps = new StepExecutor(this.context, this.state, plan.process, records);
    return this.steps;
  }

  /** Loads the rows, unless an earlier run has loaded them. */
  private async loadRows(batch: SealedBatch, plan: Plan, steps: StepExecutor): Promise<LoadedRows> {
    const rows =
      batch.loaded && !readsTempTable(plan)
        ? { job: batch.loaded, files: batch.files }
        : await new RowLoader(batch, plan, this.input.window?.id, steps).run();
    this.state.loadJob = rows.job;
    this.state.loaded = rows.files;
    return rows;
  }

  private async runOnSuccess(onSuccess: readonly Step[], steps: StepExecutor, job: JobOutcome): Promise<void> {
    this.enter('acting');
    steps.lastResult = { jobId: job.jobId, ...steps.lastResult };
    await steps.runSteps(onSuccess, { ...steps.lastResult, response: this.state.response() });
  }

  /** A batch whose files are all missing ends well. A batch without any good file fails. */
  private checkRejected({ files }: SealedBatch): void {
    const { corrupted, invalidSchema } = this.state.rejected;
    if (corrupted + invalidSchema === 0) return;
    const message = `none of ${files.count} files could be loaded: ${corrupted} corrupted, ${invalidSchema} of another schema`;
    throw newFailure('NoGoodFiles', message);
  }

  /** Runs OnFailure of the plan, or of the rule when the batch could not be planned. */
  private async runOnFailure(batch: SealedBatch, error: unknown): Promise<void> {
    this.enter('acting');
    const steps = this.steps ?? new StepExecutor(this.context, this.state, batch.process);
    try {
      const onFailure = this.plan?.onFailure ?? (await this.planOnFailure(batch, failureFrom(error)));
      await steps.runOnFailure(onFailure, error, steps.lastResult);
    } catch (second) {
      this.state.laterErrors.push(failureFrom(second).message);
    }
  }

  private async planOnFailure(batch: SealedBatch, { message }: Failure): Promise<readonly Step[]> {
    const { retry } = this.context;
    const { onFailure } = await retry.retryUntilUp(() =>
      shortActivities.planOnFailure.executeWithOptions(withSummary(message), [batch, this.input.window?.id]),
    );
    // Without a plan no job was submitted, so another batch may take the files.
    const retire = () =>
      shortActivities.settleBatch.executeWithOptions(withSummary('retired'), [batch, 'retired', [], 0]);
    if (!batch.resumed) await retry.retryUntilUp(retire);
    return onFailure;
  }

  /** Tries every step, even when others fail. */
  private async cleanUp(): Promise<void> {
    for (const step of this.plan?.cleanup ?? []) {
      try {
        await this.steps?.runSteps([step], {});
      } catch (error) {
        if (this.state.failure) this.state.laterErrors.push(failureFrom(error).message);
        else this.state.failure = failureFrom(error);
      }
    }
  }

  private sealInput(): SealInput {
    const { workflowId, startTime } = workflowInfo();
    return { ...this.input, workflowId, startedMs: startTime.getTime() };
  }

  private end(stage: Stage): BatchOutcome {
    this.enter(stage);
    const { batch, plan, state } = this;
    const { job, error, endedJobIds, rejected, loaded } = state;
    const unsealed = error && !batch ? this.sealInput() : undefined;
    return { batch, unsealed, plan, job, endedJobIds, error, rejected, loaded };
  }

  private enter(stage: Stage): void {
    this.state.enter(stage);
    this.context.show();
  }
}

function stageAfter(failure: Failure | undefined): Stage {
  if (!failure) return 'closing';
  if (failure.type === CANCELLED) return 'cancelled';
  return failure.type === 'Abandoned' ? 'abandoned' : 'failed';
}

/** Whether OnSuccess reads the temporary table. The earlier run has dropped it, so the rows must be loaded again. */
function readsTempTable({ tempTable, onSuccess }: Plan): boolean {
  const [, name] = /([^.`]+)`$/.exec(tempTable ?? '') ?? [];
  return name !== undefined && JSON.stringify(onSuccess).includes(name);
}
