import type { z } from 'zod';
import { isRuleCode, type RuleCode } from '../errorCodes';
import type { OwnPath } from '../sourceText';

export interface TypeProblem {
  readonly code: RuleCode;
  readonly path: OwnPath;
  /** The value that does not fit. */
  readonly found: unknown;
  readonly allowed: string;
  /** Stands in for the value where it cannot just be left out: as an item of a list, whose others keep their places. */
  readonly filler: unknown;
}

type Issue = z.core.$ZodIssue;

/** What zod finds wrong with data, in terms of the catalogue of rule codes. */
export function typeProblems(schema: z.ZodType, data: unknown): TypeProblem[] {
  const result = schema.safeParse(data);
  if (result.success) return [];
  return result.error.issues.map((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    return {
      code: codeOf(issue),
      path,
      found: valueAt(data, path),
      allowed: allowedBy(issue),
      filler: fillerOf(issue),
    };
  });
}

function codeOf(issue: Issue): RuleCode {
  // A schema may name the code of its own problem as the message.
  if (isRuleCode(issue.message)) return issue.message;
  return issue.code === 'too_small' || issue.code === 'too_big' ? 'NumberInvalid' : 'TypeInvalid';
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function allowedBy(issue: Issue): string {
  if (issue.code === 'invalid_type') return NAMES[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return issue.values.map(String).join(', ');
  if (issue.code === 'too_small') return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  if (issue.code === 'invalid_union') {
    const parts = issue.errors.flat().filter(({ path }) => path.length === 0);
    return [...new Set(parts.map(allowedBy))].join(' or ');
  }
  return issue.message;
}

function fillerOf(issue: Issue): unknown {
  if (issue.code !== 'invalid_type') return '';
  if (issue.expected === 'string') return '';
  if (issue.expected === 'boolean') return false;
  if (issue.expected === 'array') return [];
  return issue.expected === 'object' || issue.expected === 'record' ? {} : 0;
}

function valueAt(data: unknown, path: OwnPath): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}
