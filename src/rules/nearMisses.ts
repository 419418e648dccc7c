import { cleanPath } from './objectPath';
import { regexp } from './regexp';
import type { Rule, When } from './types';

/** A rule that almost matches a file. */
export interface NearMiss {
  readonly rule: Rule;
  /** The conditions of When that do not hold, one sentence each. */
  readonly reasons: readonly string[];
}

/**
 * The rules that almost match a file, for a person who asks why no rule matches. Rules with the fewest broken conditions come
 * first, then those whose prefix has most in common with the path. Tries every rule, so do not use it for events.
 *
 * @param limit maximum number of rules.
 * @example nearMisses(rules, 'gs://b/data/a.csv', 3)[0]?.reasons // ['When.Suffix is .json, the path ends with .csv']
 */
export function nearMisses(rules: readonly Rule[], pathOrUrl: string, limit: number): readonly NearMiss[] {
  const path = cleanPath(pathOrUrl);
  return rules
    .map((rule) => ({ rule, reasons: brokenConditions(rule.when, path), shared: shared(rule.when.prefix, path) }))
    .filter(({ reasons, rule, shared: length }) => reasons.length > 0 && isNear(rule.when, path, length))
    .sort((left, right) => left.reasons.length - right.reasons.length || right.shared - left.shared)
    .slice(0, limit)
    .map(({ rule, reasons }) => ({ rule, reasons }));
}

/** A rule for a different folder is not a near miss, but a rule whose folder is misspelt is. */
function isNear({ prefix }: When, path: string, length: number): boolean {
  return path.startsWith(prefix) || length * 2 > prefix.length;
}

function brokenConditions(when: When, path: string): readonly string[] {
  const { prefix, suffix, filter, exclusion, directory } = when;
  return [
    ...(path.startsWith(prefix) ? [] : [`When.Prefix is ${prefix}, the path is ${path}`]),
    ...(path.endsWith(suffix) ? [] : [`When.Suffix is ${suffix}, the path ends with ${path.slice(-suffix.length)}`]),
    ...(filter === undefined || regexp(filter).test(path) ? [] : [`When.Filter ${filter} is not found in ${path}`]),
    ...(exclusion !== undefined && regexp(exclusion).test(path)
      ? [`When.Exclusion ${exclusion} is found in ${path}`]
      : []),
    ...(directory ? ['When.Directory is true, which matches no file'] : []),
  ];
}

function shared(prefix: string, path: string): number {
  let length = 0;
  while (length < prefix.length && prefix[length] === path[length]) length += 1;
  return length;
}
