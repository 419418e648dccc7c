import type { FileRule } from '../rule';
import { checkActions } from './checkActions';
import { checkBatch } from './checkBatch';
import { checkDestination } from './checkDestination';
import { checkPatterns } from './checkPatterns';
import { checkTransformation } from './checkTransformation';
import type { Report } from './report';

/**
 * Everything about one rule that its types do not tell. Fields of a wrong type are missing from the data by then; whoever
 * calls drops what is said about those.
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
