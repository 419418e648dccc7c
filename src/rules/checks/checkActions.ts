import type { JsonPath } from '../../json';
import { nearest } from '../../schema/didYouMean';
import { actionKinds, actionRequests, isActionKind, leafActions, requiredOneOf, tableKeys } from '../actionRequests';
import type { FileAction } from '../rule';
import type { ActionKind } from '../types';
import { isVariable } from '../variables';
import { checkTable } from './checkDestination';
import type { Report } from './report';
import { fitRequest } from './requestFit';

/** Checks a list of actions and their nested actions. */
export function checkActions(actions: readonly FileAction[], path: JsonPath, report: Report): void {
  for (const [index, action] of actions.entries()) checkAction(action, [...path, index], report);
}

function checkAction(action: FileAction, path: JsonPath, report: Report): void {
  const name = action.Action ?? '';
  const kind = name.toLowerCase();
  if (name === '') report('ActionMissing', [...path, 'Action']);
  else if (isActionKind(kind)) {
    checkRequest(kind, action, path, report);
    checkNesting(kind, action, path, report);
  } else {
    const near = nearest(name, actionKinds);
    const allowed = actionKinds.join(', ') + (near === undefined ? '' : ` (did you mean ${near}?)`);
    report('ActionUnknown', [...path, 'Action'], { found: name, allowed });
  }
  checkActions(action.OnSuccess ?? [], [...path, 'OnSuccess'], report);
  checkActions(action.OnFailure ?? [], [...path, 'OnFailure'], report);
}

function checkNesting(kind: ActionKind, action: FileAction, path: JsonPath, report: Report): void {
  if (!leafActions.includes(kind)) return;
  if (action.OnSuccess?.length) report('ActionNested', [...path, 'OnSuccess'], { found: kind });
  if (action.OnFailure?.length) report('ActionNested', [...path, 'OnFailure'], { found: kind });
}

function checkRequest(kind: ActionKind, action: FileAction, path: JsonPath, report: Report): void {
  const { request, problems, ownKey } = fitRequest(kind, action.Request ?? {});
  for (const { code, path: at, found, allowed } of problems)
    report(code, [...path, 'Request', ...at], { found, allowed });

  const required: readonly string[] = requiredKeys(kind);
  for (const key of required)
    if (isEmpty(request[key]))
      report('RequestIncomplete', [...path, 'Request', ownKey(key)], { allowed: required.join(', ') });
  const oneOf =
    kind === 'delete' && Object.keys(action.Request ?? {}).length > 0 ? DELETE_SOURCES : requiredOneOf[kind];
  if (oneOf?.every((key) => isEmpty(request[key])))
    report('RequestIncomplete', [...path, 'Request', oneOf[0] ?? ''], { allowed: oneOf.join(' or ') });

  for (const key of tableKeys[kind] ?? []) {
    const table = request[key];
    if (typeof table === 'string' && !isVariable(table)) checkTable(table, [...path, 'Request', ownKey(key)], report);
  }
}

/** An empty delete request means all source files. A request with any key needs one of these. */
const DELETE_SOURCES: readonly string[] = ['URLs', 'SourceURL'];

function requiredKeys(kind: ActionKind): readonly string[] {
  const required: unknown = actionRequests[kind].meta()?.required;
  return Array.isArray(required) ? required.map(String) : [];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
