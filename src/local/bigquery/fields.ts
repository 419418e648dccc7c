import { quoted } from './database';
import { invalid } from './errors';
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

const STORED: Record<string, string> = {
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

const MODES = ['NULLABLE', 'REQUIRED', 'REPEATED'];
/** Beginnings of names that are the service's own. */
const RESERVED = /^(?:_PARTITION|_TABLE_|_FILE_|_ROW_TIMESTAMP|__ROOT__|_COLIDENTIFIER)/i;

/** The name that the REST API answers with for a type: INT64 becomes INTEGER, STRUCT becomes RECORD. */
export function typeOf(field: TableField): string {
  const name = field.type.toUpperCase();
  return CANONICAL[name] ?? name;
}

export function isRepeated(field: TableField): boolean {
  return field.mode?.toUpperCase() === 'REPEATED';
}

export function isRequired(field: TableField): boolean {
  return field.mode?.toUpperCase() === 'REQUIRED';
}

/** Type of the DuckDB column that holds values of `field`. */
export function storedType(field: TableField): string {
  const type = typeOf(field);
  const element =
    type === 'RECORD'
      ? `STRUCT(${(field.fields ?? []).map((inner) => `${quoted(inner.name)} ${storedType(inner)}`).join(', ')})`
      : (STORED[type] ?? 'VARCHAR');
  return isRepeated(field) ? `${element}[]` : element;
}

/**
 * A schema as the service keeps it: types and modes in its own spelling, every field with a mode.
 *
 * @throws BigQueryError when a type is unknown, a record is empty or a name occurs twice.
 */
export function normalSchema(fields: readonly TableField[], path = ''): TableField[] {
  const seen = new Set<string>();
  return fields.map((field) => {
    const where = path + field.name;
    if (!field.name) throw invalid('Field name is missing in the schema.');
    if (!/^[\p{L}\p{N}\p{M}\p{Pc}\p{Pd}&%=+:'<>#| -]{1,300}$/u.test(field.name)) {
      throw invalid(
        `Invalid field name "${field.name}". Fields must contain the allowed characters, and be at most 300 characters long. For allowed characters, please refer to https://cloud.google.com/bigquery/docs/schemas#column_names`,
      );
    }
    if (RESERVED.test(field.name)) {
      throw invalid(
        `Invalid field name "${field.name}". Field names are not allowed to start with the (case-insensitive) prefixes _PARTITION, _TABLE_, _FILE_, _ROW_TIMESTAMP, __ROOT__ and _COLIDENTIFIER`,
      );
    }
    const mode = field.mode?.toUpperCase() || 'NULLABLE';
    if (!MODES.includes(mode)) throw invalid(`Invalid value for mode: ${field.mode} is not a valid value`);
    if (seen.has(field.name.toLowerCase())) throw invalid(`Field ${where} already exists in schema`);
    seen.add(field.name.toLowerCase());
    if (!field.type) throw invalid(`Field ${where} has no type.`);
    const type = typeOf(field);
    if (type !== 'RECORD' && !STORED[type]) throw invalid(`Invalid value for type: ${field.type} is not a valid value`);
    if (type === 'RECORD' && !field.fields?.length) throw invalid(`Field ${where} is type RECORD but has no schema`);
    const inner = type === 'RECORD' ? { fields: normalSchema(field.fields ?? [], `${where}.`) } : {};
    const { fields: _ignored, ...rest } = field;
    return { ...rest, type, mode, ...inner };
  });
}

/** The field of that name; names differ in more than their case. */
export function fieldNamed(fields: readonly TableField[], name: string): TableField | undefined {
  const wanted = name.toLowerCase();
  return fields.find((field) => field.name.toLowerCase() === wanted);
}

/**
 * The fields that a client names, in the order of the schema: `a` is a column with all that is in it, `a.b` one member.
 *
 * @throws BigQueryError when there is no such field.
 */
export function selectedFields(fields: readonly TableField[], names: readonly string[]): TableField[] {
  const members = new Map<TableField, string[]>();
  for (const name of names) {
    const [first = '', ...rest] = name.trim().split('.');
    const field = fieldNamed(fields, first);
    if (!field) throw invalid(`Selected field ${name.trim()} does not exist.`);
    members.set(field, [...(members.get(field) ?? []), rest.join('.')]);
  }
  return fields.flatMap((field) => {
    const wanted = members.get(field);
    if (!wanted) return [];
    return wanted.includes('') ? [field] : [{ ...field, fields: selectedFields(field.fields ?? [], wanted) }];
  });
}
