import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableField } from '@bqtail/googlesql-duckdb';
import { fieldNamed, isRepeated, literal, quoted, rowBytesSql, storedType, typeOf } from '@bqtail/googlesql-duckdb';
import { BigQueryError, invalid } from '../errors';
import { normalSchema } from '../fields';
import type { JobContext } from '../jobs/context';
import type { SourceObject } from '../storage/objects';
import { unreadable } from './badRecords';
import { isSelectable } from './badRow';
import { decimalTypeOf } from './decimals';
import { isOwnFault, reasonOf } from './fileError';
import { type ParquetColumn, type ParquetOptions, parquetColumn } from './parquetColumns';
import type { SourceRequest, StagedSources } from './stagedSources';

/**
 * Lets DuckDB read Parquet files. Each file is first opened on its own, so that errors name the bad file.
 *
 * @throws BigQueryError when a file is not Parquet, or its columns do not match the job's schema or the other files.
 */
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
    const targets = request.given ?? request.existing ?? [];
    const options = { lists: load.parquetOptions?.enableListInference ?? false, decimalType: decimalTypeOf(load) };
    const columnsByName = new Map<string, ParquetColumn>();
    for (const [place, object] of objects.entries()) {
      const path = paths[place] ?? '';
      const columns = await columnsOf(context, path, object.uri, targets, options);
      const fields = normalSchema(columns.map(({ field }) => field));
      await checkTypes(context, path, object.uri, fields, request.given ?? []);
      await checkTypes(
        context,
        path,
        object.uri,
        fields,
        [...columnsByName.values()].map(({ field }) => field),
      );
      for (const column of columns) columnsByName.set(column.field.name.toLowerCase(), column);
    }
    // A column of the job's schema that is in no file is NULL in all rows.
    const absent = (request.given ?? []).filter(({ name }) => !columnsByName.has(name.toLowerCase()));
    const columns = [
      ...columnsByName.values(),
      ...absent.map((field) => ({ field, sql: isRepeated(field) ? '[]' : 'NULL' })),
    ];
    const fields = columns.map(({ field }) => field);
    const list = columns.map(({ field, sql }) => `CAST(${sql} AS ${storedType(field)}) AS ${quoted(field.name)}`);
    const files = `[${paths.map(literal).join(', ')}], union_by_name = true`;
    const select = `SELECT ${list.join(', ')} FROM read_parquet(${files})`;
    // The other files may bring columns that this one lacks.
    const selectOne = (path: string) =>
      `SELECT ${list.join(', ')} FROM read_parquet(${files}, filename = '_path') WHERE "_path" = ${literal(path)}`;
    const explain = (error: unknown) => badFileError(context, objects, paths, selectOne, error);
    const size = await logicalBytes(context, fields, select).catch(async (error: unknown) => {
      throw await explain(error);
    });
    return {
      fields,
      select,
      bytes: size,
      badRecords: 0,
      warnings: [],
      explain,
      discard: () => rm(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function logicalBytes({ database }: JobContext, fields: readonly TableField[], select: string): Promise<number> {
  const sql = `SELECT coalesce(sum(${rowBytesSql(fields)}), 0)::DOUBLE AS bytes FROM (${select})`;
  const [size] = await database.heavy(() => database.rows(sql));
  return Number(size?.['bytes'] ?? 0);
}

/** The error of the first file that DuckDB cannot read as a whole. */
async function badFileError(
  { database }: JobContext,
  objects: readonly SourceObject[],
  paths: readonly string[],
  selectOne: (path: string) => string,
  error: unknown,
): Promise<unknown> {
  if (error instanceof BigQueryError || isOwnFault(error)) return error;
  for (const [place, { uri }] of objects.entries()) {
    const path = paths[place] ?? '';
    if (await isSelectable(database, selectOne(path))) continue;
    return unreadable(uri, reasonOf(error).replaceAll(path, uri));
  }
  return error;
}

async function columnsOf(
  { database }: JobContext,
  path: string,
  uri: string,
  targets: readonly TableField[],
  options: ParquetOptions,
): Promise<ParquetColumn[]> {
  return database.use(async (connection) => {
    try {
      const result = await connection.run(`SELECT * FROM read_parquet(${literal(path)}) LIMIT 0`);
      await checkNames(connection, path);
      const required = await requiredColumns(connection, path);
      return result.columnNames().map((name, place) => {
        const column = parquetColumn(name, result.columnType(place), quoted(name), fieldNamed(targets, name), options);
        const mode = required.has(name) ? 'REQUIRED' : 'NULLABLE';
        return { ...column, field: { mode, ...column.field } };
      });
    } catch (error) {
      if (error instanceof BigQueryError) throw error;
      throw unreadable(uri, `Input file is not in Parquet format. ${reasonOf(error).replaceAll(path, uri)}`);
    }
  });
}

/** @throws BigQueryError when a column has another type than in the job's schema or in an earlier file. */
async function checkTypes(
  { database }: JobContext,
  path: string,
  uri: string,
  fields: readonly TableField[],
  given: readonly TableField[],
): Promise<void> {
  const clash = firstClash(fields, given);
  if (!clash) return;
  const { name, target } = clash;
  const sql = `SELECT type FROM parquet_schema(${literal(path)}) WHERE name = ${literal(name)} LIMIT 1`;
  const [physical] = await database.rows(sql);
  const type = String(physical?.['type'] ?? 'group');
  throw unreadable(
    uri,
    `Parquet column '${name}' has type ${type} which does not match the target cpp_type ${CPP_TYPES[typeOf(target)] ?? typeOf(target)}.`,
  );
}

const CPP_TYPES: Record<string, string> = { INTEGER: 'INT64', FLOAT: 'DOUBLE', BOOLEAN: 'BOOL' };

function firstClash(
  fields: readonly TableField[],
  targets: readonly TableField[],
): { name: string; target: TableField } | undefined {
  for (const field of fields) {
    const target = fieldNamed(targets, field.name);
    if (!target) continue;
    if (typeOf(target) !== typeOf(field)) return { name: field.name, target };
    const inner = firstClash(field.fields ?? [], target.fields ?? []);
    if (inner) return inner;
  }
  return undefined;
}

/** @throws BigQueryError when two columns have the same name in different cases, which DuckDB would rename. */
async function checkNames(
  connection: { runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }> },
  path: string,
): Promise<void> {
  const reader = await connection.runAndReadAll(`SELECT name, num_children FROM parquet_schema(${literal(path)})`);
  const seen = new Set<string>();
  // The first node is the root; members of a column follow it.
  let members = 0;
  for (const [given, children] of reader.getRows().slice(1)) {
    const name = String(given);
    const isColumn = members === 0;
    members += Number(children ?? 0) - (isColumn ? 0 : 1);
    if (!isColumn) continue;
    if (seen.has(name.toLowerCase())) throw invalid(`Field ${name} already exists in schema`);
    seen.add(name.toLowerCase());
  }
}

async function requiredColumns(
  connection: { runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }> },
  path: string,
): Promise<Set<string>> {
  const sql = `SELECT name FROM parquet_schema(${literal(path)}) WHERE repetition_type = 'REQUIRED'`;
  return new Set((await connection.runAndReadAll(sql)).getRows().map(([name]) => String(name)));
}
