import { hash } from '../windows/hash';
import { evaluate, groupText, parseExpression } from './expression';
import { cleanPath } from './objectPath';
import { matchGroups } from './regexp';
import type { Rule } from './types';
import { expandText } from './variables';

/** Facts about a file from which names are made. */
export interface FileFacts {
  /** `gs://bucket/path`. */
  readonly url: string;
  /** Last update of the file, Unix milliseconds. */
  readonly updatedMs: number;
}

/** Destination of a file. `$EventID` and `$GroupID` are expanded later, at load time. */
export interface ExpandedDestination {
  readonly table: string;
  readonly partition?: string;
  /** `Schema.Split.Mapping` with its tables expanded; empty without a split. */
  readonly mapping: readonly { readonly when: string; readonly table: string }[];
  /** Pattern parameters by name; empty without Pattern. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Values of the groups of Pattern: empty when it does not match, absent without Pattern. */
  readonly patternGroups?: readonly string[];
}

/** A file makes a table name that is not valid. Trying again does not help. */
export class NameInvalid extends Error {}

/**
 * The destination of one file, unchecked; see `placement`.
 *
 * @example expandDestination(rule, { url: 'gs://b/data/a.json', updatedMs: 1700000000000 }).table // 'ds.t_20231114'
 * @throws NameInvalid
 */
export function expandDestination(rule: Rule, file: FileFacts): ExpandedDestination {
  const { dest } = rule;
  const values = parameters(rule, file.url);
  const groups = patternGroups(rule, file.url);
  const name = (text: string): string =>
    expandName(text, file, dest.pattern === undefined ? undefined : groups, values);
  return {
    table: name(dest.table),
    partition: dest.partition === undefined ? undefined : name(dest.partition),
    mapping: (dest.schema.split?.mapping ?? []).map(({ when, table }) => ({ when, table: name(table) })),
    parameters: values,
    patternGroups: dest.pattern === undefined ? undefined : (groups ?? []),
  };
}

/** Values of the groups of Dest.Pattern for a file's path; undefined without Pattern or without a match. */
export function patternGroups(rule: Rule, url: string): readonly string[] | undefined {
  return rule.dest.pattern === undefined ? undefined : matchGroups(rule.dest.pattern, cleanPath(url));
}

/**
 * Pattern parameters of a file by name; none without Pattern.
 *
 * @example parameters(rule, 'gs://b/data/2019/02/a.json') // { MyMonth: '201902' }
 */
export function parameters(rule: Rule, url: string): Readonly<Record<string, string>> {
  if (rule.dest.pattern === undefined) return {};
  const groups = patternGroups(rule, url);
  return Object.fromEntries(
    rule.dest.parameters.map(({ name, expression }) => [name, evaluate(parseExpression(expression), groups)]),
  );
}

const VARIABLE = /\$Mod\(([^)]*)\)?|\$Date|\$Hour|\$(\d+)/g;

/**
 * Expands `$Mod(n)`, `$Date`, `$Hour`, groups and parameters in one pass, so that values are not expanded again, such as the digits
 * of a partition decorator. As in viant/bqtail, `$Date` and `$Hour` need no word boundary: `$DateX` is the date and an X.
 */
function expandName(
  text: string,
  file: FileFacts,
  groups: readonly string[] | undefined,
  values: Readonly<Record<string, string>>,
): string {
  let result = '';
  let from = 0;
  for (const match of text.matchAll(VARIABLE)) {
    const [written, modulus, digits] = match;
    result += expandText(text.slice(from, match.index), values);
    if (modulus !== undefined) result += mod(written, modulus, file.url);
    else if (digits !== undefined) result += groupText(digits, groups);
    else result += written === '$Date' ? sourceDate(file.updatedMs) : sourceHour(file.updatedMs);
    from = match.index + written.length;
  }
  return result + expandText(text.slice(from), values);
}

function mod(written: string, modulus: string, url: string): string {
  const fault = modFault(written);
  if (fault !== undefined) throw new NameInvalid(`${url}: found ${fault} in a table name; allowed is ${MOD_ALLOWED}`);
  const size = BigInt(modulus.trim());
  // The hash can be negative, namely -2^63; a table number must not be.
  return (((hash(url) % size) + size) % size).toString();
}

/** Allowed form of `$Mod`, for messages. */
export const MOD_ALLOWED = '$Mod(n) with a positive whole number n';

/** The first invalid `$Mod(…)` of a text; undefined when all are valid. */
export function modFault(text: string): string | undefined {
  for (const [written] of text.matchAll(/\$Mod\b(?:\([^)]*\)?)?/g)) {
    if (!/^\$Mod\(\s*0*[1-9]\d*\s*\)$/.test(written)) return written;
  }
  return undefined;
}

/**
 * The value of `$Date`: UTC date of the file's last update, yyyymmdd.
 *
 * @example sourceDate(1700000000000) // '20231114'
 */
export function sourceDate(updatedMs: number): string {
  return new Date(updatedMs).toISOString().slice(0, 10).replaceAll('-', '');
}

/** The value of `$Hour`: UTC hour of the file's last update, 00 to 23 (docs/compatibility.md#time-variables). */
export function sourceHour(updatedMs: number): string {
  return new Date(updatedMs).toISOString().slice(11, 13);
}
