import type { TableField, TableInfo } from '../contract';
import { tableOptions } from './optionRows';
import { shownType } from './schemaRows';

/** The CREATE statement of a table or view, as in the `ddl` column of INFORMATION_SCHEMA.TABLES. */
export function createTableText(table: TableInfo): string {
  const name = `\`${table.projectId}.${table.datasetId}.${table.tableId}\``;
  if (table.type === 'VIEW') return `CREATE VIEW ${name}\nAS ${table.viewQuery ?? ''};`;
  const columns = table.schema.map((field) => `  ${column(field)}`).join(',\n');
  const options = tableOptions(table).map((option) => `  ${option.option_name}=${option.option_value}`);
  const tail = [
    partitioning(table),
    clustering(table),
    options.length === 0 ? '' : `OPTIONS(\n${options.join(',\n')}\n)`,
  ].filter((part) => part !== '');
  return `CREATE TABLE ${name}\n(\n${columns}\n)${tail.map((part) => `\n${part}`).join('')};`;
}

function column(field: TableField): string {
  const notNull = field.mode?.toUpperCase() === 'REQUIRED' ? ' NOT NULL' : '';
  const fallback = field.defaultValueExpression === undefined ? '' : ` DEFAULT ${field.defaultValueExpression}`;
  const description =
    field.description === undefined || field.description === ''
      ? ''
      : ` OPTIONS(description=${JSON.stringify(field.description)})`;
  return `${field.name} ${shownType(field)}${fallback}${notNull}${description}`;
}

function partitioning(table: TableInfo): string {
  const range = table.rangePartitioning;
  if (range?.field)
    return `PARTITION BY RANGE_BUCKET(${range.field}, GENERATE_ARRAY(${range.range?.start}, ${range.range?.end}, ${range.range?.interval}))`;
  if (table.timePartitioning === undefined) return '';
  const { field, type = 'DAY' } = table.timePartitioning;
  if (!field)
    return type === 'DAY' ? 'PARTITION BY _PARTITIONDATE' : `PARTITION BY TIMESTAMP_TRUNC(_PARTITIONTIME, ${type})`;
  const kind = table.schema.find((one) => one.name.toLowerCase() === field.toLowerCase())?.type.toUpperCase();
  if (kind === 'DATE') return type === 'DAY' ? `PARTITION BY ${field}` : `PARTITION BY DATE_TRUNC(${field}, ${type})`;
  if (type === 'DAY') return `PARTITION BY DATE(${field})`;
  return `PARTITION BY ${kind === 'DATETIME' ? 'DATETIME' : 'TIMESTAMP'}_TRUNC(${field}, ${type})`;
}

function clustering(table: TableInfo): string {
  const fields = table.clustering?.fields ?? [];
  return fields.length === 0 ? '' : `CLUSTER BY ${fields.join(', ')}`;
}
