import type { TableField } from './contract';
import { quoted } from './duckdb/names';

/** The types without element types. */
export type ScalarName =
  | 'INT64'
  | 'FLOAT64'
  | 'NUMERIC'
  | 'BIGNUMERIC'
  | 'BOOL'
  | 'STRING'
  | 'BYTES'
  | 'DATE'
  | 'TIME'
  | 'DATETIME'
  | 'TIMESTAMP'
  | 'INTERVAL'
  | 'JSON'
  | 'GEOGRAPHY';

export interface StructField {
  /** Empty for an anonymous field. */
  readonly name: string;
  readonly type: SqlType;
}

/** A GoogleSQL type. */
export type SqlType =
  | { readonly kind: ScalarName }
  | { readonly kind: 'ARRAY'; readonly element: SqlType }
  | { readonly kind: 'STRUCT'; readonly fields: readonly StructField[] }
  | { readonly kind: 'RANGE'; readonly element: SqlType };

export const INT64: SqlType = { kind: 'INT64' };
export const FLOAT64: SqlType = { kind: 'FLOAT64' };
export const NUMERIC: SqlType = { kind: 'NUMERIC' };
export const BIGNUMERIC: SqlType = { kind: 'BIGNUMERIC' };
export const BOOL: SqlType = { kind: 'BOOL' };
export const STRING: SqlType = { kind: 'STRING' };
export const BYTES: SqlType = { kind: 'BYTES' };
export const DATE: SqlType = { kind: 'DATE' };
export const TIME: SqlType = { kind: 'TIME' };
export const DATETIME: SqlType = { kind: 'DATETIME' };
export const TIMESTAMP: SqlType = { kind: 'TIMESTAMP' };
export const INTERVAL: SqlType = { kind: 'INTERVAL' };
export const JSON_TYPE: SqlType = { kind: 'JSON' };

/** The ARRAY type of an element type. */
export function arrayOf(element: SqlType): SqlType {
  return { kind: 'ARRAY', element };
}

const SPELLINGS: Readonly<Record<string, ScalarName>> = {
  INT64: 'INT64',
  INTEGER: 'INT64',
  INT: 'INT64',
  SMALLINT: 'INT64',
  BIGINT: 'INT64',
  TINYINT: 'INT64',
  BYTEINT: 'INT64',
  FLOAT64: 'FLOAT64',
  FLOAT: 'FLOAT64',
  NUMERIC: 'NUMERIC',
  DECIMAL: 'NUMERIC',
  BIGNUMERIC: 'BIGNUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
  BOOL: 'BOOL',
  BOOLEAN: 'BOOL',
  STRING: 'STRING',
  BYTES: 'BYTES',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'DATETIME',
  TIMESTAMP: 'TIMESTAMP',
  INTERVAL: 'INTERVAL',
  JSON: 'JSON',
  GEOGRAPHY: 'GEOGRAPHY',
};

/** The scalar type of a name or alias in any case; undefined for other names. */
export function scalarNamed(name: string): ScalarName | undefined {
  return SPELLINGS[name.toUpperCase()];
}

const PHYSICAL: Readonly<Record<ScalarName, string>> = {
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  NUMERIC: 'DECIMAL(38,9)',
  BIGNUMERIC: 'DECIMAL(38,18)',
  BOOL: 'BOOLEAN',
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'TIMESTAMP',
  TIMESTAMP: 'TIMESTAMPTZ',
  INTERVAL: 'INTERVAL',
  JSON: 'JSON',
  GEOGRAPHY: 'VARCHAR',
};

/** DuckDB name of a struct field. DuckDB has no anonymous fields, so these get a name by position. */
export function physicalField(type: Extract<SqlType, { kind: 'STRUCT' }>, place: number): string {
  return type.fields[place]?.name || `_field_${place + 1}`;
}

/** The DuckDB type for values of a GoogleSQL type. */
export function duckdbType(type: SqlType): string {
  switch (type.kind) {
    case 'ARRAY':
      return `${duckdbType(type.element)}[]`;
    case 'STRUCT':
      return `STRUCT(${type.fields.map((field, place) => `${quoted(physicalField(type, place))} ${duckdbType(field.type)}`).join(', ')})`;
    case 'RANGE':
      return 'VARCHAR';
    default:
      return PHYSICAL[type.kind];
  }
}

/** The name of a type as in BigQuery's messages and INFORMATION_SCHEMA. */
export function typeName(type: SqlType): string {
  switch (type.kind) {
    case 'ARRAY':
      return `ARRAY<${typeName(type.element)}>`;
    case 'RANGE':
      return `RANGE<${typeName(type.element)}>`;
    case 'STRUCT':
      return `STRUCT<${type.fields.map((field) => (field.name ? `${field.name} ${typeName(field.type)}` : typeName(field.type))).join(', ')}>`;
    default:
      return type.kind;
  }
}

/** Whether two types are equal, ignoring the names of struct fields. */
export function sameType(one: SqlType, two: SqlType): boolean {
  if (one.kind === 'STRUCT' && two.kind === 'STRUCT') {
    return (
      one.fields.length === two.fields.length &&
      one.fields.every((field, place) => sameType(field.type, two.fields[place]?.type ?? INT64))
    );
  }
  if ((one.kind === 'ARRAY' && two.kind === 'ARRAY') || (one.kind === 'RANGE' && two.kind === 'RANGE'))
    return sameType(one.element, two.element);
  return one.kind === two.kind;
}

/** Whether two types have the same DuckDB type, including the names of struct fields. */
export function samePhysical(one: SqlType, two: SqlType): boolean {
  return duckdbType(one) === duckdbType(two);
}

const REST_NAMES: Partial<Record<ScalarName, string>> = { INT64: 'INTEGER', FLOAT64: 'FLOAT', BOOL: 'BOOLEAN' };

/** The REST API's name of a scalar type. */
export function restName(name: ScalarName): string {
  return REST_NAMES[name] ?? name;
}

/** The REST schema field of a column. */
export function toField(name: string, type: SqlType, mode = 'NULLABLE'): TableField {
  switch (type.kind) {
    case 'ARRAY':
      return toField(name, type.element, 'REPEATED');
    case 'STRUCT':
      return {
        name,
        type: 'RECORD',
        mode,
        fields: type.fields.map((field, place) => toField(physicalField(type, place), field.type)),
      };
    case 'RANGE':
      return { name, type: 'RANGE', mode, rangeElementType: { type: type.element.kind } };
    default:
      return { name, type: restName(type.kind), mode };
  }
}

/** The GoogleSQL type of a REST schema field. */
export function fromField(field: TableField): SqlType {
  const single = fromSingle(field);
  return field.mode?.toUpperCase() === 'REPEATED' ? arrayOf(single) : single;
}

function fromSingle(field: TableField): SqlType {
  const name = field.type.toUpperCase();
  if (name === 'RECORD' || name === 'STRUCT') {
    return {
      kind: 'STRUCT',
      fields: (field.fields ?? []).map((inner) => ({ name: inner.name, type: fromField(inner) })),
    };
  }
  if (name === 'RANGE')
    return { kind: 'RANGE', element: { kind: scalarNamed(field.rangeElementType?.type ?? 'DATE') ?? 'DATE' } };
  return { kind: scalarNamed(name) ?? 'STRING' };
}

/** Whether the type is numeric. */
export function isNumber(type: SqlType): boolean {
  return type.kind === 'INT64' || type.kind === 'FLOAT64' || type.kind === 'NUMERIC' || type.kind === 'BIGNUMERIC';
}

/** Whether GROUP BY and DISTINCT accept the type. */
export function isGroupable(type: SqlType): boolean {
  if (type.kind === 'STRUCT') return type.fields.every((field) => isGroupable(field.type));
  if (type.kind === 'ARRAY') return isGroupable(type.element);
  return type.kind !== 'JSON' && type.kind !== 'GEOGRAPHY';
}

/** Whether ORDER BY accepts the type. */
export function isOrderable(type: SqlType): boolean {
  return !['ARRAY', 'STRUCT', 'JSON', 'GEOGRAPHY'].includes(type.kind);
}
