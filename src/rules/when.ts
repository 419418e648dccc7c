import { regexp } from './regexp';
import type { When } from './types';

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
