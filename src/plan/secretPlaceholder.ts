import { isList, type JsonObject, type JsonValue } from '../json';
import { hasSecret } from '../rules/secretReferences';
import type { Action } from '../rules/types';
import { expand, expandText, type Variables } from '../rules/variables';

/**
 * Stands in a plan for a text that is secret or asks for a secret: plans are recorded in histories. The text itself is taken
 * from the rule when the step runs.
 */
export interface SecretPlaceholder {
  readonly rule: string;
  /** The action's place in the rule, e.g. `OnSuccess[0].Request`. */
  readonly field: string;
  /** Keys that lead to the text within the request. */
  readonly keys: readonly string[];
  /** Whether all of the text is secret; else only what it refers to. */
  readonly whole: boolean;
  /** The variables that the text names, as far as they were known to the plan. */
  readonly variables: Variables;
}

const KEY = 'SecretPlaceholder';
/** Actions that may ask for secrets. */
const SENDS: readonly Action['action'][] = ['call', 'notify', 'push'];
const SECRET_NAME = /auth|token|secret|passw|credential|cookie|signature|api-?_?key|^key$|^sig$|^code$/i;

/**
 * A request expanded with the plan's variables, secret texts withheld.
 *
 * @param field place of the request in the rule.
 */
export function replaceSecrets(action: Action, ruleId: string, field: string, variables: Variables): JsonObject {
  const walk = (value: JsonValue, keys: readonly string[]): JsonValue => {
    if (typeof value === 'string') {
      const whole = isSecretField(action.action, keys, value);
      if (!whole && !(SENDS.includes(action.action) && hasSecret(value))) return expand(value, variables);
      return { [KEY]: { rule: ruleId, field, keys, whole, variables: named(value, variables) } };
    }
    if (isList(value)) return value.map((item, at) => walk(item, [...keys, String(at)]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [expandText(key, variables), walk(item, [...keys, key])]),
    );
  };
  return Object.fromEntries(
    Object.entries(action.request).map(([key, value]) => [expandText(key, variables), walk(value, [key])]),
  );
}

/** Actions as they may be recorded: their secret texts are replaced by a remark. */
export function withoutSecrets(actions: readonly Action[]): readonly Action[] {
  return actions.map((action) => ({
    ...action,
    request: remarked(action),
    onSuccess: withoutSecrets(action.onSuccess),
    onFailure: withoutSecrets(action.onFailure),
  }));
}

/** What is withheld here; undefined when the value is itself. */
export function secretPlaceholderAt(value: JsonValue): SecretPlaceholder | undefined {
  if (typeof value !== 'object' || value === null || isList(value)) return undefined;
  const marker = value[KEY];
  if (typeof marker !== 'object' || marker === null || isList(marker)) return undefined;
  const { rule, field, keys, whole, variables } = marker;
  if (typeof rule !== 'string' || typeof field !== 'string' || !Array.isArray(keys)) return undefined;
  if (typeof variables !== 'object' || variables === null || isList(variables)) return undefined;
  return { rule, field, keys: keys.map(String), whole: whole === true, variables };
}

/** Whether a name, of a header field or of a URL's parameter, is one under which secrets go. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

function isSecretField(kind: Action['action'], keys: readonly string[], text: string): boolean {
  const [first, second] = keys;
  if (kind === 'notify') return keys.length === 1 && (first === 'Token' || first === 'URL');
  if (kind !== 'call') return false;
  return first === 'Headers' ? isSecretName(second ?? '') : first === 'URL' && isSecretUrl(text);
}

/** A URL with a password or with a parameter like `key=`. */
function isSecretUrl(url: string): boolean {
  const [address = '', query = ''] = url.split('?', 2);
  if (/^[a-z]+:\/\/[^/]*@/i.test(address)) return true;
  return query.split('&').some((parameter) => isSecretName(parameter.split('=', 1)[0] ?? ''));
}

function named(text: string, variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => text.includes(name)));
}

function remarked({ action, request }: Action): JsonObject {
  const walk = (value: JsonValue, keys: readonly string[]): JsonValue => {
    if (typeof value === 'string') return isSecretField(action, keys, value) ? '(withheld)' : value;
    if (isList(value)) return value.map((item, at) => walk(item, [...keys, String(at)]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...keys, key])]));
  };
  return Object.fromEntries(Object.entries(request).map(([key, value]) => [key, walk(value, [key])]));
}
