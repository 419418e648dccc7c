import type { JsonObject } from '../../json';
import { actionRequests } from '../../rules/actionRequests';
import { fromReference, legacyName, type TableReference } from '../../rules/tableReference';
import { expandText } from '../../rules/variables';
import { wholeTable } from '../facts';
import { copyConfiguration, queryConfiguration } from '../jobConfigurations';
import { plannedJob } from '../planningContext';
import type { ActionReader, PlannedAction } from './actionReader';

/** A copy of one table, as a job. */
export function copyAction(request: JsonObject, reader: ActionReader): PlannedAction {
  const { Source, Dest, Append, Template } = reader.typed(actionRequests.copy, request);
  const destination = reader.table('Dest', Dest);
  const configuration = copyConfiguration(reader.table('Source', Source), destination, disposition(Append));
  const job = plannedJob(reader.context, reader.step, 'copy', configuration, destination);
  return { kind: 'job', action: 'copy', job, prepare: reader.template(Template, destination) };
}

/**
 * A copy partition by partition. The job of the action lists the partitions when the step runs; `partitionCopies` makes one
 * copy job per partition.
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
      ...(Template && { Template: legacyName(fromReference(reader.table('Template', Template))) }),
    },
    job: plannedJob(reader.context, reader.step, 'query', listing, source),
  };
}

/** Write disposition of an action: it truncates unless `Append` is set. */
export function disposition(append: boolean | undefined): string {
  return append ? 'WRITE_APPEND' : 'WRITE_TRUNCATE';
}

/** The query for partition IDs, without those of rows that have no partition or are still in the streaming buffer. */
function partitionListing(sql: string | undefined, source: TableReference): JsonObject {
  const { projectId, datasetId, tableId } = source;
  if (!sql) {
    return queryConfiguration(
      `SELECT partition_id FROM \`${projectId}.${datasetId}.INFORMATION_SCHEMA.PARTITIONS\` ` +
        `WHERE table_name = '${tableId}' AND partition_id NOT IN ('__NULL__', '__UNPARTITIONED__') ORDER BY 1`,
    );
  }
  const names = { Source: { ProjectID: projectId, DatasetID: datasetId, TableID: tableId } };
  // As in viant/bqtail, brackets mean legacy SQL: `[project:dataset.table]`.
  return { query: { query: expandText(sql, names), useLegacySql: /[[\]]/.test(sql) } };
}
