import type { JsonObject } from '../../json';
import { actionRequests } from '../../rules/actionRequests';
import { statementConfiguration } from '../jobConfigurations';
import { plannedJob } from '../planningContext';
import { isQuery } from '../sql/statement';
import type { ActionReader, PlannedAction } from './actionReader';
import { disposition } from './copyAction';

/**
 * A query, statement or script, as a job. Only a query writes its rows to `Dest`: BigQuery rejects a destination table for
 * other statements.
 */
export function queryAction(request: JsonObject, reader: ActionReader): PlannedAction {
  const { context, step } = reader;
  const { SQL, Dest, Append, UseLegacy, Template, DatasetID } = reader.typed(actionRequests.query, request);
  if (!SQL) throw reader.fault('SQL', SQL, 'SQL, or SQLURL with the URL of a readable text');
  const dest = Dest ? reader.table('Dest', Dest) : undefined;
  const destination = isQuery(SQL) ? dest : undefined;
  const configuration = statementConfiguration(SQL, UseLegacy, {
    defaultDataset: DatasetID ? { projectId: context.projectId, datasetId: DatasetID } : undefined,
    destinationTable: destination && { ...destination },
    writeDisposition: destination && disposition(Append),
  });
  const job = plannedJob(context, step, 'query', configuration, dest);
  return { kind: 'job', action: 'query', job, prepare: reader.template(Template, destination) };
}
