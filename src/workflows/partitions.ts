import type { ApplicationFailure } from '@temporalio/workflow';
import type { FailureType } from '../failures';
import type { JobOutcome } from '../plan/job';
import { PARTITIONS_PER_PAGE } from '../plan/replayed/partitionPages';
import type { ActionCall, ActionResult, StepContext } from '../plan/stepContext';
import type { JobStep } from '../plan/steps';
import { longActivities, withSummary } from './activityCalls';
import type { RunContext } from './runContext';

/** Runs the copy jobs; see `StepExecutor`. */
export interface JobRunner {
  readonly context: RunContext;
  runJob(step: JobStep, stage: 'acting', before: StepContext): Promise<JobOutcome>;
  failureOf(job: JobOutcome, type: FailureType): ApplicationFailure;
}

/** Copies of one step that run side by side. */
const COPIES_AT_ONCE = 8;

/**
 * Copies a table partition by partition, after the job that lists the partitions: one copy job per partition, some side by
 * side. A failure ends the step when the jobs beside it have ended. When the step runs again, it adopts the finished copies.
 *
 * @throws ApplicationFailure `ActionFailed` when a copy fails.
 */
export async function copyPartitions(call: ActionCall, steps: JobRunner): Promise<ActionResult> {
  const { retry } = steps.context;
  for (let from = 0; ; from += PARTITIONS_PER_PAGE) {
    const page = await retry.retryUntilUp(() =>
      longActivities.planPartitions.executeWithOptions(withSummary(`partitions from ${from}`), [call, from]),
    );
    for (let start = 0; start < page.length; start += COPIES_AT_ONCE) {
      const jobs = page.slice(start, start + COPIES_AT_ONCE);
      const copies = await Promise.allSettled(jobs.map((job) => steps.runJob(job, 'acting', call.context)));
      for (const copy of copies) {
        if (copy.status === 'rejected') throw copy.reason;
        if (copy.value.error) throw steps.failureOf(copy.value, 'ActionFailed');
      }
    }
    if (page.length < PARTITIONS_PER_PAGE) return {};
  }
}
