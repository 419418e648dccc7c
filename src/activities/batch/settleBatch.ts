import type { LedgerState } from '../../ledger/entry';
import type { SealedBatch } from '../../plan/batch';
import type { Dependencies } from '../dependencies';

/** Records in the ledger what became of the rows of a batch, once for all of its load jobs. */
export function settleBatch(
  { ledger }: Dependencies,
  batch: SealedBatch,
  state: LedgerState,
  jobIds: readonly string[],
  rows: number,
): Promise<void> {
  return ledger.settle(batch.files.entry, state, jobIds, rows);
}
