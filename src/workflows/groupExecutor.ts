import { isCancellation, workflowInfo } from '@temporalio/workflow';
import { shortActivities, withSummary } from './activityCalls';
import { type Failure, failureFrom } from './failure';
import type { GroupState } from './groupState';
import type { RunContext } from './runContext';
import { StepExecutor } from './stepExecutor';

/** Opens the journal of a group, runs its OnDone actions rule by rule, and closes the journal. */
export class GroupExecutor {
  private stepCount = 0;

  constructor(
    private readonly state: GroupState,
    private readonly context: RunContext,
  ) {}

  /** Writes the `.grp` file. */
  async open(): Promise<void> {
    const { input } = this.state;
    const summary = withSummary(`${input.group.id}.grp`);
    await this.context.retry.retryUntilUp(() => shortActivities.openGroup.executeWithOptions(summary, [input]));
  }

  /** Runs the actions until the first failure. Throws only when the run is cancelled, or the journal cannot be closed. */
  async run(): Promise<Failure | undefined> {
    let error: Failure | undefined;
    try {
      for (const ruleId of this.state.rules) await this.runRule(ruleId);
    } catch (thrown) {
      if (isCancellation(thrown)) throw thrown;
      error = failureFrom(thrown);
    }
    try {
      await this.close(error);
    } catch (thrown) {
      if (isCancellation(thrown) || !error) throw thrown;
    }
    return error;
  }

  private async runRule(ruleId: string): Promise<void> {
    const { state, context } = this;
    const startedMs = workflowInfo().startTime.getTime();
    const request = { input: state.input, ruleId, steps: this.stepCount, startedMs };
    const plan = await context.retry.retryUntilUp(() =>
      shortActivities.planGroupActions.executeWithOptions(withSummary(ruleId), [request]),
    );
    this.stepCount = plan.stepCount;
    const process = state.addProcess(ruleId);
    process.process = plan.process;
    const steps = new StepExecutor(context, process, plan.process);
    await steps.runSteps(plan.onDone, { response: process.response() });
  }

  private async close(error: Failure | undefined): Promise<void> {
    const { input, jobIds } = this.state;
    const closing = { input, jobIds, error };
    await this.context.retry.retryUntilUp(() =>
      shortActivities.closeGroup.executeWithOptions(withSummary('journal and group file'), [closing]),
    );
  }
}
