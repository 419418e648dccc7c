import type { TableInfo } from '../contract';
import { literal } from '../duckdb/names';
import { partitionIdSql } from '../schema/partitions';
import { rowBytesSql } from '../schema/rowBytes';
import { INT64, STRING, TIMESTAMP } from '../types';
import type { VirtualTable } from './virtualTable';

/** Query of `(id, rows, bytes)` per partition. A table without partitions has one row, whose ID is NULL. */
export function partitionRows(table: TableInfo): string {
  const id = partitionIdSql(table);
  const bytes = `CAST(coalesce(sum(${rowBytesSql(table.schema)}), 0) AS BIGINT)`;
  if (id === undefined)
    return `SELECT CAST(NULL AS VARCHAR) AS "id", count(*) AS "rows", ${bytes} AS "bytes" FROM ${table.relation}`;
  return `SELECT ${id} AS "id", count(*) AS "rows", ${bytes} AS "bytes" FROM ${table.relation} GROUP BY 1`;
}

/** The legacy SQL table `t$__PARTITIONS_SUMMARY__`. */
export function summaryOf(table: TableInfo): VirtualTable {
  const created = table.creationTime ?? 0;
  const modified = table.lastModifiedTime ?? created;
  const cells: ReadonlyArray<readonly [string, typeof STRING, string]> = [
    ['project_id', STRING, literal(table.projectId)],
    ['dataset_id', STRING, literal(table.datasetId)],
    ['table_id', STRING, literal(table.tableId)],
    ['partition_id', STRING, '"id"'],
    ['creation_time', INT64, `CAST(${created} AS BIGINT)`],
    ['last_modified_time', INT64, `CAST(${modified} AS BIGINT)`],
    ['creation_timestamp', TIMESTAMP, `epoch_ms(CAST(${created} AS BIGINT)) AT TIME ZONE 'UTC'`],
  ];
  const sql = `SELECT ${cells.map(([name, , cell]) => `${cell} AS "${name}"`).join(', ')} FROM (${partitionRows(table)}) AS "s" WHERE "id" IS NOT NULL`;
  return { sql, columns: cells.map(([name, type]) => ({ name, type, sql: `"${name}"` })) };
}
