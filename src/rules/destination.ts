import { hash } from '../windows/hash';
import { evaluate, groupText, parseExpression } from './expression';
import { cleanPath } from './objectPath';
import { matchGroups } from './regexp';
import type { Rule } from './types';
import { expandText } from './variables';

/** The facts of a file that names are made of. */
export interface FileFacts {
  /** `gs://bucket/path`. */
  readonly url: string;
  /** Last update of the file, Unix milliseconds. */
  readonly updatedMs: number;
}

/** Where a file goes, `$EventID` and `$GroupID` still to be put in at load time. */
export interface ExpandedDestination {
  readonly table: string;
  readonly partition?: string;
  /** `Schema.Split.Mapping` with its tables expanded; empty without a split. */
  readonly mapping: readonly { readonly when: string; readonly table: string }[];
  /** Pattern parameters by name; empty without Pattern. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Values of the groups of Pattern; empty when it does not match, absent without Pattern. */
  readonly patternGroups?: readonly string[];
}

/** A name that cannot be made, for instance `$Mod(0)`; rules are checked for that when they are read. */
export class NameInvalid extends Error {}

/**
 * The destination of one file (spec 1, section 4.2).
 *
 * @example expandDestination(rule, { url: 'gs://b/data/a.json', updatedMs: 1700000000000 }).table // 'ds.t_20231114'
 * @throws NameInvalid
 */
export function expandDestination(rule: Rule, file: FileFacts): ExpandedDestination {
  const { dest } = rule;
  const given = parameters(rule, file.url);
  const groups = patternGroups(rule, file.url);
  const name = (text: string): string => expandName(text, file, dest.pattern === undefined ? undefined : groups, given);
  return {
    table: name(dest.table),
    ...(dest.partition !== undefined && { partition: name(dest.partition) }),
    mapping: (dest.schema.split?.mapping ?? []).map(({ when, table }) => ({ when, table: name(table) })),
    parameters: given,
    ...(dest.pattern !== undefined && { patternGroups: groups ?? [] }),
  };
}

/** Values of the groups of Dest.Pattern in a file's path; undefined without Pattern or when it does not match. */
export function patternGroups(rule: Rule, url: string): readonly string[] | undefined {
  return rule.dest.pattern === undefined ? undefined : matchGroups(rule.dest.pattern, cleanPath(url));
}

/**
 * Pattern parameters of a file by name (spec 1, section 4.2); none without Pattern.
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

const PLACE = /\$Mod\(([^)]*)\)?|\$Date|\$Hour|\$(\d+)/g;

/**
 * The steps of section 4.2 in one walk over the text, each place taken by the first step that knows it; so no step reads
 * what another has put in, such as the digits of a `$`-partition (section 8, no. 33). `$Date` and `$Hour` need no word end
 * behind them, as in the original: `$DateX` is the date and an X.
 */
function expandName(
  text: string,
  file: FileFacts,
  groups: readonly string[] | undefined,
  given: Readonly<Record<string, string>>,
): string {
  let result = '';
  let from = 0;
  for (const match of text.matchAll(PLACE)) {
    const [written, modulus, digits] = match;
    result += expandText(text.slice(from, match.index), given);
    if (modulus !== undefined) result += mod(written, modulus, file.url);
    else if (digits !== undefined) result += groupText(digits, groups);
    else result += written === '$Date' ? sourceDate(file.updatedMs) : sourceHour(file.updatedMs);
    from = match.index + written.length;
  }
  return result + expandText(text.slice(from), given);
}

function mod(written: string, modulus: string, url: string): string {
  const fault = modFault(written);
  if (fault !== undefined) throw new NameInvalid(`${fault} in a table name; expected ${MOD_ALLOWED}`);
  const size = BigInt(modulus.trim());
  // The hash of a text can be the one negative value; a table number cannot.
  return (((hash(url) % size) + size) % size).toString();
}

/** What `$Mod` may look like; shown beside what was found. */
export const MOD_ALLOWED = '$Mod(n) with a positive whole number n';

/** The first `$Mod(…)` of a text that is none; undefined when all are good. */
export function modFault(text: string): string | undefined {
  for (const [written] of text.matchAll(/\$Mod\b(?:\([^)]*\)?)?/g)) {
    if (!/^\$Mod\(\s*0*[1-9]\d*\s*\)$/.test(written)) return written;
  }
  return undefined;
}

/**
 * Source time as `$Date` shows it: UTC, yyyymmdd.
 *
 * @example sourceDate(1700000000000) // '20231114'
 */
export function sourceDate(updatedMs: number): string {
  return new Date(updatedMs).toISOString().slice(0, 10).replaceAll('-', '');
}

/** Source time as `$Hour` shows it: UTC, 00 to 23; the original's 12-hour clock is its defect (section 8, no. 10). */
export function sourceHour(updatedMs: number): string {
  return new Date(updatedMs).toISOString().slice(11, 13);
}
