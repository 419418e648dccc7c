import type { FileRule } from '../rule';
import { checkActions } from './checkActions';
import { checkBatch } from './checkBatch';
import { checkDestination } from './checkDestination';
import { checkPatterns } from './checkPatterns';
import { checkTransformation } from './checkTransformation';
import type { Report } from './report';

/**
 * Checks one rule beyond the types of its fields. Fields of a wrong type are missing in `rule`, so the caller must drop reports
 * about them.
 */
export function checkRule(rule: FileRule, report: Report, file: { readonly json: boolean }): void {
  if (rule.Dest === undefined) report('DestMissing', ['Dest']);
  else {
    checkDestination(rule.Dest, report);
    checkTransformation(rule.Dest, report);
  }
  checkPatterns(rule, report);
  checkBatch(rule, report, file.json);
  checkActions(rule.OnSuccess ?? [], ['OnSuccess'], report);
  checkActions(rule.OnFailure ?? [], ['OnFailure'], report);
}
