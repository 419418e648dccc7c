import { invalid } from './errors';

const KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const MOST = 64;

/** @throws BigQueryError when the service would refuse these labels. */
export function checkLabels(labels: Readonly<Record<string, string>> | undefined): void {
  const entries = Object.entries(labels ?? {});
  if (entries.length > MOST) throw invalid(`Too many labels: ${entries.length}. The limit is ${MOST}.`, 'labels');
  for (const [key, value] of entries) {
    if (KEY.test(key) && VALUE.test(value)) continue;
    const part = KEY.test(key) ? `value "${value}"` : `key "${key}"`;
    throw invalid(
      `Invalid label ${part}. Label keys and values hold lowercase letters, numeric characters, underscores and dashes only, at most 63; keys start with a letter.`,
      'labels',
    );
  }
}
