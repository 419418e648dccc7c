import type { Transaction } from '../database';
import { stopped } from './jobEnd';

const INTERRUPT_MS = 50;

/**
 * Runs the effect and interrupts it when the job is stopped. The interrupt is repeated, because DuckDB ignores one that
 * comes before its statement runs.
 *
 * @throws BigQueryError `stopped` when the job was stopped.
 */
export async function interruptible(
  transaction: Transaction,
  effect: (transaction: Transaction) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (signal?.aborted) throw stopped();
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    timer = setInterval(() => transaction.connection.interrupt(), INTERRUPT_MS);
  };
  signal?.addEventListener('abort', interrupt);
  try {
    await effect(transaction);
  } finally {
    signal?.removeEventListener('abort', interrupt);
    clearInterval(timer);
  }
  if (signal?.aborted) throw stopped();
}
