import { RE2JS } from 're2js';
import { errorText } from '../errorText';

const MAX_COMPILED = 20_000;
const compiled = new Map<string, RE2JS>();

/**
 * A compiled RE2 expression; linear in the length of the text whatever the expression, so no rule can stall the service.
 * Rules travel as plain data, hence the cache by text.
 *
 * @throws when the text is no RE2 expression; rules are checked for that when they are read.
 */
export function regexp(text: string): RE2JS {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const fresh = RE2JS.compile(text);
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(text, fresh);
  return fresh;
}

/** What is wrong with an expression; undefined when it compiles. */
export function regexpFault(text: string): string | undefined {
  try {
    regexp(text);
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}

/**
 * Groups of the first match anywhere in a text, the first group first; undefined when there is none. A group that took no
 * part is empty, as in Go.
 *
 * @example matchGroups('data/(\\d+)', '/data/42/x') // ['42']
 */
export function matchGroups(expression: string, text: string): readonly string[] | undefined {
  const matcher = regexp(expression).matcher(text);
  if (!matcher.find()) return undefined;
  return Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1) ?? '');
}
