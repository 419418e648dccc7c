import type { DatasetInfo, TableInfo } from '../contract';

/** One row of TABLE_OPTIONS. */
export interface OptionRow extends Readonly<Record<string, string>> {
  readonly option_name: string;
  readonly option_type: string;
  readonly option_value: string;
}

function row(name: string, type: string, value: string): OptionRow {
  return { option_name: name, option_type: type, option_value: value };
}

function labelRow(labels: Readonly<Record<string, string>> | undefined): OptionRow[] {
  const entries = Object.entries(labels ?? {});
  if (entries.length === 0) return [];
  return [
    row(
      'labels',
      'ARRAY<STRUCT<STRING, STRING>>',
      `[${entries.map(([key, value]) => `STRUCT(${JSON.stringify(key)}, ${JSON.stringify(value)})`).join(', ')}]`,
    ),
  ];
}

const days = (millis: string) => {
  const value = Number(millis) / 86_400_000;
  return Number.isInteger(value) ? `${value}.0` : String(value);
};

/** Rows of TABLE_OPTIONS for a table. Values are SQL literals. */
export function tableOptions(table: TableInfo): OptionRow[] {
  return [
    ...(table.description === undefined ? [] : [row('description', 'STRING', JSON.stringify(table.description))]),
    ...(table.expirationTime === undefined
      ? []
      : [row('expiration_timestamp', 'TIMESTAMP', `TIMESTAMP "${new Date(table.expirationTime).toISOString()}"`)]),
    ...(table.friendlyName === undefined ? [] : [row('friendly_name', 'STRING', JSON.stringify(table.friendlyName))]),
    ...labelRow(table.labels),
    ...(table.timePartitioning?.expirationMs === undefined
      ? []
      : [row('partition_expiration_days', 'FLOAT64', days(table.timePartitioning.expirationMs))]),
    ...(table.requirePartitionFilter === true ? [row('require_partition_filter', 'BOOL', 'true')] : []),
  ];
}

/** Rows of SCHEMATA_OPTIONS for a dataset. */
export function datasetOptions(dataset: DatasetInfo): OptionRow[] {
  return [
    ...(dataset.defaultTableExpirationMs === undefined
      ? []
      : [row('default_table_expiration_days', 'FLOAT64', days(dataset.defaultTableExpirationMs))]),
    ...(dataset.description === undefined ? [] : [row('description', 'STRING', JSON.stringify(dataset.description))]),
    ...(dataset.friendlyName === undefined
      ? []
      : [row('friendly_name', 'STRING', JSON.stringify(dataset.friendlyName))]),
    ...labelRow(dataset.labels),
    row('location', 'STRING', JSON.stringify(dataset.location ?? 'US')),
  ];
}
