import { cleanPath } from './objectPath';
import { regexp } from './regexp';
import type { Rule, When } from './types';

/** A rule that nearly matches a file. */
export interface NearMiss {
  readonly rule: Rule;
  /** The conditions of When that do not hold, each in words. */
  readonly reasons: readonly string[];
}

/**
 * The rules that come nearest to matching a file, for a person who wonders why none does: fewest broken conditions first, then
 * the longest common beginning with the prefix. It tries every rule, so it is not for the way of events.
 *
 * @param most how many are told at most.
 * @example nearMisses(rules, 'gs://b/data/a.csv', 3)[0]?.reasons // ['When.Suffix is .json, the path ends with .csv']
 */
export function nearMisses(rules: readonly Rule[], pathOrUrl: string, most: number): readonly NearMiss[] {
  const path = cleanPath(pathOrUrl);
  return rules
    .map((rule) => ({ rule, reasons: brokenConditions(rule.when, path), shared: shared(rule.when.prefix, path) }))
    .filter(({ reasons, rule, shared: length }) => reasons.length > 0 && isNear(rule.when, path, length))
    .sort((left, right) => left.reasons.length - right.reasons.length || right.shared - left.shared)
    .slice(0, most)
    .map(({ rule, reasons }) => ({ rule, reasons }));
}

/** A rule of another folder altogether is no near miss, but one whose folder is misspelt is. */
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
    ...(directory ? ['When.Directory is true, which no file is'] : []),
  ];
}

function shared(prefix: string, path: string): number {
  let length = 0;
  while (length < prefix.length && prefix[length] === path[length]) length += 1;
  return length;
}
