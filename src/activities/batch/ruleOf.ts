import { newFailure } from '../../failures';
import type { Rule } from '../../rules/types';
import type { Dependencies } from '../dependencies';

/** The current rule of a rule ID. @throws ApplicationFailure `RuleMissing` */
export async function ruleOf(deps: Pick<Dependencies, 'rules'>, ruleId: string): Promise<Rule> {
  const rule = await deps.rules.byId(ruleId);
  if (rule) return rule;
  throw newFailure('RuleMissing', `${ruleId}: no rule has this ID any more`, { details: { rule: ruleId } });
}

/** Facts of a rule for the journal. */
export interface RuleFacts {
  /** Absent when no such rule exists. */
  readonly rule?: Rule;
  /** URL of the rule's file. */
  readonly url: string;
  readonly async: boolean;
}

/**
 * Facts of a rule that may have been deleted: a window gathers and closes without its rule. A deleted rule counts as
 * asynchronous.
 */
export async function ruleFacts(deps: Pick<Dependencies, 'rules' | 'config'>, ruleId: string): Promise<RuleFacts> {
  const rule = await deps.rules.byId(ruleId);
  const url = rule?.url ?? ruleId.replace(/#[^#]*$/, '');
  return { rule, url, async: deps.config.async ?? rule?.async ?? true };
}
