import { newFailure } from '../../failures';
import { type LedgerState, ledgerMetadata, reloadKey } from '../../ledger/entry';
import type { ObjectChange } from '../../objects/objectStore';
import type { SealedBatch } from '../../plan/batch';
import type { ReloadTarget } from '../../plan/steps';
import type { Dependencies } from '../dependencies';

/** Notes in the ledger part what became of the batch's rows, once for all of its load jobs. */
export async function settleBatch(
  batch: SealedBatch,
  state: LedgerState,
  jobIds: readonly string[],
  rows: number,
  deps: Dependencies,
): Promise<void> {
  const [changed] = await deps.objects.change([settling(batch.files.part, state, jobIds, rows)]);
  if (changed?.error) throw newFailure('Unavailable', `ledger of ${batch.jobId}: ${changed.error.message}`);
}

/** The change of a ledger part that says what became of its files. */
export function settling(part: string, state: LedgerState, jobIds: readonly string[], rows: number): ObjectChange {
  return { kind: 'annotate', url: part, metadata: ledgerMetadata(state, jobIds, rows) };
}

/** The change of a ledger part that tells, before it is submitted, which job takes the files that are left. */
export function announcing({ part, from }: ReloadTarget, jobId: string): ObjectChange {
  return { kind: 'annotate', url: part, metadata: { [reloadKey(from)]: jobId } };
}
