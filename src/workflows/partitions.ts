import type { JobOutcome } from '../plan/job';
import { PARTITIONS_PER_PAGE } from '../plan/partitionCopies';
import type { ActionCall, ActionResult } from '../plan/stepContext';
import type { JobStep } from '../plan/steps';
import { long, withSummary } from './activityCalls';
import type { OutageRetry } from './outageRetry';

/** Copies of one step that run side by side. */
const COPIES_AT_ONCE = 8;

/** Who runs the copies. */
export interface PartitionCopier {
  readonly patience: OutageRetry;
  readonly runJob: (step: JobStep) => Promise<JobOutcome>;
  readonly failed: (job: JobOutcome) => Error;
}

/**
 * A copy partition by partition, once the job that lists them has run: a job each, some at a time, until all are done (spec 2,
 * section 7, no. 7). A failure ends it when those beside it are over; what was copied is adopted when the step is run again.
 */
export async function copyPartitions(call: ActionCall, copier: PartitionCopier): Promise<ActionResult> {
  for (let from = 0; ; from += PARTITIONS_PER_PAGE) {
    const what = withSummary(`partitions from ${from}`);
    const page = await copier.patience.retryUntilUp(() => long.planPartitions.executeWithOptions(what, [call, from]));
    for (let start = 0; start < page.length; start += COPIES_AT_ONCE) {
      const copies = await Promise.allSettled(page.slice(start, start + COPIES_AT_ONCE).map(copier.runJob));
      for (const copy of copies) {
        if (copy.status === 'rejected') throw copy.reason;
        if (copy.value.error) throw copier.failed(copy.value);
      }
    }
    if (page.length < PARTITIONS_PER_PAGE) return {};
  }
}
