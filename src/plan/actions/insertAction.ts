import { definedFields, type JsonObject } from '../../json';
import { actionRequests } from '../../rules/actionRequests';
import { fromReference, legacyName } from '../../rules/tableReference';
import { statementConfiguration } from '../jobConfigurations';
import { plannedJob } from '../planningContext';
import type { ActionReader, PlannedAction } from './actionReader';

/** A streaming insert of the rows in `Data`, or of the rows that the action's job selects. */
export function insertAction(request: JsonObject, reader: ActionReader): PlannedAction {
  const { context, step } = reader;
  // Data is checked when the step runs, because it may be a variable such as `$Data`.
  const { Data, ...rest } = request;
  const { Dest, SQL, Template, UseLegacy } = reader.typed(actionRequests.insert, rest);
  const destination = reader.table('Dest', Dest);
  // As in viant/bqtail, Data takes precedence over SQL.
  const sql = Data === undefined ? SQL : undefined;
  if (Data === undefined && !sql) throw reader.fault('Data', Data, 'Data or SQL');
  return {
    kind: 'action',
    action: 'insert',
    request: definedFields({ Dest: legacyName(fromReference(destination)), Data }),
    job: sql ? plannedJob(context, step, 'query', statementConfiguration(sql, UseLegacy), destination) : undefined,
    prepare: reader.template(Template, destination),
  };
}
