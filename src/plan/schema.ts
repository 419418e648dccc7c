import { isObject, type JsonObject, type JsonValue } from '../json';

/** A column as BigQuery's REST API describes it, as far as plans read it. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly Field[];
  /** The field as given, with what is not read here. */
  readonly source: JsonObject;
}

/** Columns of a table resource; empty for a table without a schema. */
export function fieldsOf(resource: JsonObject): readonly Field[] {
  return isObject(resource.schema) ? readFields(resource.schema.fields) : [];
}

/** The schema of a resource from columns. */
export function schemaOf(fields: readonly Field[]): JsonObject {
  return { fields: fields.map(written) };
}

/** A new column. */
export function newField(name: string, type: string): Field {
  return { name, type, source: { name, type } };
}

/** The column of that name; BigQuery's names have no case. */
export function fieldNamed(fields: readonly Field[], name: string): Field | undefined {
  return fields.find((field) => sameName(field.name, name));
}

/** Whether two texts name the same column. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Type by one of its two names: `INT64` is `INTEGER`. */
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

/** Whether rows of these columns cannot be grouped: MAX knows neither lists nor records nor these types. */
export function isNested(fields: readonly Field[]): boolean {
  return fields.some(
    (field) =>
      field.mode?.toUpperCase() === 'REPEATED' ||
      (field.fields?.length ?? 0) > 0 ||
      ['RECORD', 'JSON', 'GEOGRAPHY'].includes(typeName(field)),
  );
}

/** Whether columns differ in number, names or types at any level. */
export function differ(one: readonly Field[], other: readonly Field[]): boolean {
  if (one.length !== other.length) return true;
  return one.some((field) => {
    const twin = fieldNamed(other, field.name);
    return !twin || typeName(twin) !== typeName(field) || differ(field.fields ?? [], twin.fields ?? []);
  });
}

/** Whether a column that both have is of another type in each, at any level. */
export function contradict(one: readonly Field[], other: readonly Field[]): boolean {
  return one.some((field) => {
    const twin = fieldNamed(other, field.name);
    if (!twin) return false;
    return typeName(twin) !== typeName(field) || contradict(field.fields ?? [], twin.fields ?? []);
  });
}

/**
 * Columns with those of another schema added at every level. A new one is never REQUIRED and one that is no longer REQUIRED
 * there is relaxed: BigQuery adds no other columns to a table with rows.
 */
export function withFields(existing: readonly Field[], added: readonly Field[]): readonly Field[] {
  const kept = existing.map((field) => {
    const twin = fieldNamed(added, field.name);
    return twin ? merged(field, twin) : field;
  });
  return [...kept, ...added.filter((field) => !fieldNamed(existing, field.name)).map(optional)];
}

/** Columns that are there only afterwards, and records that have new fields. */
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
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map((source) => ({
    name: String(source.name ?? ''),
    type: String(source.type ?? 'STRING'),
    ...(typeof source.mode === 'string' ? { mode: source.mode } : {}),
    ...(Array.isArray(source.fields) && source.fields.length > 0 ? { fields: readFields(source.fields) } : {}),
    source,
  }));
}

function written(field: Field): JsonObject {
  return { ...field.source, ...(field.fields ? { fields: field.fields.map(written) } : {}) };
}
