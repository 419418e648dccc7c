import type { SealedBatch } from '../../plan/batch';
import { type FailurePlan, planOnFailure } from '../../plan/planOnFailure';
import type { Dependencies } from '../dependencies';
import { knownFacts, planned } from './planFacts';
import { ruleOf } from './ruleOf';

/**
 * The rule's OnFailure for a batch that could not be planned.
 *
 * @throws ApplicationFailure `RuleInvalid` or `RuleMissing`, not to be retried.
 */
export async function planFailure(
  deps: Dependencies,
  batch: SealedBatch,
  windowId: string | undefined,
): Promise<FailurePlan> {
  const rule = await ruleOf(deps, batch.ruleId);
  const { files } = await deps.ledger.read(batch.files.entry);
  return planned(batch, () => planOnFailure({ ...knownFacts(rule, batch, windowId, deps.config), files }));
}
