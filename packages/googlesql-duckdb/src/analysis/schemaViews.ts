import { BOOL, INT64, STRING, TIMESTAMP } from '../types';
import type { VirtualColumn } from './virtualTable';

/** STRING columns from names separated by blanks. */
export const texts = (names: string): VirtualColumn[] => names.split(' ').map((name) => [name, STRING] as const);
const TABLE_NAME = texts('table_catalog table_schema table_name');

export const SCHEMATA: VirtualColumn[] = [
  ...texts('catalog_name schema_name schema_owner'),
  ['creation_time', TIMESTAMP],
  ['last_modified_time', TIMESTAMP],
  ...texts('location ddl default_collation_name'),
];
export const TABLES: VirtualColumn[] = [
  ...TABLE_NAME,
  ...texts(
    'table_type managed_table_type is_insertable_into is_fine_grained_mutations_enabled is_typed is_change_history_enabled',
  ),
  ['creation_time', TIMESTAMP],
  ...texts('base_table_catalog base_table_schema base_table_name'),
  ['snapshot_time_ms', TIMESTAMP],
  ...texts('ddl default_collation_name'),
  ['upsert_stream_apply_watermark', TIMESTAMP],
];
export const COLUMNS: VirtualColumn[] = [
  ...TABLE_NAME,
  ['column_name', STRING],
  ['ordinal_position', INT64],
  ...texts(
    'is_nullable data_type is_generated generation_expression is_stored is_hidden is_updatable is_system_defined is_partitioning_column',
  ),
  ['clustering_ordinal_position', INT64],
  ...texts('collation_name column_default rounding_mode'),
];
export const FIELD_PATHS: VirtualColumn[] = [
  ...TABLE_NAME,
  ...texts('column_name field_path data_type description collation_name rounding_mode'),
];
export const PARTITIONS: VirtualColumn[] = [
  ...TABLE_NAME,
  ['partition_id', STRING],
  ['total_rows', INT64],
  ['total_logical_bytes', INT64],
  ['total_billable_bytes', INT64],
  ['last_modified_time', TIMESTAMP],
  ['storage_tier', STRING],
];
export const OPTIONS: VirtualColumn[] = [...TABLE_NAME, ...texts('option_name option_type option_value')];
export const SCHEMATA_OPTIONS: VirtualColumn[] = texts('catalog_name schema_name option_name option_type option_value');
export const VIEWS: VirtualColumn[] = [...TABLE_NAME, ...texts('view_definition check_option use_standard_sql')];
export const STORAGE: VirtualColumn[] = [
  ...texts('project_id table_catalog project_number table_schema table_name'),
  ['creation_time', TIMESTAMP],
  ['total_rows', INT64],
  ['total_partitions', INT64],
  ['total_logical_bytes', INT64],
  ['deleted', BOOL],
  ['table_type', STRING],
];
export const CONSTRAINTS: VirtualColumn[] = texts(
  'constraint_catalog constraint_schema constraint_name table_catalog table_schema table_name constraint_type is_deferrable initially_deferred enforced',
);
export const KEYS: VirtualColumn[] = [
  ...texts('constraint_catalog constraint_schema constraint_name table_catalog table_schema table_name column_name'),
  ['ordinal_position', INT64],
  ['position_in_unique_constraint', INT64],
];
export const KEY_COLUMNS: VirtualColumn[] = texts(
  'table_catalog table_schema table_name column_name constraint_catalog constraint_schema constraint_name',
);
export const ROUTINES: VirtualColumn[] = texts(
  'specific_catalog specific_schema specific_name routine_catalog routine_schema routine_name routine_type data_type routine_body routine_definition external_language is_deterministic security_type',
).concat([
  ['created', TIMESTAMP],
  ['last_altered', TIMESTAMP],
  ['ddl', STRING],
]);
