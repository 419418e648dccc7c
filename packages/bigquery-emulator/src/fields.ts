import type { TableField } from '@bqtail/googlesql-duckdb';
import { fieldNamed, isTypeName, typeOf } from '@bqtail/googlesql-duckdb';
import { invalid } from './errors';

const MODES = ['NULLABLE', 'REQUIRED', 'REPEATED'];
/** Prefixes of names that the service reserves. */
const RESERVED = /^(?:_PARTITION|_TABLE_|_FILE_|_ROW_TIMESTAMP|__ROOT__|_COLIDENTIFIER)/i;

export function isRequired(field: TableField): boolean {
  return field.mode?.toUpperCase() === 'REQUIRED';
}

const MOST_LEAVES = 10_000;
const MOST_LEVELS = 15;

/** @throws BigQueryError when a table has too many columns, counting the members of records, or too many levels of records. */
export function checkSchemaLimits(fields: readonly TableField[]): void {
  const leaves = leavesOf(fields, 0, '');
  if (leaves > MOST_LEAVES) {
    throw invalid(`Too many total leaf fields: ${leaves}, max allowed field count: ${MOST_LEAVES}`);
  }
}

function leavesOf(fields: readonly TableField[], level: number, path: string): number {
  let count = 0;
  for (const { name, fields: members } of fields) {
    const where = path + name;
    if (members?.length && level >= MOST_LEVELS) {
      throw invalid(`Schema nested too deeply for field ${where}, maximum allowed depth is ${MOST_LEVELS}.`);
    }
    count += members?.length ? leavesOf(members, level + 1, `${where}.`) : 1;
  }
  return count;
}

/**
 * A schema as the service stores it: canonical names of types and modes, and a mode for every field.
 *
 * @throws BigQueryError when a name is invalid or occurs twice, a type or mode is unknown, a record is empty, or the schema
 * exceeds a limit.
 */
export function normalSchema(fields: readonly TableField[], path = ''): TableField[] {
  if (path === '') checkSchemaLimits(fields);
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
    if (!isTypeName(type)) {
      throw invalid(`Invalid value for type: ${field.type} is not a valid value`);
    }
    if (type === 'RECORD' && !field.fields?.length) throw invalid(`Field ${where} is type RECORD but has no schema`);
    const { fields, ...rest } = field;
    return { ...rest, type, mode, fields: type === 'RECORD' ? normalSchema(fields ?? [], `${where}.`) : undefined };
  });
}

/**
 * The fields that a client selects, in the order of the schema: `a` is a column with all its members, `a.b` one member.
 *
 * @throws BigQueryError when a field does not exist.
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
    const selected = members.get(field);
    if (!selected) return [];
    return selected.includes('') ? [field] : [{ ...field, fields: selectedFields(field.fields ?? [], selected) }];
  });
}
