import { isList, isObject, type JsonObject, type JsonValue } from '../json';
import { hasSecret } from '../rules/secretReferences';
import type { Action } from '../rules/types';
import { expand, expandText, type Variables } from '../rules/variables';

/**
 * Replaces, in a plan, a text that is secret or refers to a secret, because histories record plans. The activity reads the
 * text from the rule when the step runs.
 */
export interface SecretPlaceholder {
  readonly rule: string;
  /** Path of the request in the rule, e.g. `OnSuccess[0].Request`. */
  readonly field: string;
  /** Keys that lead to the text within the request. */
  readonly keys: readonly string[];
  /** Whether the whole text is secret; otherwise only the secrets that it refers to. */
  readonly whole: boolean;
  /** The variables of the plan that the text uses. */
  readonly variables: Variables;
}

const KEY = 'SecretPlaceholder';
/** Actions that may refer to secrets. */
const SENDING: readonly Action['action'][] = ['call', 'notify', 'push'];
const SECRET_NAME = /auth|token|secret|passw|credential|cookie|signature|api-?_?key|^key$|^sig$|^code$/i;

/**
 * The request of an action, expanded with the variables of the plan. Placeholders replace its secret texts.
 *
 * @param field path of the request in the rule.
 */
export function replaceSecrets(action: Action, ruleId: string, field: string, variables: Variables): JsonObject {
  const walk = (value: JsonValue, keys: readonly string[]): JsonValue => {
    if (typeof value === 'string') {
      const whole = isSecretField(action.action, keys, value);
      if (!whole && !(SENDING.includes(action.action) && hasSecret(value))) return expand(value, variables);
      return { [KEY]: { rule: ruleId, field, keys, whole, variables: usedVariables(value, variables) } };
    }
    if (isList(value)) return value.map((item, at) => walk(item, [...keys, String(at)]));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [expandText(key, variables), walk(item, [...keys, key])]),
    );
  };
  return Object.fromEntries(
    Object.entries(action.request).map(([key, value]) => [expandText(key, variables), walk(value, [key])]),
  );
}

/** Actions without secrets, for the journal: `(withheld)` replaces their secret texts. */
export function withoutSecrets(actions: readonly Action[]): readonly Action[] {
  return actions.map((action) => ({
    ...action,
    request: withoutSecretTexts(action),
    onSuccess: withoutSecrets(action.onSuccess),
    onFailure: withoutSecrets(action.onFailure),
  }));
}

/** The placeholder that a value of a planned request is; undefined for any other value. */
export function secretPlaceholderAt(value: JsonValue): SecretPlaceholder | undefined {
  const placeholder = isObject(value) ? value[KEY] : undefined;
  if (!isObject(placeholder)) return undefined;
  const { rule, field, keys, whole, variables } = placeholder;
  if (typeof rule !== 'string' || typeof field !== 'string' || !isList(keys)) return undefined;
  if (!isObject(variables)) return undefined;
  return { rule, field, keys: keys.map(String), whole: whole === true, variables };
}

/** Whether the name of a header field or URL parameter indicates a secret value. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

function isSecretField(kind: Action['action'], keys: readonly string[], text: string): boolean {
  const [first, second] = keys;
  if (kind === 'notify') return keys.length === 1 && (first === 'Token' || first === 'URL');
  if (kind !== 'call') return false;
  return first === 'Headers' ? isSecretName(second ?? '') : first === 'URL' && isSecretUrl(text);
}

/** Whether a URL contains a password or a parameter such as `key=`. */
function isSecretUrl(url: string): boolean {
  const [address = '', query = ''] = url.split('?', 2);
  if (/^[a-z]+:\/\/[^/]*@/i.test(address)) return true;
  return query.split('&').some((parameter) => isSecretName(parameter.split('=', 1)[0] ?? ''));
}

function usedVariables(text: string, variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => text.includes(name)));
}

function withoutSecretTexts({ action, request }: Action): JsonObject {
  const walk = (value: JsonValue, keys: readonly string[]): JsonValue => {
    if (typeof value === 'string') return isSecretField(action, keys, value) ? '(withheld)' : value;
    if (isList(value)) return value.map((item, at) => walk(item, [...keys, String(at)]));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...keys, key])]));
  };
  return Object.fromEntries(Object.entries(request).map(([key, value]) => [key, walk(value, [key])]));
}
