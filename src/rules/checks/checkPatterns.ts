import { ExpressionFault, parseExpression } from '../expression';
import { regexpFault } from '../regexp';
import type { FileRule } from '../rule';
import type { Report } from './report';

/** Checks conditions and patterns. viant/bqtail accepts an invalid regular expression and ignores it; here it is an error. */
export function checkPatterns(rule: FileRule, report: Report): void {
  const { When, Dest } = rule;
  checkRegexp(When?.Filter, ['When', 'Filter'], report);
  checkRegexp(When?.Exclusion, ['When', 'Exclusion'], report);
  checkRegexp(Dest?.Pattern, ['Dest', 'Pattern'], report);
  checkParameters(Dest?.Parameters ?? [], report);
  if (Dest?.Parameters?.length && !Dest.Pattern) report('PatternMissing', ['Dest', 'Parameters']);
  checkReach(When, report);
}

function checkRegexp(expression: string | undefined, path: Parameters<Report>[1], report: Report): void {
  const fault = expression ? regexpFault(expression) : undefined;
  if (fault !== undefined) report('RegexpInvalid', path, { found: fault });
}

function checkParameters(parameters: readonly { Name?: string; Expression?: string }[], report: Report): void {
  for (const [index, { Name, Expression }] of parameters.entries()) {
    const path = ['Dest', 'Parameters', index];
    if (!Name) report('ParameterIncomplete', [...path, 'Name']);
    try {
      parseExpression(Expression ?? '');
    } catch (error) {
      if (!(error instanceof ExpressionFault)) throw error;
      report(error.code, [...path, 'Expression'], { found: error.found, allowed: error.allowed });
    }
  }
}

/** Checks for conditions that no path can meet. viant/bqtail accepts them, so they are only warnings. */
function checkReach(when: FileRule['When'], report: Report): void {
  if (when?.Directory)
    report('NeverMatches', ['When', 'Directory'], { found: 'true', allowed: 'rules match files only' });
  const prefix = when?.Prefix;
  if (prefix && (!prefix.startsWith('/') || prefix.includes('//')))
    report('NeverMatches', ['When', 'Prefix'], {
      found: prefix,
      allowed: 'a path starts with /, without its bucket, and contains no //',
    });
}
