import type { TableInfo } from '../contract';
import { INT64 } from '../types';
import { partitionRows } from './partitionsSummary';
import { texts } from './schemaViews';
import { type VirtualColumn, type VirtualTable, virtualTable } from './virtualTable';

const META: VirtualColumn[] = [
  ...texts('project_id dataset_id table_id'),
  ['creation_time', INT64],
  ['last_modified_time', INT64],
  ['row_count', INT64],
  ['size_bytes', INT64],
  ['type', INT64],
];

/** `__TABLES__` of a dataset. */
export function metaTables({ tables }: { tables: readonly TableInfo[] }): VirtualTable {
  return virtualTable(
    META,
    tables.map((table) => ({
      project_id: table.projectId,
      dataset_id: table.datasetId,
      table_id: table.tableId,
      creation_time: table.creationTime ?? 0,
      last_modified_time: table.lastModifiedTime ?? table.creationTime ?? 0,
      row_count: table.type === 'VIEW' ? 0 : { sql: `(SELECT count(*) FROM ${table.relation})` },
      size_bytes: table.type === 'VIEW' ? 0 : { sql: `(SELECT sum("bytes") FROM (${partitionRows(table)}) AS "b")` },
      type: table.type === 'VIEW' ? 2 : 1,
    })),
  );
}
