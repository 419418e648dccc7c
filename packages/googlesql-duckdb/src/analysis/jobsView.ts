import { ELEMENT } from '../duckdb/lambda';
import { literal } from '../duckdb/names';
import { arrayOf, BOOL, INT64, type SqlType, STRING, TIMESTAMP } from '../types';
import type { VirtualTable } from './virtualTable';

const struct = (...fields: ReadonlyArray<readonly [string, SqlType]>): SqlType => ({
  kind: 'STRUCT',
  fields: fields.map(([name, type]) => ({ name, type })),
});
const TABLE_STRUCT = struct(['project_id', STRING], ['dataset_id', STRING], ['table_id', STRING]);

/** SQL for a member of the job resource, cast to a DuckDB type. */
const member = (path: string, cast = 'VARCHAR') => `CAST("resource"->>'$.${path}' AS ${cast})`;
const millis = (path: string) => `epoch_ms(CAST("resource"->>'$.statistics.${path}' AS BIGINT)) AT TIME ZONE 'UTC'`;
const reference = (path: string) =>
  `CASE WHEN ("resource"->'$.${path}') IS NULL THEN NULL ELSE struct_pack("project_id" := ${member(`${path}.projectId`)}, "dataset_id" := ${member(`${path}.datasetId`)}, "table_id" := ${member(`${path}.tableId`)}) END`;

const JOB_COLUMNS: ReadonlyArray<readonly [string, SqlType, string]> = [
  ['creation_time', TIMESTAMP, `epoch_ms("creation_time") AT TIME ZONE 'UTC'`],
  ['project_id', STRING, '"project_id"'],
  ['project_number', INT64, 'CAST(0 AS BIGINT)'],
  ['user_email', STRING, member('user_email')],
  ['job_id', STRING, '"job_id"'],
  ['job_type', STRING, member('configuration.jobType')],
  ['statement_type', STRING, member('statistics.query.statementType')],
  [
    'priority',
    STRING,
    `coalesce(${member('configuration.query.priority')}, CASE WHEN ${member('configuration.jobType')} = 'QUERY' THEN 'INTERACTIVE' END)`,
  ],
  ['start_time', TIMESTAMP, millis('startTime')],
  ['end_time', TIMESTAMP, millis('endTime')],
  ['query', STRING, member('configuration.query.query')],
  ['state', STRING, '"state"'],
  ['reservation_id', STRING, 'CAST(NULL AS VARCHAR)'],
  [
    'total_bytes_processed',
    INT64,
    `coalesce(${member('statistics.query.totalBytesProcessed', 'BIGINT')}, ${member('statistics.totalBytesProcessed', 'BIGINT')})`,
  ],
  ['total_slot_ms', INT64, member('statistics.totalSlotMs', 'BIGINT')],
  [
    'error_result',
    struct(['reason', STRING], ['location', STRING], ['debug_info', STRING], ['message', STRING]),
    `CASE WHEN ("resource"->'$.status.errorResult') IS NULL THEN NULL ELSE struct_pack("reason" := ${member('status.errorResult.reason')}, "location" := ${member('status.errorResult.location')}, "debug_info" := CAST(NULL AS VARCHAR), "message" := ${member('status.errorResult.message')}) END`,
  ],
  ['cache_hit', BOOL, member('statistics.query.cacheHit', 'BOOLEAN')],
  [
    'destination_table',
    TABLE_STRUCT,
    `coalesce(${['query', 'load', 'copy'].map((kind) => reference(`configuration.${kind}.destinationTable`)).join(', ')})`,
  ],
  [
    'referenced_tables',
    arrayOf(TABLE_STRUCT),
    `CAST(from_json(coalesce("resource"->'$.statistics.query.referencedTables', '[]'), '[{"projectId":"VARCHAR","datasetId":"VARCHAR","tableId":"VARCHAR"}]') AS STRUCT("projectId" VARCHAR, "datasetId" VARCHAR, "tableId" VARCHAR)[])`,
  ],
  [
    'labels',
    arrayOf(struct(['key', STRING], ['value', STRING])),
    `list_transform(coalesce(json_keys("resource"->'$.configuration.labels'), CAST([] AS VARCHAR[])), lambda ${ELEMENT}: struct_pack("key" := ${ELEMENT}, "value" := json_extract_string("resource", '$.configuration.labels."' || ${ELEMENT} || '"')))`,
  ],
  ['total_bytes_billed', INT64, member('statistics.query.totalBytesBilled', 'BIGINT')],
  ['parent_job_id', STRING, '"parent_job_id"'],
  [
    'dml_statistics',
    struct(['inserted_row_count', INT64], ['deleted_row_count', INT64], ['updated_row_count', INT64]),
    `CASE WHEN ("resource"->'$.statistics.query.dmlStats') IS NULL THEN NULL ELSE struct_pack("inserted_row_count" := ${member('statistics.query.dmlStats.insertedRowCount', 'BIGINT')}, "deleted_row_count" := ${member('statistics.query.dmlStats.deletedRowCount', 'BIGINT')}, "updated_row_count" := ${member('statistics.query.dmlStats.updatedRowCount', 'BIGINT')}) END`,
  ],
];

/** INFORMATION_SCHEMA.JOBS: reads the job history that the emulator stores in the DuckDB database. */
export function jobs(projectId: string): VirtualTable {
  const cells = JOB_COLUMNS.map(([name, , sql]) => {
    const made =
      name === 'referenced_tables'
        ? `list_transform(${sql}, lambda ${ELEMENT}: struct_pack("project_id" := ${ELEMENT}."projectId", "dataset_id" := ${ELEMENT}."datasetId", "table_id" := ${ELEMENT}."tableId"))`
        : sql;
    return `${made} AS "${name}"`;
  });
  return {
    sql: `SELECT ${cells.join(', ')} FROM meta.jobs WHERE "project_id" = ${literal(projectId)}`,
    columns: JOB_COLUMNS.map(([name, type]) => ({ name, type, sql: `"${name}"` })),
  };
}
