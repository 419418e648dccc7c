import type { Process } from '../windows/process';
import { actionSteps } from './actions/actionSteps';
import { type LoadFacts, loadContext } from './loadContext';
import type { Step } from './steps';

/** What follows when a batch could not even be planned. */
export interface FailurePlan {
  readonly process: Process;
  readonly onFailure: readonly Step[];
}

/**
 * The rule's OnFailure for a batch that has no plan: nothing is known of the tables, which may be what is wrong.
 *
 * @throws PlanError when a request of OnFailure is not what its action takes.
 */
export function planOnFailure(facts: Omit<LoadFacts, 'tables' | 'locations'>): FailurePlan {
  const { rule, batch } = facts;
  const context = loadContext({ ...facts, tables: {}, locations: {} }, undefined, undefined);
  const onFailure = actionSteps(rule.onFailure, 'OnFailure', context);
  return { process: { ...batch.process, stepCount: context.numbers.count }, onFailure };
}
