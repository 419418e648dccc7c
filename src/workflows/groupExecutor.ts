import { isCancellation, workflowInfo } from '@temporalio/workflow';
import type { PlannedGroup } from '../plan/planGroup';
import { responseOf } from '../plan/replayed/response';
import { quick, withSummary } from './activityCalls';
import type { JobStatus, ProcessStatus } from './contract';
import { describe, type Failure } from './failure';
import type { WindowGroupInput } from './groupContract';
import type { OutageRetry } from './outageRetry';
import { StepExecutor } from './stepExecutor';

/** What the actions of a group have come to. */
export interface GroupOutcome {
  /** IDs, as planned, of the jobs that ran to their end. */
  readonly jobIds: readonly string[];
  readonly error?: Failure;
}

/** The OnDone actions of a group, those of each rule in turn, and the closing of its journal. */
export class GroupExecutor {
  private readonly jobs = new Map<string, JobStatus>();
  private readonly ended: string[] = [];
  private ruleId = '';
  private stepsSoFar = 0;

  constructor(
    private readonly input: WindowGroupInput,
    private readonly patience: OutageRetry,
    private readonly onChange: () => void,
  ) {}

  status(): ProcessStatus[] {
    if (this.jobs.size === 0) return [];
    const { eventId } = this.input.owner;
    return [{ ruleId: this.ruleId, eventId, stage: 'acting', files: 0, jobs: [...this.jobs.values()] }];
  }

  /** Never throws but for cancellation. The first failure ends it. */
  async run(ruleIds: readonly string[]): Promise<GroupOutcome> {
    let error: Failure | undefined;
    try {
      for (const ruleId of ruleIds) await this.ofRule(ruleId);
    } catch (thrown) {
      if (isCancellation(thrown)) throw thrown;
      error = describe(thrown);
    }
    const { input, ended } = this;
    const outcome: GroupOutcome = { jobIds: ended, ...(error ? { error } : {}) };
    try {
      const close = withSummary('journal and group file');
      await this.patience.retryUntilUp(() => quick.closeGroup.executeWithOptions(close, [{ ...outcome, input }]));
    } catch (thrown) {
      if (isCancellation(thrown) || !error) throw thrown;
    }
    return outcome;
  }

  private async ofRule(ruleId: string): Promise<void> {
    this.ruleId = ruleId;
    const { input, patience, stepsSoFar: steps } = this;
    const request = { input, ruleId, steps, startedMs: workflowInfo().startTime.getTime() };
    const plan = await patience.retryUntilUp(() =>
      quick.planGroupActions.executeWithOptions(withSummary(ruleId), [request]),
    );
    this.stepsSoFar = plan.stepCount;
    const actions = new StepExecutor({
      process: plan.process,
      patience,
      show: (_stage, job) => this.show(job),
      response: (error) => response(plan, error),
    });
    try {
      await actions.steps(plan.onDone, { response: response(plan) });
    } finally {
      this.ended.push(...actions.ended);
    }
  }

  private show(job: JobStatus | undefined): void {
    if (job) this.jobs.set(job.jobId, job);
    this.onChange();
  }
}

function response({ process }: PlannedGroup, error?: unknown) {
  const failure = error === undefined ? {} : { error: describe(error) };
  return responseOf({ plan: { process, load: [] }, files: { count: 0 }, ...failure });
}
