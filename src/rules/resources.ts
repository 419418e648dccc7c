import { type RuleProblem, ruleMessage } from './errorCodes';
import type { ParsedRuleFile } from './parseRuleFile';
import type { Action, Batch, JsonObject, Rule } from './types';

/** Texts by URL. A missing URL could not be read. */
export type Resources = ReadonlyMap<string, string>;

/** Request keys that contain the URL of a text, and the keys that get the text if they are empty. */
const NAMED_TEXTS: Partial<Record<Action['action'], { readonly url: string; readonly text: string }>> = {
  query: { url: 'SQLURL', text: 'SQL' },
  call: { url: 'BodyURL', text: 'Body' },
};

/**
 * URLs of the texts that rules refer to by SQLURL and BodyURL. They are read when the rules are loaded, because requests are
 * expanded together with their texts.
 *
 * @example resourceUrls(parseRuleFile(url, text).rules) // ['gs://c/Rules/summary.sql']
 */
export function resourceUrls(rules: readonly Rule[]): readonly string[] {
  return [...new Set(rules.flatMap((rule) => wanted(rule).map(({ url }) => url)))];
}

/** A rule file with those texts inserted into its requests. As in viant/bqtail, a file is refused if one cannot be read. */
export function readResources(file: ParsedRuleFile, resources: Resources | undefined): ParsedRuleFile {
  if (resources === undefined) return file;
  const unreadable = file.rules.flatMap((rule) => {
    const base = file.rules.length > 1 ? `[${rule.position}].` : '';
    return wanted(rule)
      .filter(({ url }) => !resources.has(url))
      .map(({ url, path }) => unreadableProblem(rule.url, base + path, url));
  });
  if (unreadable.length > 0) return { ...file, rules: [], problems: [...file.problems, ...unreadable] };
  return { ...file, rules: file.rules.map((rule) => withTexts(rule, resources)) };
}

function withTexts(rule: Rule, resources: Resources): Rule {
  const fill = (actions: readonly Action[]): readonly Action[] =>
    actions.map((action) => ({
      ...action,
      request: filled(action, resources),
      onSuccess: fill(action.onSuccess),
      onFailure: fill(action.onFailure),
    }));
  const group = rule.batch?.group;
  const batch: Batch | undefined =
    rule.batch && group ? { ...rule.batch, group: { ...group, onDone: fill(group.onDone) } } : rule.batch;
  return { ...rule, batch, onSuccess: fill(rule.onSuccess), onFailure: fill(rule.onFailure) };
}

function filled(action: Action, resources: Resources): JsonObject {
  const names = NAMED_TEXTS[action.action];
  const url = wantedUrl(action);
  const text = url === undefined ? undefined : resources.get(url);
  return names === undefined || text === undefined ? action.request : { ...action.request, [names.text]: text };
}

function wantedUrl({ action, request }: Action): string | undefined {
  const names = NAMED_TEXTS[action];
  if (names === undefined || request[names.text]) return undefined;
  const url = request[names.url];
  return typeof url === 'string' && url !== '' ? url : undefined;
}

interface Wanted {
  readonly url: string;
  /** Path of the request key in the rule, in documented spelling. */
  readonly path: string;
}

function wanted(rule: Rule): readonly Wanted[] {
  const within = (actions: readonly Action[], path: string): readonly Wanted[] =>
    actions.flatMap((action, at) => {
      const url = wantedUrl(action);
      const key = NAMED_TEXTS[action.action]?.url;
      return [
        ...(url === undefined ? [] : [{ url, path: `${path}[${at}].Request.${key}` }]),
        ...within(action.onSuccess, `${path}[${at}].OnSuccess`),
        ...within(action.onFailure, `${path}[${at}].OnFailure`),
      ];
    });
  return [
    ...within(rule.onSuccess, 'OnSuccess'),
    ...within(rule.onFailure, 'OnFailure'),
    ...within(rule.batch?.group?.onDone ?? [], 'Batch.Group.OnDone'),
  ];
}

function unreadableProblem(url: string, path: string, found: string): RuleProblem {
  const values = { path, found, allowed: 'a text that can be read' };
  return { code: 'ResourceUnreadable', url, ...values, message: ruleMessage('ResourceUnreadable', values) };
}
