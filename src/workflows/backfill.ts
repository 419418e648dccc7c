import { long, withSummary } from './activityCalls';
import type { BackfillReport, BackfillRequest } from './contract';

/** One backfill, as a Schedule runs it. What it began goes on at its next start, so an outage only ends it. */
export async function backfill(request: BackfillRequest): Promise<BackfillReport> {
  const what = withSummary(`files of ${request.rules?.join(', ') ?? 'all rules'} that the ledger does not know`);
  return long.backfill.executeWithOptions(what, [request]);
}
