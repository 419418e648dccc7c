import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableField } from '@bqtail/googlesql-duckdb';
import {
  ELEMENT,
  fieldNamed,
  isRepeated,
  literal,
  quoted,
  rowBytesSql,
  storedType,
  typeOf,
} from '@bqtail/googlesql-duckdb';
import {
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api';
import { BigQueryError } from '../errors';
import type { JobContext } from '../jobs/context';
import { unreadable } from './badRecords';
import { type DecimalType, decimalTypeOf } from './decimals';
import type { SourceRequest, StagedSources } from './sources';

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

interface ParquetOptions {
  readonly lists: boolean;
  readonly decimalType: DecimalType;
}

/** A column of a Parquet file: what the service makes of it, and the DuckDB expression that does. */
interface ParquetColumn {
  readonly field: TableField;
  readonly sql: string;
}

/** Lets DuckDB read Parquet files: each is opened on its own first, so that a bad one is named. */
export async function stageParquet(context: JobContext, request: SourceRequest): Promise<StagedSources> {
  const { objects, scratch, load } = request;
  const folder = `${scratch}-files`;
  const paths: string[] = [];
  try {
    for (const [place, object] of objects.entries()) {
      if (object.path !== undefined) paths.push(object.path);
      else {
        await mkdir(folder, { recursive: true });
        const path = join(folder, `${place}.parquet`);
        await writeFile(path, await context.objects.download(object));
        paths.push(path);
      }
    }
    const wanted = request.given ?? request.existing ?? [];
    const options = { lists: load.parquetOptions?.enableListInference ?? false, decimalType: decimalTypeOf(load) };
    const found = new Map<string, ParquetColumn>();
    for (const [place, object] of objects.entries()) {
      const path = paths[place] ?? '';
      const columns = await columnsOf(context, path, object.uri, wanted, options);
      const fields = columns.map(({ field }) => field);
      await checkTypes(context, path, object.uri, fields, request.given ?? []);
      await checkTypes(
        context,
        path,
        object.uri,
        fields,
        [...found.values()].map(({ field }) => field),
      );
      for (const column of columns) found.set(column.field.name.toLowerCase(), column);
    }
    // What the job's schema has and no file holds is NULL in all rows.
    const absent = (request.given ?? []).filter(({ name }) => !found.has(name.toLowerCase()));
    const columns = [...found.values(), ...absent.map((field) => ({ field, sql: isRepeated(field) ? '[]' : 'NULL' }))];
    const fields = columns.map(({ field }) => field);
    const files = paths.map(literal).join(', ');
    const list = columns.map(({ field, sql }) => `CAST(${sql} AS ${storedType(field)}) AS ${quoted(field.name)}`);
    const select = `SELECT ${list.join(', ')} FROM read_parquet([${files}], union_by_name = true)`;
    const [size] = await context.database.heavy(() =>
      context.database.rows(`SELECT coalesce(sum(${rowBytesSql(fields)}), 0)::DOUBLE AS bytes FROM (${select})`),
    );
    return {
      fields,
      select,
      bytes: Number(size?.['bytes'] ?? 0),
      badRecords: 0,
      warnings: [],
      discard: () => rm(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function columnsOf(
  { database }: JobContext,
  path: string,
  uri: string,
  wanted: readonly TableField[],
  options: ParquetOptions,
): Promise<ParquetColumn[]> {
  return database.use(async (connection) => {
    try {
      const result = await connection.run(`SELECT * FROM read_parquet(${literal(path)}) LIMIT 0`);
      const required = await requiredColumns(connection, path);
      return result.columnNames().map((name, place) => {
        const known = fieldNamed(wanted, name);
        const column = columnOf(name, result.columnType(place), quoted(name), known, options);
        const mode = required.has(name) ? 'REQUIRED' : 'NULLABLE';
        return { ...column, field: { mode, ...column.field } };
      });
    } catch (error) {
      if (error instanceof BigQueryError) throw error;
      // What follows an empty line is DuckDB's own statement.
      const [reason = ''] = String(error instanceof Error ? error.message : error)
        .replaceAll(path, uri)
        .split('\n\n');
      throw unreadable(uri, `Input file is not in Parquet format. ${reason}`);
    }
  });
}

/** A type in the job's schema, or in the files before, is what the file must hold; no other one is stored instead. */
async function checkTypes(
  { database }: JobContext,
  path: string,
  uri: string,
  fields: readonly TableField[],
  given: readonly TableField[],
): Promise<void> {
  const clash = firstClash(fields, given);
  if (!clash) return;
  const { name, wanted } = clash;
  const sql = `SELECT type FROM parquet_schema(${literal(path)}) WHERE name = ${literal(name)} LIMIT 1`;
  const [physical] = await database.rows(sql);
  const type = String(physical?.['type'] ?? 'group');
  throw unreadable(
    uri,
    `Parquet column '${name}' has type ${type} which does not match the target cpp_type ${CPP_TYPES[typeOf(wanted)] ?? typeOf(wanted)}.`,
  );
}

const CPP_TYPES: Record<string, string> = { INTEGER: 'INT64', FLOAT: 'DOUBLE', BOOLEAN: 'BOOL' };

function firstClash(
  found: readonly TableField[],
  wanted: readonly TableField[],
): { name: string; wanted: TableField } | undefined {
  for (const field of found) {
    const target = fieldNamed(wanted, field.name);
    if (!target) continue;
    if (typeOf(target) !== typeOf(field)) return { name: field.name, wanted: target };
    const inner = firstClash(field.fields ?? [], target.fields ?? []);
    if (inner) return inner;
  }
  return undefined;
}

async function requiredColumns(
  connection: { runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }> },
  path: string,
): Promise<Set<string>> {
  const sql = `SELECT name FROM parquet_schema(${literal(path)}) WHERE repetition_type = 'REQUIRED'`;
  return new Set((await connection.runAndReadAll(sql)).getRows().map(([name]) => String(name)));
}

function columnOf(
  name: string,
  type: DuckDBType,
  sql: string,
  known: TableField | undefined,
  options: ParquetOptions,
): ParquetColumn {
  if (type instanceof DuckDBListType) {
    const inner = columnOf('element', type.valueType, ELEMENT, known?.mode === 'REPEATED' ? known : undefined, options);
    if (options.lists || known?.mode === 'REPEATED') {
      const field = { ...inner.field, name, mode: 'REPEATED' };
      return { field, sql: `list_transform(coalesce(${sql}, []), lambda ${ELEMENT}: ${inner.sql})` };
    }
    // Without list inference a list is what Parquet writes: a record with a repeated record of elements.
    const list = { name: 'list', type: 'RECORD', mode: 'REPEATED', fields: [{ mode: 'NULLABLE', ...inner.field }] };
    const elements = `list_transform(${sql}, lambda ${ELEMENT}: struct_pack("element" := ${inner.sql}))`;
    return {
      field: { name, type: 'RECORD', fields: [list] },
      sql: `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack("list" := ${elements}) END`,
    };
  }
  if (type instanceof DuckDBMapType) {
    const key = columnOf('key', type.keyType, `${ELEMENT}.key`, undefined, options);
    const value = columnOf('value', type.valueType, `${ELEMENT}.value`, undefined, options);
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
      return columnOf(member, inner, `${sql}.${quoted(member)}`, fieldNamed(known?.fields ?? [], member), options);
    });
    const packed = members.map(({ field, sql: inner }) => `${quoted(field.name)} := ${inner}`).join(', ');
    const fields = members.map(({ field }) => ({ mode: 'NULLABLE', ...field }));
    return {
      field: { name, type: 'RECORD', fields },
      sql: `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${packed}) END`,
    };
  }
  if (type instanceof DuckDBDecimalType) {
    const target = options.decimalType(type.width, type.scale);
    const text = target === 'STRING' ? `CAST(${sql} AS VARCHAR)` : sql;
    return converted({ field: { name, type: target }, sql: text }, known);
  }
  return converted({ field: { name, type: TYPES[type.typeId] ?? 'STRING' }, sql }, known);
}

/** What the service makes of a column when the schema says so, by the file's type and the wanted one. */
const CONVERSIONS: Record<string, (sql: string) => string> = {
  'BYTES STRING': (sql) => `decode(${sql})`,
  'STRING BYTES': (sql) => `encode(${sql})`,
  'STRING GEOGRAPHY': (sql) => sql,
  'NUMERIC BIGNUMERIC': (sql) => sql,
  'DATETIME TIMESTAMP': (sql) => `(${sql} AT TIME ZONE 'UTC')`,
  'TIMESTAMP DATETIME': (sql) => `(${sql} AT TIME ZONE 'UTC')`,
};

function converted(column: ParquetColumn, known: TableField | undefined): ParquetColumn {
  const type = known && typeOf(known);
  const conversion = type && CONVERSIONS[`${column.field.type} ${type}`];
  return conversion ? { field: { ...column.field, type }, sql: conversion(column.sql) } : column;
}
