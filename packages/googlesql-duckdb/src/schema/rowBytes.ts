import { ELEMENT } from '../duckdb/lambda';
import { quoted } from '../duckdb/names';
import { isRepeated, typeOf } from './fields';
import type { TableField } from './resources';

const FIXED: Record<string, number> = { BOOLEAN: 1, NUMERIC: 16, BIGNUMERIC: 32, INTERVAL: 16 };
const TEXTS = new Set(['STRING', 'JSON', 'GEOGRAPHY', 'RANGE']);

/** DuckDB expression of a value's logical bytes: 8 for a number or time, 2 plus the length for a text. */
function bytesSql(field: TableField, value: string): string {
  if (isRepeated(field)) {
    const element = bytesSql({ ...field, mode: 'NULLABLE' }, ELEMENT);
    return `coalesce(list_sum([${element} FOR ${ELEMENT} IN ${value}]), 0)`;
  }
  const type = typeOf(field);
  if (type === 'RECORD') {
    const parts = (field.fields ?? []).map((inner) => bytesSql(inner, `${value}.${quoted(inner.name)}`));
    return `(${parts.join(' + ') || '0'})`;
  }
  if (TEXTS.has(type)) return `coalesce(2 + strlen(${value}), 0)`;
  if (type === 'BYTES') return `coalesce(2 + octet_length(${value}), 0)`;
  return `(CASE WHEN ${value} IS NULL THEN 0 ELSE ${FIXED[type] ?? 8} END)`;
}

/** DuckDB expression of a row's logical bytes. */
export function rowBytesSql(fields: readonly TableField[]): string {
  return fields.map((field) => bytesSql(field, quoted(field.name))).join(' + ') || '0';
}
