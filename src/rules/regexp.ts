import { RE2JS } from 're2js';
import { errorText } from '../errorText';

const MAX_COMPILED = 20_000;
const compiled = new Map<string, RE2JS>();

/**
 * A compiled RE2 expression. RE2 matches in time linear in the length of the text, so no rule can stall the service. Rules are
 * plain data, so compiled expressions are cached by their text.
 *
 * @throws RE2JSSyntaxException when the text is not an RE2 expression; rule files are checked for that when they are read.
 */
export function regexp(text: string): RE2JS {
  const cached = compiled.get(text);
  if (cached !== undefined) return cached;
  const fresh = RE2JS.compile(text);
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(text, fresh);
  return fresh;
}

/** The syntax error of an expression; undefined when it compiles. */
export function regexpFault(text: string): string | undefined {
  try {
    regexp(text);
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}

/**
 * Group values of the first match anywhere in a text; undefined without a match. A group that did not participate in the match
 * is empty, as in Go.
 *
 * @example matchGroups('data/(\\d+)', '/data/42/x') // ['42']
 */
export function matchGroups(expression: string, text: string): readonly string[] | undefined {
  const matcher = regexp(expression).matcher(text);
  if (!matcher.find()) return undefined;
  return Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1) ?? '');
}
