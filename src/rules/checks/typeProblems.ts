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

function fillerOf(issue: Issue): unknown {
  if (issue.code !== 'invalid_type') return '';
  if (issue.expected === 'string') return '';
  if (issue.expected === 'boolean') return false;
  if (issue.expected === 'array') return [];
  return issue.expected === 'object' || issue.expected === 'record' ? {} : 0;
}
