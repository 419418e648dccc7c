import { newFailure } from '../../failures';
import type { Rule } from '../../rules/types';
import type { Dependencies } from '../dependencies';

/** Today's rule of an ID. @throws ApplicationFailure `RuleMissing`, not to be retried. */
export async function ruleOf(deps: Pick<Dependencies, 'rules'>, ruleId: string): Promise<Rule> {
  const rule = await deps.rules.byId(ruleId);
  if (rule) return rule;
  throw newFailure('RuleMissing', `${ruleId}: there is no such rule (any more)`, { details: { rule: ruleId } });
}

/** What the journal needs to know of a rule. */
export interface RuleFacts {
  /** Absent while there is no such rule. */
  readonly rule?: Rule;
  /** URL of the rule's file. */
  readonly url: string;
  readonly async: boolean;
}

/**
 * Facts of a rule that may be gone: who gathers needs no rule yet, and who closes none any more. Without the rule, it counts as
 * Async.
 */
export async function ruleFacts(deps: Pick<Dependencies, 'rules' | 'config'>, ruleId: string): Promise<RuleFacts> {
  const rule = await deps.rules.byId(ruleId);
  const url = rule?.url ?? ruleId.replace(/#\d+$/, '');
  return { ...(rule ? { rule } : {}), url, async: deps.config.async ?? rule?.async ?? true };
}
