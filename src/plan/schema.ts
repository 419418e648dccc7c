import { isList, isObject, type JsonObject, type JsonValue } from '../json';

/** A column of BigQuery's REST API, with the properties that plans read. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly Field[];
  /** The column as the API returns it, with all properties. */
  readonly source: JsonObject;
}

/** Columns of a table resource; empty if it has no schema. */
export function fieldsOf(resource: JsonObject): readonly Field[] {
  return isObject(resource.schema) ? readFields(resource.schema.fields) : [];
}

/** A schema for a table resource. */
export function schemaOf(fields: readonly Field[]): JsonObject {
  return { fields: fields.map(written) };
}

/** A new column, NULLABLE by BigQuery's default. */
export function newField(name: string, type: string): Field {
  return { name, type, source: { name, type } };
}

/** The column of that name. BigQuery ignores the case of column names. */
export function fieldNamed(fields: readonly Field[], name: string): Field | undefined {
  return fields.find((field) => sameName(field.name, name));
}

/** Whether two names are those of the same column. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The type of a column; of a type with two names, always the same one: `INTEGER` for `INT64`. */
export function typeName(field: Field): string {
  const type = field.type.toUpperCase();
  return ALIASES.get(type) ?? type;
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['INT64', 'INTEGER'],
  ['FLOAT64', 'FLOAT'],
  ['BOOL', 'BOOLEAN'],
  ['STRUCT', 'RECORD'],
  ['DECIMAL', 'NUMERIC'],
  ['BIGDECIMAL', 'BIGNUMERIC'],
]);

/** Whether rows of these columns cannot be grouped: MAX accepts no lists, records, JSON or GEOGRAPHY. */
export function isNested(fields: readonly Field[]): boolean {
  return fields.some(
    (field) =>
      field.mode?.toUpperCase() === 'REPEATED' ||
      (field.fields?.length ?? 0) > 0 ||
      ['RECORD', 'JSON', 'GEOGRAPHY'].includes(typeName(field)),
  );
}

/** Whether two schemas differ in the number, names or types of their columns, at any level. */
export function differ(one: readonly Field[], other: readonly Field[]): boolean {
  if (one.length !== other.length) return true;
  return one.some((field) => {
    const twin = fieldNamed(other, field.name);
    return !twin || typeName(twin) !== typeName(field) || differ(field.fields ?? [], twin.fields ?? []);
  });
}

/** Whether two schemas have a column of the same name with different types, at any level. */
export function contradict(one: readonly Field[], other: readonly Field[]): boolean {
  return one.some((field) => {
    const twin = fieldNamed(other, field.name);
    if (!twin) return false;
    return typeName(twin) !== typeName(field) || contradict(field.fields ?? [], twin.fields ?? []);
  });
}

/**
 * The columns of a schema with those of another one added, at every level. New columns are never REQUIRED, because BigQuery
 * does not add REQUIRED columns to an existing table. A column that is not REQUIRED in `added` is relaxed.
 */
export function withFields(existing: readonly Field[], added: readonly Field[]): readonly Field[] {
  const kept = existing.map((field) => {
    const twin = fieldNamed(added, field.name);
    return twin ? merged(field, twin) : field;
  });
  return [...kept, ...added.filter((field) => !fieldNamed(existing, field.name)).map(optional)];
}

/** The columns of `after` that `before` does not have, and the records that have new fields. */
export function gainedFields(before: readonly Field[], after: readonly Field[]): readonly Field[] {
  return after.filter((field) => {
    const twin = fieldNamed(before, field.name);
    return !twin || gainedFields(twin.fields ?? [], field.fields ?? []).length > 0;
  });
}

function merged(field: Field, twin: Field): Field {
  const relaxed = isRequired(field) && !isRequired(twin) ? optional(field) : field;
  return field.fields ? { ...relaxed, fields: withFields(field.fields, twin.fields ?? []) } : relaxed;
}

function optional(field: Field): Field {
  if (!isRequired(field)) return field;
  return { ...field, mode: 'NULLABLE', source: { ...field.source, mode: 'NULLABLE' } };
}

function isRequired(field: Field): boolean {
  return field.mode?.toUpperCase() === 'REQUIRED';
}

function readFields(value: JsonValue | undefined): readonly Field[] {
  if (!isList(value)) return [];
  return value.filter(isObject).map((source) => ({
    name: String(source.name ?? ''),
    type: String(source.type ?? 'STRING'),
    mode: typeof source.mode === 'string' ? source.mode : undefined,
    fields: isList(source.fields) && source.fields.length > 0 ? readFields(source.fields) : undefined,
    source,
  }));
}

function written(field: Field): JsonObject {
  return { ...field.source, ...(field.fields && { fields: field.fields.map(written) }) };
}
