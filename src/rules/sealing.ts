import type { Action, JsonValue, Rule } from './types';

const SOURCES = /\$\{?(?:LoadURIs|URLs|SourceURI|Source\.URL)\b/;

/**
 * Whether a batch is sealed by listing its folders when the window is due (docs/compatibility.md#sealing). `Window.Seal` decides;
 * without it, RollOver and rules that delete or move their files on success do so, because their folders stay small. Rules with
 * limits of a batch do not, because the files of the listing could exceed the limits.
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
