import type { SealedBatch } from '../../plan/batch';
import { type FailurePlan, planOnFailure } from '../../plan/planOnFailure';
import type { Dependencies } from '../dependencies';
import { knownFacts, planned } from './planFacts';
import { ruleOf } from './ruleOf';

/**
 * Plans the OnFailure actions of a batch for which no plan could be made.
 *
 * @throws ApplicationFailure `RuleInvalid` or `RuleMissing`
 */
export async function planFailure(
  deps: Dependencies,
  batch: SealedBatch,
  windowId: string | undefined,
): Promise<FailurePlan> {
  const rule = await ruleOf(deps, batch.ruleId);
  const { files } = await deps.ledger.read(batch.files.entry);
  return planned(() => planOnFailure({ ...knownFacts(rule, batch, windowId, deps.config), files }), {
    files: batch.files,
  });
}
