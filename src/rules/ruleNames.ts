import { createHash } from 'node:crypto';
import type { FileReport } from './fileReport';
import { whenOf } from './normalise';
import type { FileRule } from './rule';

/** A rule of a file, before it has a name. */
export interface UnnamedRule {
  readonly rule: FileRule;
  /** Path of a key of the rule, in the spelling of the file. */
  readonly own: (path: readonly string[]) => readonly (string | number)[];
}

const DIGITS = 8;

/**
 * The part of each rule's ID after the `#`: the key `ID` of the rule, else a digest of its When and Dest.Table. So a rule keeps
 * its ID when other rules of the file are added, removed or moved, and when its actions or load options change. Rules of the
 * same digest are numbered: `-2`, `-3`, …, enabled ones first, then by order; of two enabled ones, a warning advises to give
 * them IDs. An `ID` that is given twice is reported.
 */
export function ruleNames(rules: readonly UnnamedRule[], file: FileReport): readonly string[] {
  const named = new Map<string, UnnamedRule>();
  for (const unnamed of rules) {
    const { ID } = unnamed.rule;
    if (!ID) continue;
    const first = named.get(ID);
    if (first) file.add('IdRepeated', unnamed.own(['ID']), { found: ID, allowed: file.placeOf(first.own(['ID'])) });
    else named.set(ID, unnamed);
  }
  const names = new Map(rules.map((unnamed) => [unnamed, unnamed.rule.ID]));
  const nameless = rules.filter(({ rule }) => !rule.ID);
  const enabledFirst = nameless.toSorted((left, right) => Number(isDisabled(left)) - Number(isDisabled(right)));
  for (const unnamed of enabledFirst) {
    const digest = digestOf(unnamed.rule);
    const first = named.get(digest);
    if (first && !isDisabled(unnamed)) {
      file.add('IdMissing', unnamed.own([]), { found: digest, allowed: file.placeOf(first.own([])) });
    }
    const name = freeName(digest, named);
    named.set(name, unnamed);
    names.set(unnamed, name);
  }
  return rules.map((unnamed) => names.get(unnamed) ?? '');
}

function isDisabled({ rule }: UnnamedRule): boolean {
  return rule.Disabled === true;
}

function freeName(digest: string, taken: ReadonlyMap<string, unknown>): string {
  let name = digest;
  for (let number = 2; taken.has(name); number += 1) name = `${digest}-${number}`;
  return name;
}

/** Digest of what a rule takes, and where it puts it: equal rules have equal digests, however their files spell them. */
function digestOf(rule: FileRule): string {
  const { prefix, suffix, filter, exclusion, directory } = whenOf(rule);
  const content = [prefix, suffix, filter ?? null, exclusion ?? null, directory, rule.Dest?.Table ?? ''];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, DIGITS);
}
