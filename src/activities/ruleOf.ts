import { ApplicationFailure } from '@temporalio/common';
import type { Rule } from '../rules/types';
import type { Dependencies } from './dependencies';

/** Today's rule of an ID. @throws ApplicationFailure `RuleMissing`, not to be retried. */
export async function ruleOf(deps: Pick<Dependencies, 'rules'>, ruleId: string): Promise<Rule> {
  const rule = await deps.rules.byId(ruleId);
  if (rule) return rule;
  throw ApplicationFailure.nonRetryable(`${ruleId}: there is no such rule (any more)`, 'RuleMissing', { rule: ruleId });
}
