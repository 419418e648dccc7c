import type { Action, JsonValue, Rule } from './types';

const SOURCES = /\$\{?(?:LoadURIs|URLs|SourceURI|Source\.URL)\b/;

/**
 * Whether the batch is sealed by listing the folders at due (design, 'Decided differences'): as the rule says, else when its
 * sources go away on success, so that the folders stay small. RollOver asks for it; limits of a batch speak against it, since what
 * is found beyond them would have to be loaded too.
 *
 * @example sealsByListing(rule) // true for OnSuccess: [{Action: delete}]
 */
export function sealsByListing(rule: Rule): boolean {
  const { window, rollOver = false } = rule.batch ?? {};
  const limited = window?.maxFiles !== undefined || window?.maxSizeInMb !== undefined;
  return window?.seal ?? (rollOver || (!limited && removesSources(rule.onSuccess)));
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
