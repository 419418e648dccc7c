import { quoted } from '../duckdb/names';
import type { TableField } from './resources';

const CANONICAL: Record<string, string> = {
  INT64: 'INTEGER',
  INT: 'INTEGER',
  SMALLINT: 'INTEGER',
  BIGINT: 'INTEGER',
  TINYINT: 'INTEGER',
  BYTEINT: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
  STRUCT: 'RECORD',
  DECIMAL: 'NUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
};

/** The REST API's name of a field's type: INTEGER for INT64, RECORD for STRUCT. */
export function typeOf(field: TableField): string {
  const name = field.type.toUpperCase();
  return CANONICAL[name] ?? name;
}

export function isRepeated(field: TableField): boolean {
  return field.mode?.toUpperCase() === 'REPEATED';
}

/** The field with that name, ignoring case. */
export function fieldNamed(fields: readonly TableField[], name: string): TableField | undefined {
  const wanted = name.toLowerCase();
  return fields.find((field) => field.name.toLowerCase() === wanted);
}

/** DuckDB type by REST type, for types without fields. */
export const STORED_TYPES: Record<string, string> = {
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  INTEGER: 'BIGINT',
  FLOAT: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  NUMERIC: 'DECIMAL(38,9)',
  BIGNUMERIC: 'DECIMAL(38,18)',
  DATE: 'DATE',
  DATETIME: 'TIMESTAMP',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMPTZ',
  JSON: 'JSON',
  GEOGRAPHY: 'VARCHAR',
  INTERVAL: 'INTERVAL',
  RANGE: 'VARCHAR',
};

/** The DuckDB column type of a field. */
export function storedType(field: TableField): string {
  const type = typeOf(field);
  const element =
    type === 'RECORD'
      ? `STRUCT(${(field.fields ?? []).map((inner) => `${quoted(inner.name)} ${storedType(inner)}`).join(', ')})`
      : (STORED_TYPES[type] ?? 'VARCHAR');
  return isRepeated(field) ? `${element}[]` : element;
}
