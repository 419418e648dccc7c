import type { Process } from '../windows/process';
import { actionSteps } from './actions/actionSteps';
import { type LoadFacts, loadContext } from './loadContext';
import type { Step } from './steps';

/** The steps after a batch could not be planned. */
export interface FailurePlan {
  readonly process: Process;
  readonly onFailure: readonly Step[];
}

/**
 * Plans the rule's OnFailure for a batch that has no plan. It uses no facts about tables, because a missing table may be the
 * reason of the failure.
 *
 * @throws PlanError if a request of OnFailure is invalid for its action.
 */
export function planOnFailure(facts: Omit<LoadFacts, 'tables' | 'locations'>): FailurePlan {
  const { rule, batch } = facts;
  const context = loadContext({ ...facts, tables: {}, locations: {} }, undefined, undefined);
  const onFailure = actionSteps(rule.onFailure, 'OnFailure', context);
  return { process: { ...batch.process, stepCount: context.numbers.count }, onFailure };
}
