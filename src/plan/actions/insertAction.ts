import { actionRequests } from '../../rules/actionRequests';
import { fromReference, legacyName } from '../../rules/tableReference';
import type { JsonObject } from '../../rules/types';
import { plannedJob } from '../planningContext';
import type { ActionReader, PlannedAction } from './actionReader';

/** A streaming insert of given rows, or of those that the action's job selects. */
export function insertAction(request: JsonObject, reader: ActionReader): PlannedAction {
  const { context, step } = reader;
  // Rows are read when the step runs: a variable may still stand for all of them.
  const { Data, ...rest } = request;
  const { Dest, SQL, Template, UseLegacy } = reader.typed(actionRequests.insert, rest);
  const destination = reader.table('Dest', Dest);
  const query = {
    query: SQL ?? '',
    useLegacySql: UseLegacy ?? false,
    ...(UseLegacy ? { allowLargeResults: true } : {}),
  };
  // As in the original, rows that are given win over those of a query.
  const selects = Data === undefined && SQL;
  if (Data === undefined && !SQL) throw reader.fault('Data', Data, 'Data or SQL');
  return {
    kind: 'action',
    action: 'insert',
    request: { Dest: legacyName(fromReference(destination)), ...(Data === undefined ? {} : { Data }) },
    ...(selects ? { job: plannedJob(context, step, 'query', { query }, destination) } : {}),
    ...reader.template(Template, destination),
  };
}
