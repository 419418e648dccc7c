import type { Action, JsonValue, Rule } from './types';

const SOURCES = /\$\{?(?:LoadURIs|URLs|SourceURI|Source\.URL)\b/;

/**
 * Whether the batch is sealed by listing the folders at due (design, 'Decided differences'): as the rule says, else when its
 * sources go away on success, so that the folders stay small.
 *
 * @example sealsByListing(rule) // true for OnSuccess: [{Action: delete}]
 */
export function sealsByListing(rule: Rule): boolean {
  return rule.batch?.window.seal ?? removesSources(rule.onSuccess);
}

function removesSources(actions: readonly Action[]): boolean {
  return actions.some(({ action, request, onSuccess }) => {
    if (action !== 'delete' && action !== 'move') return removesSources(onSuccess);
    return [request.URLs, request.SourceURLs, request.SourceURL].some(namesSources);
  });
}

function namesSources(value: JsonValue | undefined): boolean {
  if (typeof value === 'string') return SOURCES.test(value);
  return Array.isArray(value) && value.some(namesSources);
}
