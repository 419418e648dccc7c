import { ActivityFailure, ApplicationFailure, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { WindowMarks } from '../activities/windowFiles';
import type { ActionStep, JobOutcome, Plan, SealedBatch } from '../plan/plan';
import { long, quick, saying } from './activityCalls';
import type { JobStatus, ProcessStatus, Stage } from './contract';
import type { Gathered } from './gathering';
import type { Patience } from './patience';

/** What one process loads. */
export interface ProcessInput extends Gathered {
  readonly dest: string;
  /** Absent for a single file. */
  readonly marks?: WindowMarks;
}

/** How a process ended; without `batch` there was nothing left to load. */
export interface ProcessOutcome {
  readonly batch?: SealedBatch;
  readonly plan?: Plan;
  readonly job?: JobOutcome;
  readonly error?: { readonly type: string; readonly message: string };
}

/** One load, from its files to its last action: seal, plan, load, act. Closing is left to the window, for all at once. */
export class LoadProcess {
  private stage: Stage = 'sealing';
  private files: number;
  private readonly jobs = new Map<string, JobStatus>();

  constructor(
    private readonly input: ProcessInput,
    private readonly onChange: () => void,
    private readonly patience: Patience,
  ) {
    this.files = input.stashes.reduce((sum, stash) => sum + stash.files, input.files.length);
  }

  status(): ProcessStatus {
    const { ruleId, owner } = this.input;
    return { ruleId, eventId: owner.eventId, stage: this.stage, files: this.files, jobs: [...this.jobs.values()] };
  }

  /** Never throws but for cancellation: what went wrong for good is part of the outcome. */
  async run(): Promise<ProcessOutcome> {
    let outcome: ProcessOutcome = {};
    try {
      outcome = { ...outcome, ...(await this.seal()) };
      if (!outcome.batch) return this.end('done', outcome);
      outcome = { ...outcome, plan: await this.plan(outcome.batch) };
      if (outcome.plan) outcome = { ...outcome, ...(await this.load(outcome.plan)) };
      return this.end(outcome.error ? 'failed' : 'closing', outcome);
    } catch (error) {
      if (isCancellation(error)) throw error;
      return this.end('failed', { ...outcome, error: describe(error) });
    }
  }

  /** Whether nothing of it is under way any more. */
  get ended(): boolean {
    return this.stage === 'done' || this.stage === 'failed';
  }

  /** To be called when journal and window files are closed. */
  closed(): void {
    if (this.stage === 'closing') this.enter('done');
  }

  private async seal(): Promise<Pick<ProcessOutcome, 'batch'>> {
    const { workflowId, startTime } = workflowInfo();
    const { dest } = this.input;
    const seal = { ...this.input, workflowId, startedMs: startTime.getTime() };
    const batch = await this.patience.outlast(() =>
      quick.sealBatch.executeWithOptions(saying(`${this.files} files announced → ${dest}`), [seal]),
    );
    this.files = batch?.files.count ?? 0;
    return batch ? { batch } : {};
  }

  private async plan(batch: SealedBatch): Promise<Plan> {
    this.enter('planning');
    return this.patience.outlast(() =>
      quick.planLoad.executeWithOptions(saying(`${this.files} files → ${batch.process.dest}`), [
        batch,
        this.input.marks?.window,
      ]),
    );
  }

  private async load(plan: Plan): Promise<Pick<ProcessOutcome, 'job' | 'error'>> {
    const { jobId } = plan.load.job;
    this.enter('loading', { jobId, state: 'running' });
    const job = await this.patience.outlast(() =>
      long.runJob.executeWithOptions(saying(jobId), [plan.load, plan.process]),
    );
    const state = job.error ? 'failed' : 'succeeded';
    this.enter('acting', { jobId, state, rows: job.rows });
    await this.act(job.error ? plan.onFailure : plan.onSuccess);
    return { job, ...(job.error ? { error: { type: 'LoadFailed', message: job.error.message } } : {}) };
  }

  private async act(steps: readonly ActionStep[]): Promise<void> {
    for (const step of steps) {
      const what = step.files ? `${step.action} ${step.files.count} files` : step.action;
      await this.patience.outlast(() => long.deleteFiles.executeWithOptions(saying(what), [step]));
    }
  }

  private end(stage: Stage, outcome: ProcessOutcome): ProcessOutcome {
    this.enter(stage);
    return outcome;
  }

  private enter(stage: Stage, job?: JobStatus): void {
    this.stage = stage;
    if (job) this.jobs.set(job.jobId, job);
    this.onChange();
  }
}

function describe(error: unknown): { type: string; message: string } {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  const type = cause instanceof ApplicationFailure ? (cause.type ?? 'ActionFailed') : 'ActionFailed';
  return { type, message: cause instanceof Error ? cause.message : String(cause) };
}
