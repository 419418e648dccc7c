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
    return sumSql(parts);
  }
  if (TEXTS.has(type)) return `coalesce(2 + strlen(${value}), 0)`;
  if (type === 'BYTES') return `coalesce(2 + octet_length(${value}), 0)`;
  return `(CASE WHEN ${value} IS NULL THEN 0 ELSE ${FIXED[type] ?? 8} END)`;
}

/** DuckDB expression of a row's logical bytes. */
export function rowBytesSql(fields: readonly TableField[]): string {
  return sumSql(fields.map((field) => bytesSql(field, quoted(field.name))));
}

/** A sum as a balanced tree: DuckDB limits the depth of expressions, and tables have up to 10,000 columns. */
function sumSql(parts: readonly string[]): string {
  if (parts.length < 2) return `(${parts[0] ?? '0'})`;
  const half = Math.ceil(parts.length / 2);
  return `(${sumSql(parts.slice(0, half))} + ${sumSql(parts.slice(half))})`;
}
