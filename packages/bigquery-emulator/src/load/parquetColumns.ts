import type { TableField } from '@bqtail/googlesql-duckdb';
import { ELEMENT, fieldNamed, literal, quoted, typeOf } from '@bqtail/googlesql-duckdb';
import {
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api';
import type { DecimalType } from './decimals';

const TYPES: Partial<Record<DuckDBTypeId, string>> = {
  [DuckDBTypeId.BOOLEAN]: 'BOOLEAN',
  [DuckDBTypeId.TINYINT]: 'INTEGER',
  [DuckDBTypeId.SMALLINT]: 'INTEGER',
  [DuckDBTypeId.INTEGER]: 'INTEGER',
  [DuckDBTypeId.BIGINT]: 'INTEGER',
  [DuckDBTypeId.UTINYINT]: 'INTEGER',
  [DuckDBTypeId.USMALLINT]: 'INTEGER',
  [DuckDBTypeId.UINTEGER]: 'INTEGER',
  [DuckDBTypeId.UBIGINT]: 'INTEGER',
  [DuckDBTypeId.FLOAT]: 'FLOAT',
  [DuckDBTypeId.DOUBLE]: 'FLOAT',
  [DuckDBTypeId.DATE]: 'DATE',
  [DuckDBTypeId.TIME]: 'TIME',
  [DuckDBTypeId.TIMESTAMP]: 'DATETIME',
  [DuckDBTypeId.TIMESTAMP_MS]: 'DATETIME',
  [DuckDBTypeId.TIMESTAMP_NS]: 'DATETIME',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'TIMESTAMP',
  [DuckDBTypeId.BLOB]: 'BYTES',
};

/** Options of a load job for Parquet files. */
export interface ParquetOptions {
  /** Whether lists become repeated columns. */
  readonly lists: boolean;
  readonly decimalType: DecimalType;
}

/** A column of a Parquet file: its field in BigQuery, and the DuckDB expression of its values. */
export interface ParquetColumn {
  readonly field: TableField;
  readonly sql: string;
}

/**
 * The column for a value of a Parquet file.
 *
 * @param sql DuckDB expression of the value.
 * @param target the field of the table or of the job's schema, which decides some conversions.
 */
export function parquetColumn(
  name: string,
  type: DuckDBType,
  sql: string,
  target: TableField | undefined,
  options: ParquetOptions,
): ParquetColumn {
  if (type instanceof DuckDBListType) {
    const inner = parquetColumn(
      'element',
      type.valueType,
      ELEMENT,
      target?.mode === 'REPEATED' ? target : undefined,
      options,
    );
    if (options.lists || target?.mode === 'REPEATED') {
      const field = { ...inner.field, name, mode: 'REPEATED' };
      const problem = literal(`Only optional fields can be set to NULL. Field: ${name}; Value: NULL`);
      const item = `CASE WHEN ${ELEMENT} IS NULL THEN error(${problem}) ELSE ${inner.sql} END`;
      return { field, sql: `list_transform(coalesce(${sql}, []), lambda ${ELEMENT}: ${item})` };
    }
    // Without list inference, a list keeps Parquet's structure: a record with a repeated record of elements.
    const list = { name: 'list', type: 'RECORD', mode: 'REPEATED', fields: [{ mode: 'NULLABLE', ...inner.field }] };
    const elements = `list_transform(${sql}, lambda ${ELEMENT}: struct_pack("element" := ${inner.sql}))`;
    return {
      field: { name, type: 'RECORD', fields: [list] },
      sql: `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack("list" := ${elements}) END`,
    };
  }
  if (type instanceof DuckDBMapType) {
    const key = parquetColumn('key', type.keyType, `${ELEMENT}.key`, undefined, options);
    const value = parquetColumn('value', type.valueType, `${ELEMENT}.value`, undefined, options);
    const entries = `list_transform(map_entries(${sql}), lambda ${ELEMENT}: struct_pack("key" := ${key.sql}, "value" := ${value.sql}))`;
    const fields = [key.field, value.field].map((field) => ({ mode: 'NULLABLE', ...field }));
    return {
      field: { name, type: 'RECORD', fields: [{ name: 'key_value', type: 'RECORD', mode: 'REPEATED', fields }] },
      sql: `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack("key_value" := ${entries}) END`,
    };
  }
  if (type instanceof DuckDBStructType) {
    const members = type.entryNames.map((member, place) => {
      const inner = type.entryTypes[place];
      if (inner === undefined) throw new Error(`no type for ${member}`);
      return parquetColumn(
        member,
        inner,
        `${sql}.${quoted(member)}`,
        fieldNamed(target?.fields ?? [], member),
        options,
      );
    });
    const packed = members.map(({ field, sql: inner }) => `${quoted(field.name)} := ${inner}`).join(', ');
    const fields = members.map(({ field }) => ({ mode: 'NULLABLE', ...field }));
    return {
      field: { name, type: 'RECORD', fields },
      sql: `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${packed}) END`,
    };
  }
  if (type instanceof DuckDBDecimalType) {
    const decimalType = options.decimalType(type.width, type.scale);
    const text = decimalType === 'STRING' ? `CAST(${sql} AS VARCHAR)` : sql;
    return converted({ field: { name, type: decimalType }, sql: text }, target);
  }
  const field = { name, type: TYPES[type.typeId] ?? 'STRING' };
  return converted({ field, sql: inRange(field, sql) }, target);
}

/** First and last value of types whose DuckDB type has a larger range. */
const RANGES: Record<string, readonly [first: string, last: string]> = {
  DATE: ["DATE '0001-01-01'", "DATE '9999-12-31'"],
  DATETIME: ["TIMESTAMP '0001-01-01 00:00:00'", "TIMESTAMP '9999-12-31 23:59:59.999999'"],
  TIMESTAMP: ["TIMESTAMPTZ '0001-01-01 00:00:00+00'", "TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'"],
};

/** The value, or an error outside of the service's range of its type. */
function inRange({ name, type }: TableField, sql: string): string {
  const range = RANGES[type];
  if (!range) return sql;
  const problem = literal(`Invalid ${type.toLowerCase()} value: it is out of range. Field: ${name}`);
  return `CASE WHEN NOT (${sql} BETWEEN ${range[0]} AND ${range[1]}) THEN error(${problem}) ELSE ${sql} END`;
}

/** Conversions that the service makes if the schema asks for them, by the file's type and the schema's. */
const CONVERSIONS: Record<string, (sql: string) => string> = {
  'BYTES STRING': (sql) => `decode(${sql})`,
  'STRING BYTES': (sql) => `encode(${sql})`,
  'STRING GEOGRAPHY': (sql) => sql,
  'NUMERIC BIGNUMERIC': (sql) => sql,
  'DATETIME TIMESTAMP': (sql) => `(${sql} AT TIME ZONE 'UTC')`,
  'TIMESTAMP DATETIME': (sql) => `(${sql} AT TIME ZONE 'UTC')`,
};

function converted(column: ParquetColumn, target: TableField | undefined): ParquetColumn {
  const type = target && typeOf(target);
  const conversion = type && CONVERSIONS[`${column.field.type} ${type}`];
  return conversion ? { field: { ...column.field, type }, sql: conversion(column.sql) } : column;
}
