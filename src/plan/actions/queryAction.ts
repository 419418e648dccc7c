import { actionRequests } from '../../rules/actionRequests';
import type { JsonObject } from '../../rules/types';
import { plannedJob } from '../planningContext';
import { isQuery } from '../sql/statement';
import type { ActionReader, PlannedAction } from './actionReader';
import { disposition } from './copyAction';

/** A query, statement or script: a job. Only the rows of a query go to Dest (spec 2, section 7, no. 27). */
export function queryAction(request: JsonObject, reader: ActionReader): PlannedAction {
  const { context, step } = reader;
  const { SQL, Dest, Append, UseLegacy, Template, DatasetID } = reader.typed(actionRequests.query, request);
  if (!SQL) throw reader.fault('SQL', SQL, 'SQL, or SQLURL of a text that can be read');
  const named = Dest ? reader.table('Dest', Dest) : undefined;
  const destination = isQuery(SQL) ? named : undefined;
  const query = {
    query: SQL,
    useLegacySql: UseLegacy ?? false,
    ...(UseLegacy ? { allowLargeResults: true } : {}),
    ...(DatasetID ? { defaultDataset: { projectId: context.projectId, datasetId: DatasetID } } : {}),
    ...(destination ? { destinationTable: { ...destination }, writeDisposition: disposition(Append) } : {}),
  };
  const job = plannedJob(context, step, 'query', { query }, named);
  return { kind: 'job', action: 'query', job, ...reader.template(Template, destination) };
}
