import { longActivities, withSummary } from './activityCalls';
import type { BackfillReport, BackfillRequest } from './contract';

/** One backfill, started by a Schedule. An outage ends it with a failure; its next start continues what it began. */
export async function backfill(request: BackfillRequest): Promise<BackfillReport> {
  const summary = withSummary(`files of ${request.rules?.join(', ') ?? 'all rules'} that are not in the ledger`);
  return longActivities.backfill.executeWithOptions(summary, [request]);
}
