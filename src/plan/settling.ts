import { ledgerTargetOf } from './recovery/reload';
import type { JobStep, LoadStep } from './steps';

/**
 * Whether the end of this one job settles the ledger part of its batch: the only load job, straight into the destination.
 * Otherwise the batch is settled once all of its rows have arrived.
 */
export function settlesBatch(step: LoadStep | JobStep): step is LoadStep {
  return step.action === 'load' && step.fills === undefined && ledgerTargetOf(step).whole;
}
