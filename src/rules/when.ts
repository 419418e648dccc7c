import { regexp } from './regexp';
import type { Rule, When } from './types';

/**
 * Whether a cleaned path meets all conditions of a rule.
 *
 * @example matches({ prefix: '/data/', suffix: '.json', directory: false }, cleanPath('gs://b/data/a.json')) // true
 */
export function matches(when: When, path: string): boolean {
  if (when.directory) return false;
  if (!path.startsWith(when.prefix) || !path.endsWith(when.suffix)) return false;
  if (when.filter !== undefined && !regexp(when.filter).test(path)) return false;
  return when.exclusion === undefined || !regexp(when.exclusion).test(path);
}

/**
 * Whether a file is data of a rule: its path meets the conditions, and it is not a completion file such as `_SUCCESS`.
 *
 * @param path cleaned.
 * @example takes(rule, cleanPath('gs://b/data/_SUCCESS')) // false for Batch.Window.Until: _SUCCESS
 */
export function takes(rule: Pick<Rule, 'when' | 'batch'>, path: string): boolean {
  return !closes(rule, path) && matches(rule.when, path);
}

/** Whether an object has the name that seals the rule's batches: `Batch.Window.Until`. */
export function closes({ batch }: Pick<Rule, 'batch'>, path: string): boolean {
  const until = batch?.window.until;
  return until !== undefined && path.slice(path.lastIndexOf('/') + 1) === until;
}
