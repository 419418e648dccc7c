import { actionRequests } from '../../rules/actionRequests';
import { fromReference, legacyName, type TableReference } from '../../rules/tableReference';
import type { JsonObject } from '../../rules/types';
import { expandText } from '../../rules/variables';
import { wholeTable } from '../facts';
import { copyConfiguration, queryConfiguration } from '../jobConfigurations';
import { plannedJob } from '../planningContext';
import type { ActionReader, PlannedAction } from './actionReader';

/** A copy of one table: a job. */
export function copyAction(request: JsonObject, reader: ActionReader): PlannedAction {
  const { Source, Dest, Append, Template } = reader.typed(actionRequests.copy, request);
  const destination = reader.table('Dest', Dest);
  const configuration = copyConfiguration(reader.table('Source', Source), destination, disposition(Append));
  const job = plannedJob(reader.context, reader.step, 'copy', configuration, destination);
  return { kind: 'job', action: 'copy', job, ...reader.template(Template, destination) };
}

/**
 * A copy partition by partition: the partitions are asked for by the action's job when it runs, and `partitionCopies` makes
 * a copy job of each.
 */
export function partitionsAction(request: JsonObject, reader: ActionReader): PlannedAction {
  const { Source, Dest, Append, Template, PartitionSQL } = reader.typed(actionRequests.copy, request);
  const source = reader.table('Source', Source);
  const destination = reader.table('Dest', Dest);
  const listing = partitionListing(PartitionSQL, wholeTable(source));
  return {
    kind: 'action',
    action: 'copyPartitions',
    request: {
      Source: legacyName(fromReference(source)),
      Dest: legacyName(fromReference(destination)),
      Append: Append ?? false,
      ...(Template ? { Template: legacyName(fromReference(reader.table('Template', Template))) } : {}),
    },
    job: plannedJob(reader.context, reader.step, 'query', listing, source),
  };
}

/** Write disposition of an action: it truncates unless it says Append. */
export function disposition(append: boolean | undefined): string {
  return append ? 'WRITE_APPEND' : 'WRITE_TRUNCATE';
}

/** Partitions without the rows that have none and those that are still in the streaming buffer. */
function partitionListing(sql: string | undefined, source: TableReference): JsonObject {
  const { projectId, datasetId, tableId } = source;
  if (!sql) {
    return queryConfiguration(
      `SELECT partition_id FROM \`${projectId}.${datasetId}.INFORMATION_SCHEMA.PARTITIONS\` ` +
        `WHERE table_name = '${tableId}' AND partition_id NOT IN ('__NULL__', '__UNPARTITIONED__') ORDER BY 1`,
    );
  }
  const names = { Source: { ProjectID: projectId, DatasetID: datasetId, TableID: tableId } };
  // Brackets are the mark of legacy SQL here, as in the original.
  return { query: { query: expandText(sql, names), useLegacySql: /[[\]]/.test(sql) } };
}
