import { newFailure } from '../../failures';
import type { SealInput } from '../../plan/sealInput';
import { cleanPath } from '../../rules/objectPath';
import { placementIfValid } from '../../rules/placement';
import type { RuleSet } from '../../rules/ruleSet';
import type { Rule } from '../../rules/types';
import { takes } from '../../rules/when';
import type { FileEvent } from '../../windows/fileEvent';
import type { Dependencies } from '../dependencies';
import { ruleOf } from './ruleOf';

/** A rule and the announced files that it loads. */
export interface Taker {
  readonly rule: Rule;
  readonly files: readonly FileEvent[];
}

/**
 * The rules that load the announced files of a batch, the owner's first: the rule to which the files were announced, as far as it
 * still takes them into this destination, else the enabled rule that now does. Rules change while files gather, so without this
 * check a file could be loaded, and deleted, by a rule that was never meant for it.
 *
 * @throws ApplicationFailure `RuleChanged` when no rule takes a file into this destination any more.
 */
export async function takersOf(
  deps: Pick<Dependencies, 'rules'>,
  { ruleId, dest, owner }: Pick<SealInput, 'ruleId' | 'dest' | 'owner'>,
  announced: readonly FileEvent[],
): Promise<readonly Taker[]> {
  if (announced.length === 0) return [{ rule: await ruleOf(deps, ruleId), files: [] }];
  // Scans the rules if the ID is unknown.
  await deps.rules.byId(ruleId);
  let divided = divide(await deps.rules.current(), ruleId, dest, announced);
  if (divided.untaken.length > 0) {
    await deps.rules.scan();
    divided = divide(await deps.rules.current(), ruleId, dest, announced);
  }
  const { takers, untaken } = divided;
  const [first, ...more] = untaken;
  if (first) {
    const others = more.length > 0 ? ` (and ${more.length} more)` : '';
    const message = `${ruleId}: neither this rule nor another one takes ${first.url}${others} into ${dest} any more`;
    throw newFailure('RuleChanged', message, { details: { rule: ruleId, file: first.url, files: untaken.length } });
  }
  const owns = ({ files }: Taker) => files.some(({ url }) => url === owner.url);
  return takers.toSorted((left, right) => Number(owns(right)) - Number(owns(left)));
}

/** Divides files by the rule that takes each into a destination. */
function divide(rules: RuleSet, ruleId: string, dest: string, announced: readonly FileEvent[]) {
  const own = rules.byId(ruleId);
  const byRule = new Map<Rule, FileEvent[]>();
  const untaken: FileEvent[] = [];
  for (const file of announced) {
    const rule = own && stillTakes(own, file, dest) ? own : otherTaker(rules, file, dest);
    const files = rule ? (byRule.get(rule) ?? []) : untaken;
    files.push(file);
    if (rule) byRule.set(rule, files);
  }
  return { takers: [...byRule].map(([rule, files]): Taker => ({ rule, files })), untaken };
}

function stillTakes(rule: Rule, file: FileEvent, dest: string): boolean {
  return (file.ruleChosen || takes(rule, cleanPath(file.url))) && placementIfValid(rule, file)?.table === dest;
}

function otherTaker(rules: RuleSet, file: FileEvent, dest: string): Rule | undefined {
  const { status, rules: matching } = rules.match(file.url);
  const [rule] = matching;
  return status === 'matched' && rule && placementIfValid(rule, file)?.table === dest ? rule : undefined;
}
