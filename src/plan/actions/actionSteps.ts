import type { JsonObject } from '../../json';
import {
  fromReference,
  legacyName,
  parseTableName,
  type TableReference,
  toReference,
} from '../../rules/tableReference';
import type { Action } from '../../rules/types';
import { expandText } from '../../rules/variables';
import { namesFiles } from '../expandAtRun';
import { PlanError } from '../planError';
import type { PlanningContext } from '../planningContext';
import { replaceSecrets } from '../secretPlaceholder';
import type { Step, StepCondition } from '../steps';
import { ActionReader, type PlannedAction } from './actionReader';
import { copyAction, partitionsAction } from './copyAction';
import { exportAction } from './exportAction';
import { insertAction } from './insertAction';
import { queryAction } from './queryAction';

/**
 * The steps of a list of actions. As in viant/bqtail, steps are numbered depth first: an action, its OnSuccess actions, its
 * OnFailure actions, then the next action of the list. Job IDs contain these numbers.
 *
 * @param field path of the list in the rule, for messages, e.g. `OnSuccess`.
 * @throws PlanError if a request is invalid for its action.
 */
export function actionSteps(actions: readonly Action[], field: string, context: PlanningContext): readonly Step[] {
  return actions.map((action, at) => {
    const place = `${field}[${at}]`;
    const step = context.numbers.next();
    const planned = plannedAction(action, `${place}.Request`, step, context);
    const expandedAtRun =
      planned.kind === 'job'
        ? [planned.job.configuration]
        : [action.request, planned.request, planned.job?.configuration];
    return {
      step,
      ...planned,
      files: expandedAtRun.some(namesFiles) ? context.files : undefined,
      when: action.when && condition(action.when, `${place}.When.Exists`, context),
      onSuccess: actionSteps(action.onSuccess, `${place}.OnSuccess`, context),
      onFailure: actionSteps(action.onFailure, `${place}.OnFailure`, context),
    };
  });
}

function plannedAction(action: Action, field: string, step: number, context: PlanningContext): PlannedAction {
  const request = replaceSecrets(action, context.ruleId, field, context.variables);
  const reader = new ActionReader(context, step, field);
  switch (action.action) {
    case 'copy':
      return request.MultiPartition === true || request.MultiPartition === 'true'
        ? partitionsAction(request, reader)
        : copyAction(request, reader);
    case 'query':
      return queryAction(request, reader);
    case 'export':
      return exportAction(request, reader);
    case 'insert':
      return insertAction(request, reader);
    case 'drop':
      return { kind: 'action', action: 'drop', request: dropRequest(request, reader) };
    default:
      return { kind: 'action', action: action.action, request };
  }
}

function dropRequest(request: JsonObject, reader: ActionReader): JsonObject {
  const { ProjectID: project } = request;
  const projectId = typeof project === 'string' && project !== '' ? project : reader.context.defaultProject;
  return { Table: legacyName(fromReference(reader.table('Table', request.Table, projectId))) };
}

function condition(when: NonNullable<Action['when']>, field: string, context: PlanningContext): StepCondition {
  if (when.exists === undefined) return {};
  return { exists: tableNamed(expandText(when.exists, context.variables), field, context) };
}

function tableNamed(text: string, field: string, { ruleId, defaultProject }: PlanningContext): TableReference {
  const name = parseTableName(text);
  if (!name) throw new PlanError({ ruleId, field, found: text, allowed: '[project:]dataset.table' });
  return toReference(name, defaultProject);
}
