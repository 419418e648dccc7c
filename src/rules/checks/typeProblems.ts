import type { z } from 'zod';
import type { JsonPath } from '../../json';
import { allowedBy } from '../../schema/allowedBy';
import { valueAt } from '../../schema/fitToSchema';
import { isRuleCode, type RuleCode } from '../errorCodes';

export interface TypeProblem {
  readonly code: RuleCode;
  readonly path: JsonPath;
  /** The value that does not fit. */
  readonly found: unknown;
  readonly allowed: string;
  /** Replaces the value in a list, so that the other items keep their indexes. */
  readonly filler: unknown;
}

type Issue = z.core.$ZodIssue;

/** The problems that zod reports for data, by rule codes. */
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
  // A schema may set the rule code as its error message.
  if (isRuleCode(issue.message)) return issue.message;
  return issue.code === 'too_small' || issue.code === 'too_big' ? 'NumberInvalid' : 'TypeInvalid';
}

function fillerOf(issue: Issue): unknown {
  if (issue.code !== 'invalid_type') return '';
  if (issue.expected === 'string') return '';
  if (issue.expected === 'boolean') return false;
  if (issue.expected === 'array') return [];
  return issue.expected === 'object' || issue.expected === 'record' ? {} : 0;
}
