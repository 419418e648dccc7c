import type { DatasetInfo, TableField, TableInfo } from '../contract';
import { literal } from '../duckdb/names';
import { fromField, typeName } from '../types';
import { createTableText } from './ddlText';
import { partitionRows } from './partitionsSummary';
import type { VirtualRow } from './virtualTable';

/** The three columns that identify a table. */
export function names(table: TableInfo): VirtualRow {
  return { table_catalog: table.projectId, table_schema: table.datasetId, table_name: table.tableId };
}

/** The row of a dataset in SCHEMATA. */
export function schemaRow(dataset: DatasetInfo): VirtualRow {
  return {
    catalog_name: dataset.projectId,
    schema_name: dataset.datasetId,
    creation_time: { millis: dataset.creationTime },
    last_modified_time: { millis: dataset.lastModifiedTime ?? dataset.creationTime },
    location: dataset.location ?? 'US',
    ddl: `CREATE SCHEMA \`${dataset.projectId}.${dataset.datasetId}\`\nOPTIONS(\n  location="${(dataset.location ?? 'US').toLowerCase()}"\n);`,
    default_collation_name: 'NULL',
  };
}

/** The row of a table in TABLES. */
export function tableRow(table: TableInfo): VirtualRow {
  const view = table.type === 'VIEW';
  return {
    ...names(table),
    table_type: view ? 'VIEW' : 'BASE TABLE',
    managed_table_type: view ? null : 'NATIVE',
    is_insertable_into: view ? 'NO' : 'YES',
    is_fine_grained_mutations_enabled: 'NO',
    is_typed: 'NO',
    is_change_history_enabled: 'NO',
    creation_time: { millis: table.creationTime },
    ddl: createTableText(table),
    default_collation_name: 'NULL',
  };
}

/** The type of a field with its parameters, as INFORMATION_SCHEMA shows it. */
export function shownType(field: TableField): string {
  const repeated = field.mode?.toUpperCase() === 'REPEATED';
  const inner =
    field.fields === undefined
      ? typeName(fromField({ ...field, mode: 'NULLABLE' }))
      : `STRUCT<${field.fields.map((one) => `${one.name} ${shownType(one)}`).join(', ')}>`;
  const parameters =
    field.maxLength !== undefined
      ? `(${field.maxLength})`
      : field.precision !== undefined
        ? `(${field.precision}${field.scale === undefined ? '' : `, ${field.scale}`})`
        : '';
  return repeated ? `ARRAY<${inner}${parameters}>` : `${inner}${parameters}`;
}

/** The rows of a table in COLUMNS. */
export function columnRows(table: TableInfo): VirtualRow[] {
  const partition = table.timePartitioning?.field ?? table.rangePartitioning?.field;
  const rows = table.schema.map((field, place): VirtualRow => {
    const cluster = table.clustering?.fields?.indexOf(field.name) ?? -1;
    return {
      ...names(table),
      column_name: field.name,
      ordinal_position: place + 1,
      is_nullable: field.mode?.toUpperCase() === 'REQUIRED' ? 'NO' : 'YES',
      data_type: shownType(field),
      is_generated: 'NEVER',
      is_hidden: 'NO',
      is_system_defined: 'NO',
      is_partitioning_column: partition?.toLowerCase() === field.name.toLowerCase() ? 'YES' : 'NO',
      clustering_ordinal_position: cluster < 0 ? null : cluster + 1,
      collation_name: 'NULL',
      column_default: field.defaultValueExpression ?? 'NULL',
    };
  });
  if (table.timePartitioning === undefined || table.timePartitioning.field) return rows;
  const pseudo: VirtualRow = {
    ...names(table),
    column_name: '_PARTITIONTIME',
    is_nullable: 'YES',
    data_type: 'TIMESTAMP',
    is_generated: 'NEVER',
    is_hidden: 'YES',
    is_system_defined: 'YES',
    is_partitioning_column: 'YES',
    collation_name: 'NULL',
    column_default: 'NULL',
  };
  return [...rows, pseudo];
}

/** The rows of a column and its nested fields in COLUMN_FIELD_PATHS. */
export function pathRows(table: TableInfo, field: TableField, column: string, path: string): VirtualRow[] {
  const own: VirtualRow = {
    ...names(table),
    column_name: column,
    field_path: path,
    data_type: shownType(field),
    description: field.description,
    collation_name: 'NULL',
  };
  return [own, ...(field.fields ?? []).flatMap((inner) => pathRows(table, inner, column, `${path}.${inner.name}`))];
}

/** Query of the rows of a table in PARTITIONS. */
export function partitionsSql(table: TableInfo): string {
  const modified = `epoch_ms(CAST(${table.lastModifiedTime ?? table.creationTime ?? 0} AS BIGINT)) AT TIME ZONE 'UTC'`;
  return `SELECT ${literal(table.projectId)}, ${literal(table.datasetId)}, ${literal(table.tableId)}, "id", "rows", "bytes", "bytes", ${modified}, 'ACTIVE' FROM (${partitionRows(table)}) AS "p"`;
}
