import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TableField, TableReference } from '@bqtail/googlesql-duckdb';
import { isRepeated, typeOf } from '@bqtail/googlesql-duckdb';
import { tableKey } from './catalog';
import { invalid } from './errors';
import type { JobContext } from './jobs/context';
import { Destination } from './jobs/destination';
import { selectCanonical } from './load/canonicalRows';
import { NumberText } from './load/jsonText';
import { RecordCoercion } from './load/records';
import { RowError } from './load/rowError';
import { RowSink } from './load/rowSink';
import { type Fragment, type ScalarCoercion, scalarCoercion } from './load/scalars';
import { splitDecorator } from './partitions';

/** A request of tabledata.insertAll. */
export interface InsertRequest {
  readonly rows?: readonly { insertId?: string; json?: Record<string, unknown> }[];
  readonly skipInvalidRows?: boolean;
  readonly ignoreUnknownValues?: boolean;
  readonly templateSuffix?: string;
}

interface InsertError {
  readonly index: number;
  readonly errors: { reason: string; location: string; debugInfo: string; message: string }[];
}

/** How long a row's insertId prevents a second copy. The service promises about one minute. */
const DEDUPE_MS = 10 * 60 * 1000;
const MOST_ROWS = 50_000;

/**
 * Streams rows into a table; they are stored when the call is answered.
 *
 * @returns the errors of rows that were not stored, as insertAll answers them.
 * @throws BigQueryError when the request or the table is invalid.
 */
export async function insertRows(
  context: JobContext,
  ref: TableReference,
  request: InsertRequest,
): Promise<InsertError[]> {
  const rows = request.rows ?? [];
  if (rows.length === 0) throw invalid('No rows present in the request.');
  if (rows.length > MOST_ROWS) throw invalid(`Too many rows present in the request, limit: ${MOST_ROWS} row(s).`);
  const target = request.templateSuffix ? await fromTemplate(context, ref, request.templateSuffix) : ref;
  const { table: name } = splitDecorator(target);
  return context.queues.run(tableKey(name), async () => {
    const table = context.catalog.table(name);
    const fields = table.resource.schema?.fields ?? [];
    if (fields.length === 0) throw invalid('The destination table has no schema.');
    const coercion = new RecordCoercion(fields.map(mayBeAbsent), {
      ignoreUnknownValues: request.ignoreUnknownValues ?? false,
      coerceScalar: lenient,
    });
    // By the columns that take their default values.
    const good = new Map<string, Fragment[]>();
    const errors: InsertError[] = [];
    const ids: string[] = [];
    for (const [index, row] of rows.entries()) {
      try {
        const fragment = coercion.row(row.json ?? {});
        const id = row.insertId ? `${tableKey(name)} ${row.insertId}` : undefined;
        if (id && (context.insertIds.has(id) || ids.includes(id))) continue;
        if (id) ids.push(id);
        const absent = absentDefaults(fields, row.json ?? {});
        const sameColumns = good.get(absent);
        if (sameColumns) sameColumns.push(fragment);
        else good.set(absent, [fragment]);
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        errors.push(insertError(index, 'invalid', error.message));
      }
    }
    if (errors.length > 0 && !request.skipInvalidRows) {
      const bad = new Map(errors.map((error) => [error.index, error]));
      return rows.map((_row, index) => bad.get(index) ?? insertError(index, 'stopped', ''));
    }
    for (const [absent, fragments] of good) {
      const given = fields.filter((field) => !absent.split('\0').includes(field.name));
      await write(context, target, given, fragments);
    }
    for (const id of ids) context.insertIds.add(id, DEDUPE_MS);
    return errors;
  });
}

/** A row may omit a column with a default value, even a required one. */
function mayBeAbsent(field: TableField): TableField {
  return field.defaultValueExpression === undefined || isRepeated(field) ? field : { ...field, mode: 'NULLABLE' };
}

/** Names of the columns that a row omits and that have default values, joined to a key. */
function absentDefaults(fields: readonly TableField[], row: Readonly<Record<string, unknown>>): string {
  const withDefaults = fields.filter((field) => field.defaultValueExpression !== undefined);
  if (withDefaults.length === 0) return '';
  const given = new Set(Object.keys(row).map((name) => name.toLowerCase()));
  return withDefaults.flatMap(({ name }) => (given.has(name.toLowerCase()) ? [] : [name])).join('\0');
}

async function write(
  context: JobContext,
  target: TableReference,
  fields: readonly TableField[],
  rows: readonly Fragment[],
): Promise<void> {
  const destination = new Destination(context.catalog, target, { writeDisposition: 'WRITE_APPEND' });
  const sink = new RowSink(join(context.scratch, `insert-${randomUUID()}`));
  try {
    for (const row of rows) sink.add(row);
    await sink.end();
    await context.database.transaction((transaction) =>
      destination.write(transaction, fields, selectCanonical(sink, fields)),
    );
  } finally {
    await sink.discard();
  }
}

/** The table whose ID has the suffix. If it does not exist, it is made like the template. */
async function fromTemplate(context: JobContext, ref: TableReference, suffix: string): Promise<TableReference> {
  const target = { ...ref, tableId: ref.tableId + suffix };
  await context.queues.run(tableKey(target), async () => {
    if (context.catalog.findTable(target)) return;
    const { resource } = context.catalog.table(ref);
    const { timePartitioning, rangePartitioning, clustering } = resource;
    const fields = resource.schema?.fields ?? [];
    const destination = new Destination(context.catalog, target, {});
    const noRows = `SELECT ${fields.map(() => 'NULL').join(', ') || 'NULL'} WHERE false`;
    await context.database.transaction((transaction) =>
      destination.write(transaction, fields, noRows, { timePartitioning, rangePartitioning, clustering }),
    );
  });
  return target;
}

function insertError(index: number, reason: string, message: string): InsertError {
  const location =
    /(?:Field: |No such field: |Missing required field: |field: )([\w.]+?)\.?(?:[;\s]|$)/i.exec(message)?.[1] ?? '';
  const text = message
    .replace(/^No such field/, 'no such field')
    .replace(
      /^Could not convert value to integer\. Field: .*?; Value: /s,
      'Cannot convert value to integer (bad value): ',
    );
  return { index, errors: [{ reason, location, debugInfo: '', message: text }] };
}

/** Unlike load jobs, streaming accepts numbers and booleans as strings, and JSON as a string. */
function lenient(field: TableField): ScalarCoercion {
  const coerce = scalarCoercion(field);
  switch (typeOf(field)) {
    case 'STRING':
      return (value, path) => {
        if (typeof value === 'number' || typeof value === 'boolean') return coerce(String(value), path);
        return coerce(value instanceof NumberText ? value.text : value, path);
      };
    case 'JSON':
      return (value, path) => {
        if (typeof value !== 'string') return coerce(value, path);
        try {
          return coerce(JSON.parse(value), path);
        } catch {
          throw new RowError(`Invalid JSON value. Field: ${path}; Value: ${value}`);
        }
      };
    default:
      return coerce;
  }
}
