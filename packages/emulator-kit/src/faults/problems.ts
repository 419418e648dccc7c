import type { z } from 'zod';

/** The problems of invalid data, one line per problem: the field, its value, and what is allowed. */
export function problems(error: z.ZodError, data: unknown): string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => `${spelled([...issue.path, key])}: no such field`);
    }
    const value = valueAt(data, issue.path);
    const problem = value === undefined ? 'is missing' : `found ${JSON.stringify(value)}`;
    return [`${spelled(issue.path)}: ${problem}; allowed is ${allowedBy(issue)}`];
  });
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
};

function allowedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return NAMES[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return issue.values.map(String).join(', ');
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  return issue.message;
}

/** `storage[0].match.path` */
function spelled(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text.replace(/^\./, '') || 'the whole';
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}
