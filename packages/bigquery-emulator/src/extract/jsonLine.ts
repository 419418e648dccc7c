import type { TableField } from '@bqtail/googlesql-duckdb';
import { isRepeated, typeOf } from '@bqtail/googlesql-duckdb';
import { DuckDBListValue, DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';
import { exportText } from './exportText';

/** A row of newline-delimited JSON as the service writes it: without NULL members, with INT64 and NUMERIC as strings. */
export function jsonLine(row: readonly DuckDBValue[], fields: readonly TableField[]): string {
  const members: string[] = [];
  for (const [place, field] of fields.entries()) {
    const value = row[place] ?? null;
    if (isRepeated(field)) {
      const element = { ...field, mode: 'NULLABLE' };
      const items = value instanceof DuckDBListValue ? value.items : [];
      members.push(`${JSON.stringify(field.name)}:[${items.map((item) => json(item, element)).join(',')}]`);
    } else if (value !== null) {
      members.push(`${JSON.stringify(field.name)}:${json(value, field)}`);
    }
  }
  return `{${members.join(',')}}`;
}

function json(value: DuckDBValue, field: TableField): string {
  if (value === null) return 'null';
  if (value instanceof DuckDBStructValue) return jsonLine(Object.values(value.entries), field.fields ?? []);
  const type = typeOf(field);
  if (typeof value === 'boolean' || type === 'JSON') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return value.toString();
  return JSON.stringify(exportText(value, field));
}
