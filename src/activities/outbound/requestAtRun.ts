import { randomUUID } from 'node:crypto';
import { newFailure } from '../../failures';
import { isList } from '../../json';
import { expandAtRun, type RunFacts } from '../../plan/expandAtRun';
import { type SecretPlaceholder, secretPlaceholderAt } from '../../plan/secretPlaceholder';
import type { ActionCall } from '../../plan/stepContext';
import { secretParts } from '../../rules/secretReferences';
import type { Action, JsonObject, JsonValue, Rule } from '../../rules/types';
import { expandText } from '../../rules/variables';
import { ruleOf } from '../batch/ruleOf';
import type { Dependencies } from '../dependencies';

/** Least length of a word that counts as a secret. */
const SECRET_CHARACTERS = 8;

/** A request as it is sent, and the secret texts in it, which must not appear in logs or histories. */
export interface RunRequest {
  readonly request: JsonObject;
  readonly secrets: readonly string[];
}

/**
 * The request of a step with the values of its variables and its secrets.
 *
 * @throws ApplicationFailure when a secret cannot be read, or the rule no longer contains the text
 */
export async function requestAtRun(deps: Dependencies, { step, context }: ActionCall): Promise<RunRequest> {
  const entry = step.files && (await deps.ledger.read(step.files.entry));
  const facts: RunFacts = { ...context, uris: entry?.files.map(({ url }) => url) };
  const withheld = new Map<string, SecretPlaceholder>();
  const lifted = mapValues(step.request, (value) => {
    const found = secretPlaceholderAt(value);
    if (!found) return undefined;
    // A random name, so that the value of a variable cannot be mistaken for a placeholder.
    const place = randomUUID();
    withheld.set(place, found);
    return place;
  });
  const texts = new Map<string, string>();
  const secrets: string[] = [];
  for (const [place, found] of withheld) {
    const { text, secret } = await reveal(deps, found, facts);
    texts.set(place, text);
    secrets.push(...secret);
  }
  const expanded = expandAtRun(lifted, facts);
  const request = mapValues(expanded, (value) => (typeof value === 'string' ? texts.get(value) : undefined));
  return { request, secrets };
}

/** A text for histories and logs, with `(secret)` in place of secrets. */
export function redacted(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .reduce((shown, secret) => shown.replaceAll(secret, '(secret)'), text);
}

async function reveal(
  deps: Dependencies,
  { rule: ruleId, field, keys, whole, variables }: SecretPlaceholder,
  facts: RunFacts,
): Promise<{ readonly text: string; readonly secret: readonly string[] }> {
  const written = textAt(await ruleOf(deps, ruleId), field, keys);
  if (written === undefined)
    throw newFailure('RuleInvalid', `${ruleId}: the rule no longer has ${field}.${keys.join('.')}`);
  const secret: string[] = [];
  const parts = await Promise.all(
    secretParts(written).map(async (part) => {
      if (typeof part === 'string') return String(expandAtRun({ part: expandText(part, variables) }, facts).part);
      const value = await deps.secrets.read(part);
      secret.push(value);
      return value;
    }),
  );
  const text = parts.join('');
  return { text, secret: whole ? [...secret, text, ...wordsOf(text)] : secret };
}

/** Words of a text that are secret by themselves, e.g. after `Bearer ` or `key=`. */
function wordsOf(text: string): readonly string[] {
  return text.split(/[\s?&=,;]+/).filter((word) => word.length >= SECRET_CHARACTERS);
}

/** A text of a rule by its path, e.g. `OnSuccess[0].OnFailure[1].Request` and the keys below. */
function textAt(rule: Rule, field: string, keys: readonly string[]): string | undefined {
  const lists: Readonly<Record<string, readonly Action[]>> = {
    OnSuccess: rule.onSuccess,
    OnFailure: rule.onFailure,
    OnDone: rule.batch?.group?.onDone ?? [],
  };
  let action: Action | undefined;
  for (const [, list = '', at] of field.matchAll(/(OnSuccess|OnFailure|OnDone)\[(\d+)\]/g)) {
    const within: readonly Action[] | undefined = action
      ? list === 'OnSuccess'
        ? action.onSuccess
        : action.onFailure
      : lists[list];
    action = within?.[Number(at)];
  }
  let value: JsonValue | undefined = action?.request;
  for (const key of keys) value = typeof value === 'object' && value !== null ? Object(value)[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Copies a value. Values for which `replace` returns undefined are copied member by member. */
function mapValues(value: JsonObject, replace: (value: JsonValue) => string | undefined): JsonObject {
  const walk = (item: JsonValue): JsonValue => {
    const replaced = replace(item);
    if (replaced !== undefined) return replaced;
    if (isList(item)) return item.map(walk);
    return typeof item === 'object' && item !== null ? mapValues(item, replace) : item;
  };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]));
}
