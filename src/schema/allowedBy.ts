import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/**
 * What a schema allows in place of a value that it refused, in words.
 *
 * @example 'a whole number', 'at most 65535', 'PINNED, AUTO_UPGRADE'
 */
export function allowedBy(issue: Issue): string {
  if (issue.code === 'invalid_type') return NAMES[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return issue.values.map(String).join(', ');
  if (issue.code === 'too_small') {
    if (issue.origin === 'string') return 'a text that is not empty';
    if (issue.origin === 'array') return 'a list that is not empty';
    return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
  }
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  if (issue.code === 'invalid_format' && issue.format === 'regex')
    return `a text that matches ${String(issue.pattern).slice(1, -1)}`;
  if (issue.code === 'invalid_format') return FORMATS[issue.format] ?? issue.message;
  if (issue.code === 'invalid_union') {
    const parts = issue.errors.flat().filter(({ path }) => path.length === 0);
    return [...new Set(parts.map(allowedBy))].join(' or ');
  }
  return issue.message;
}

const FORMATS: Readonly<Record<string, string>> = { email: 'an e-mail address', url: 'a URL' };
