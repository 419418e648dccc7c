import {
  ActivityCancellationType,
  type ActivityInterfaceFor,
  type ActivityOptions,
  proxyActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/activities';
import type { BackfillActivities } from './contract';

type AllActivities = Activities & BackfillActivities;

/** Web UI and history show summaries up to this length. */
const MAX_SUMMARY_LENGTH = 200;

/**
 * Every activity heartbeats, so Temporal notices a killed worker within `heartbeatTimeout`. The attempts last about 15 s. After
 * that, the run parks (`OutageRetry`). An activity throws a non-retryable failure for an error that no retry can mend.
 */
const RETRIED: ActivityOptions = {
  heartbeatTimeout: '5s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumAttempts: 7 },
};

/** Activities that end within seconds. */
export const shortActivities: ActivityInterfaceFor<AllActivities> = proxyActivities<AllActivities>({
  ...RETRIED,
  startToCloseTimeout: '2m',
});

/** Activities that last as long as a BigQuery job, or as work on thousands of files. */
export const longActivities: ActivityInterfaceFor<AllActivities> = proxyActivities<AllActivities>({
  ...RETRIED,
  startToCloseTimeout: '1 day',
  // Wait for cancellation: an activity that still runs could recreate what clean-up deletes.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** One line that the Web UI shows on an activity. */
export function withSummary(summary: string): ActivityOptions {
  return { summary: summary.slice(0, MAX_SUMMARY_LENGTH) };
}
