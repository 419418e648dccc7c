import {
  ActivityCancellationType,
  type ActivityInterfaceFor,
  type ActivityOptions,
  proxyActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/activities';
import type { BackfillActivities } from './contract';

type AllActivities = Activities & BackfillActivities;

/**
 * Each activity heartbeats by itself, so a killed worker is noticed within `heartbeatTimeout`. The attempts last about a
 * quarter of a minute; what outlasts them parks the run. What no retry can mend is thrown as non-retryable.
 */
const RETRIED: ActivityOptions = {
  heartbeatTimeout: '5s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumAttempts: 7 },
};

/** Activities that answer in seconds. */
export const quick: ActivityInterfaceFor<AllActivities> = proxyActivities<AllActivities>({
  ...RETRIED,
  startToCloseTimeout: '2m',
});

/** Activities that last as long as a BigQuery job or thousands of files do. */
export const long: ActivityInterfaceFor<AllActivities> = proxyActivities<AllActivities>({
  ...RETRIED,
  startToCloseTimeout: '1 day',
  // What is cleaned up behind one that still runs, it might write anew.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** One line for the Web UI on a call. */
export function withSummary(summary: string): ActivityOptions {
  return { summary };
}
