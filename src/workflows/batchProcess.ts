import { isCancellation, workflowInfo } from '@temporalio/workflow';
import type { SealedBatch } from '../plan/batch';
import type { Plan } from '../plan/plan';
import type { RejectedCounts } from '../plan/recovery/rejected';
import { responseOf } from '../plan/replayed/response';
import type { SealInput } from '../plan/sealInput';
import type { JoinedGroup } from '../windows/group';
import type { WindowIdentity } from '../windows/windowIdentity';
import { quick, withSummary } from './activityCalls';
import type { JobStatus, ProcessStatus, Stage } from './contract';
import { CANCELLED, describe } from './failure';
import type { Gathered } from './gathering';
import type { OutageRetry } from './outageRetry';
import { PlanExecutor, type PlanOutcome } from './planExecutor';
import { StepExecutor } from './stepExecutor';

const LONGEST_SUMMARY = 200;
const ENDED: readonly Stage[] = ['done', 'failed', 'abandoned', 'cancelled'];

/** What one process loads. */
export interface ProcessInput extends Gathered {
  readonly dest: string;
  /** Absent for a single file. */
  readonly window?: WindowIdentity;
  /** The batch closed before its window was due. */
  readonly beforeDue?: boolean;
  readonly group?: JoinedGroup;
}

/** How a process ended; without `batch` there was nothing left to load. */
export interface ProcessOutcome extends Partial<PlanOutcome> {
  readonly batch?: SealedBatch;
  /** What was to be sealed, when that failed. */
  readonly unsealed?: SealInput;
  readonly plan?: Plan;
}

/** One load, from its files to its last action: seal, plan, carry out. Closing is left to the window, for all at once. */
export class BatchProcess {
  private stage: Stage = 'sealing';
  private files: number;
  private rejected: RejectedCounts | undefined;
  private readonly jobs = new Map<string, JobStatus>();

  constructor(
    private readonly input: ProcessInput,
    private readonly onChange: () => void,
    private readonly patience: OutageRetry,
  ) {
    this.files = input.spilled.reduce((sum, stash) => sum + stash.files, input.files.length);
  }

  status(): ProcessStatus {
    const { ruleId, owner } = this.input;
    return {
      ruleId,
      eventId: owner.eventId,
      stage: this.stage,
      files: this.files,
      jobs: [...this.jobs.values()],
      ...(this.rejected ? { rejected: this.rejected } : {}),
    };
  }

  /** Never throws: what went wrong for good, cancellation too, is part of the outcome. */
  async run(): Promise<ProcessOutcome> {
    let outcome: ProcessOutcome = {};
    try {
      outcome = { ...outcome, ...(await this.seal()) };
      if (!outcome.batch) return this.end('done', outcome);
      const { batch } = outcome;
      const plan = await this.plan(batch);
      outcome = { ...outcome, plan };
      outcome = { ...outcome, ...(await this.carryOut(batch, plan)) };
      return this.end(outcome.error ? 'failed' : 'closing', outcome);
    } catch (error) {
      const { batch, plan } = outcome;
      const answered = batch && !plan && !isCancellation(error) ? await this.answerUnplanned(batch, error) : {};
      const unsealed = batch ? {} : { unsealed: this.sealing() };
      return this.end('failed', { ...outcome, ...unsealed, error: describe(error), ...answered });
    }
  }

  /** Whether nothing of it is under way any more. */
  get ended(): boolean {
    return ENDED.includes(this.stage);
  }

  /** To be called when journal and window files are closed. */
  closed(): void {
    if (this.stage === 'closing') this.enter('done');
  }

  private async seal(): Promise<Pick<ProcessOutcome, 'batch'>> {
    const batch = await this.patience.retryUntilUp(() =>
      quick.sealBatch.executeWithOptions(withSummary(`${this.files} files announced → ${this.input.dest}`), [
        this.sealing(),
      ]),
    );
    this.files = batch?.files.count ?? 0;
    return batch ? { batch } : {};
  }

  private sealing(): SealInput {
    const { workflowId, startTime } = workflowInfo();
    return { ...this.input, workflowId, startedMs: startTime.getTime() };
  }

  private async plan(batch: SealedBatch): Promise<Plan> {
    this.enter('planning');
    return this.patience.retryUntilUp(() =>
      quick.planLoad.executeWithOptions(withSummary(`${this.files} files → ${batch.process.dest}`), [
        batch,
        this.input.window,
      ]),
    );
  }

  private async carryOut(batch: SealedBatch, plan: Plan): Promise<PlanOutcome> {
    const window = this.input.window?.id;
    const run = new PlanExecutor(batch, plan, window, this.patience, (stage, job) => this.enter(stage, job));
    const outcome = await run.run();
    if (Object.values(outcome.rejected ?? {}).some((count) => count > 0)) this.rejected = outcome.rejected;
    return outcome;
  }

  /** The rule's OnFailure for a batch that could not be planned. */
  private async answerUnplanned(batch: SealedBatch, error: unknown): Promise<PlanOutcome> {
    const { files, process } = batch;
    const failure = describe(error);
    const response = () => responseOf({ plan: { process, load: [] }, files, error: failure });
    const show = () => this.enter('acting');
    const stepRun = new StepExecutor({ process, patience: this.patience, show, response });
    try {
      const what = withSummary(failure.message.slice(0, LONGEST_SUMMARY));
      const call = () => quick.planOnFailure.executeWithOptions(what, [batch, this.input.window?.id]);
      const { onFailure } = await this.patience.retryUntilUp(call);
      // Nothing was submitted for it, so its files are free for another batch.
      if (!batch.resumed) await this.retire(batch);
      await stepRun.answer(error, onFailure, {});
    } catch (second) {
      stepRun.further.push(describe(second).message);
    }
    const further = stepRun.further.filter((message) => message !== failure.message);
    const message = [failure.message, ...further].join('; then: ');
    return { ended: stepRun.ended, error: { ...failure, message } };
  }

  private retire(batch: SealedBatch): Promise<void> {
    return this.patience.retryUntilUp(() =>
      quick.settleBatch.executeWithOptions(withSummary('retired'), [batch, 'retired', [], 0]),
    );
  }

  private end(stage: Stage, outcome: ProcessOutcome): ProcessOutcome {
    this.enter(stageOf(outcome) ?? stage);
    return outcome;
  }

  private enter(stage: Stage, job?: JobStatus): void {
    this.stage = stage;
    if (job) this.jobs.set(job.jobId, job);
    this.onChange();
  }
}

/** An operator's end, which no failure was. */
function stageOf({ error }: ProcessOutcome): Stage | undefined {
  if (error?.type === CANCELLED) return 'cancelled';
  return error?.type === 'Abandoned' ? 'abandoned' : undefined;
}
