import { isList } from '../json';
import { calculate } from './arithmetic';
import type { JsonObject, JsonValue } from './types';

/** Values of variables by name. */
export type Variables = JsonObject;

const BRACED = String.raw`\{([^{}]*)\}`;
const BARE = String.raw`([A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*)`;
const VARIABLE = new RegExp(String.raw`\$(?:${BRACED}|${BARE})`, 'g');
const WHOLE = new RegExp(String.raw`^\s*\$(?:${BRACED}|${BARE})\s*$`);

/**
 * Expands all texts of a request, including keys: `$Name`, `${Name}`, `$a.b`, `$list[0]`, `${Date + 1}`. A text that is only a
 * variable becomes the value with its type. Within a longer text, a list or an object becomes JSON. Unknown names stay as they
 * are. Values are not expanded again.
 *
 * @example expand({ URLs: '$LoadURIs' }, { LoadURIs: ['gs://b/a'] }) // { URLs: ['gs://b/a'] }
 */
export function expand(value: JsonObject, variables: Variables): JsonObject;
export function expand(value: JsonValue, variables: Variables): JsonValue;
export function expand(value: JsonValue, variables: Variables): JsonValue {
  if (typeof value === 'string') return expandValue(value, variables);
  if (isList(value)) return value.map((item) => expand(item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [expandText(key, variables), expand(item, variables)]),
  );
}

/**
 * Expands a text to a text, for example a table name or SQL.
 *
 * @example expandText('ds.t_${Date}_x', { Date: '20231114' }) // 'ds.t_20231114_x'
 */
export function expandText(text: string, variables: Variables): string {
  return text.replace(VARIABLE, (written: string, braced: string | undefined, bare: string | undefined) => {
    const resolved = resolve(braced, bare, variables);
    return resolved === undefined ? written : textOf(resolved.value) + resolved.rest;
  });
}

/** Whether a text has a variable, so that its value is known at load time only. */
export function hasVariable(text: string): boolean {
  return text.search(VARIABLE) >= 0;
}

/** Whether a value is a text with a variable, so that its expansion may have any type. */
export function isVariable(value: unknown): boolean {
  return typeof value === 'string' && hasVariable(value);
}

function expandValue(text: string, variables: Variables): JsonValue {
  const [match, braced, bare] = WHOLE.exec(text) ?? [];
  const resolved = match === undefined ? undefined : resolve(braced, bare, variables);
  return resolved === undefined || resolved.rest !== '' ? expandText(text, variables) : resolved.value;
}

interface Resolved {
  readonly value: JsonValue;
  /** The text after the longest part of a path that has a value: `.json` in `$EventID.json`. */
  readonly rest: string;
}

function resolve(braced: string | undefined, bare: string | undefined, variables: Variables): Resolved | undefined {
  if (bare !== undefined) return resolvePath(bare, variables);
  const name = (braced ?? '').trim();
  const resolved = resolvePath(name, variables);
  if (resolved?.rest === '') return resolved;
  const result = calculate(name, (operand) => numeric(resolvePath(operand, variables)));
  if (result === undefined) return undefined;
  // An integer that would lose digits as a double stays a text.
  return { value: String(Number(result)) === result ? Number(result) : result, rest: '' };
}

function resolvePath(path: string, variables: Variables): Resolved | undefined {
  const steps = path.match(/[A-Za-z_]\w*|\[\d+\]/g) ?? [];
  const [name] = steps;
  if (name === undefined || !path.startsWith(name)) return undefined;
  const direct = own(variables, name);
  if (direct === undefined) return undefined;
  let value = direct;
  let length = name.length;
  for (const step of steps.slice(1)) {
    const next = step.startsWith('[') ? item(value, Number(step.slice(1, -1))) : field(value, step);
    if (next === undefined) break;
    value = next;
    length += step.startsWith('[') ? step.length : step.length + 1;
  }
  return { value, rest: path.slice(length) };
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function field(value: JsonValue, name: string): JsonValue | undefined {
  return typeof value === 'object' && value !== null && !isList(value) ? own(value, name) : undefined;
}

function item(value: JsonValue, index: number): JsonValue | undefined {
  return isList(value) ? value[index] : undefined;
}

function numeric(resolved: Resolved | undefined): string | undefined {
  if (resolved === undefined || resolved.rest !== '') return undefined;
  return typeof resolved.value === 'number' || typeof resolved.value === 'string' ? String(resolved.value) : undefined;
}

function textOf(value: JsonValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
