import { ApplicationFailure } from '@temporalio/common';
import { loadTarget, PlanError, planLoad } from '../plan/loadPlan';
import type { Plan, SealedBatch } from '../plan/plan';
import { toFailure } from './bigQueryErrors';
import type { Dependencies } from './dependencies';
import { type JournalWindow, writeProcessFile } from './processFiles';
import { ruleOf } from './ruleOf';

/**
 * Makes the plan of a batch from today's rule and the destination's schema, and opens the journal with it.
 *
 * @throws ApplicationFailure `RuleInvalid` or `SchemaMissing`, not to be retried.
 */
export async function planBatch(
  batch: SealedBatch,
  window: JournalWindow | undefined,
  deps: Dependencies,
): Promise<Plan> {
  const plan = await makePlan(batch, deps);
  await writeProcessFile(plan, window, deps);
  return plan;
}

async function makePlan(batch: SealedBatch, deps: Dependencies): Promise<Plan> {
  const rule = await ruleOf(deps, batch.ruleId);
  const facts = { rule, batch, defaultProject: deps.config.projectId };
  try {
    const target = loadTarget(facts);
    const destination = await deps.bigQuery.getTable(target).catch((error: unknown) => {
      throw toFailure(error, `reading table ${target.datasetId}.${target.tableId}`);
    });
    return planLoad({ ...facts, ...(destination ? { destination } : {}) });
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    throw ApplicationFailure.nonRetryable(error.message, 'RuleInvalid', { rule: rule.id, files: batch.files });
  }
}
