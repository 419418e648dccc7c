import { regexp } from './regexp';
import type { Rule, When } from './types';

/**
 * Whether a cleaned path fulfils all conditions of a rule (spec 1, section 2.2).
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
 * Whether a file is data of a rule: it fulfils the conditions, and is not the object that closes a batch.
 *
 * @param path cleaned.
 * @example takes(rule, cleanPath('gs://b/data/_SUCCESS')) // false for Batch.Window.Until: _SUCCESS
 */
export function takes(rule: Pick<Rule, 'when' | 'batch'>, path: string): boolean {
  return !closes(rule, path) && matches(rule.when, path);
}

/** Whether an object has the name that closes the rule's batches. */
export function closes({ batch }: Pick<Rule, 'batch'>, path: string): boolean {
  const until = batch?.window.until;
  return until !== undefined && path.slice(path.lastIndexOf('/') + 1) === until;
}
