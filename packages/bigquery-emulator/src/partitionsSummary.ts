import type { TableField } from '@bqtail/googlesql-duckdb';
import { partitionIdSql } from '@bqtail/googlesql-duckdb';
import type { CatalogTable } from './catalog';
import type { Database } from './database';
import { invalid } from './errors';
import { type TableResource, tableName } from './resources';

/** Decorator of the meta-table that lists a table's partitions. */
export const SUMMARY = '__PARTITIONS_SUMMARY__';

const FIELDS: TableField[] = [
  { name: 'project_id', type: 'STRING', mode: 'NULLABLE' },
  { name: 'dataset_id', type: 'STRING', mode: 'NULLABLE' },
  { name: 'table_id', type: 'STRING', mode: 'NULLABLE' },
  { name: 'partition_id', type: 'STRING', mode: 'NULLABLE' },
  { name: 'creation_time', type: 'INTEGER', mode: 'NULLABLE' },
  { name: 'last_modified_time', type: 'INTEGER', mode: 'NULLABLE' },
];

/** The meta-table as tables.get answers. */
export function summaryTable({ resource }: CatalogTable): TableResource {
  const { projectId, datasetId, tableId } = resource.tableReference;
  const tableReference = { projectId, datasetId, tableId: `${tableId}$${SUMMARY}` };
  return {
    kind: 'bigquery#table',
    id: tableName(tableReference),
    tableReference,
    type: 'TABLE',
    schema: { fields: FIELDS },
  };
}

/**
 * The meta-table's rows as tabledata.list answers, all on one page.
 *
 * @param names columns to answer; without them, all.
 * @throws BigQueryError `invalid` when the table is not partitioned.
 */
export async function summaryRows(database: Database, table: CatalogTable, names: readonly string[] | undefined) {
  const id = partitionIdSql(table.resource);
  if (!id) throw invalid(`Table ${tableName(table.resource.tableReference)} is not partitioned.`);
  const { projectId, datasetId, tableId } = table.resource.tableReference;
  const { creationTime, lastModifiedTime } = table.resource;
  const partitions = await database.rows(`SELECT DISTINCT ${id} AS id FROM ${table.relation} ORDER BY 1`);
  const rows = partitions.map((row) => {
    const values = [projectId, datasetId, tableId, String(row['id']), creationTime, lastModifiedTime];
    return {
      f: FIELDS.flatMap((field, place) => (names && !names.includes(field.name) ? [] : [{ v: values[place] ?? null }])),
    };
  });
  return { kind: 'bigquery#tableDataList', etag: table.resource.etag, totalRows: rows.length.toString(), rows };
}
