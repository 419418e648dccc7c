import { setImmediate as turn } from 'node:timers/promises';
import type { TableField, TableReference } from '@bqtail/googlesql-duckdb';
import { fieldNamed } from '@bqtail/googlesql-duckdb';
import { BigQueryError, invalid } from '../errors';
import type { JobContext } from '../jobs/context';
import type { ErrorProto, LoadConfiguration } from '../resources';
import type { SourceObject } from '../storage/objects';
import { detectCsv, detectJson } from './autodetect';
import { readAvroRows, schemaOfAvro } from './avroReader';
import type { AvroOptions } from './avroTypes';
import { BadRecords, unreadable } from './badRecords';
import { csvOptions, readCsvRows } from './csvReader';
import { decimalTypeOf } from './decimals';
import { readJsonRows } from './jsonReader';
import { stageParquet } from './parquet';
import { RecordCoercion } from './records';
import { RowSink } from './rowSink';
import { selectCanonical } from './staged';

/** The files of a load job and how to read them. */
export interface SourceRequest {
  readonly load: LoadConfiguration;
  readonly format: string;
  readonly objects: readonly SourceObject[];
  /** The schema in the job's configuration. */
  readonly given?: TableField[];
  /** The schema of the table, when it stays. */
  readonly existing?: TableField[];
  readonly table: TableReference;
  /** Path for a file that lives until the rows are inserted. */
  readonly scratch: string;
}

/** Rows of all the files, ready to be inserted. */
export interface StagedSources {
  readonly fields: TableField[];
  readonly select: string;
  readonly bytes: number;
  readonly badRecords: number;
  readonly warnings: ErrorProto[];
  discard(): Promise<void>;
}

const WORDS: Record<string, { table: string; processing: string }> = {
  NEWLINE_DELIMITED_JSON: { table: 'JSON table', processing: 'JSON' },
  CSV: { table: 'CSV table', processing: 'CSV' },
  AVRO: { table: 'AVRO table', processing: 'AVRO' },
};

/**
 * Reads and checks every row of the files.
 *
 * @throws BigQueryError that names the bad file.
 */
export async function readSources(context: JobContext, request: SourceRequest): Promise<StagedSources> {
  if (request.format === 'PARQUET') return stageParquet(context, request);
  const { fields, skip } = await schemaToRead(context, request);
  const { objects, scratch, format } = request;
  const load = skip === undefined ? request.load : { ...request.load, skipLeadingRows: skip };
  const bad = new BadRecords(WORDS[format] ?? { table: format, processing: format }, Number(load.maxBadRecords ?? 0));
  const sink = new RowSink(scratch);
  try {
    const coercion = new RecordCoercion(fields, { ignoreUnknownValues: load.ignoreUnknownValues ?? false });
    for (const object of objects) {
      await readSource(context, { ...request, load }, object, { fields, coercion, sink, bad });
      // Many small files are one long run of callbacks: let the server answer in between.
      await turn();
    }
    await sink.end();
  } catch (error) {
    await sink.discard();
    throw error;
  }
  return {
    fields,
    select: selectCanonical(sink, fields),
    bytes: sink.bytes,
    badRecords: bad.count,
    warnings: bad.warnings(),
    discard: () => sink.discard(),
  };
}

interface Reading {
  readonly fields: readonly TableField[];
  readonly coercion: RecordCoercion;
  readonly sink: RowSink;
  readonly bad: BadRecords;
}

async function readSource(
  { objects }: JobContext,
  { format, load }: SourceRequest,
  object: SourceObject,
  { fields, coercion, sink, bad }: Reading,
): Promise<void> {
  try {
    if (format === 'AVRO') {
      const file = await objects.download(object);
      await readAvroRows(file, object.uri, avroOptions(load), coercion, sink);
      return;
    }
    const stream = await objects.open(object);
    if (format === 'CSV') await readCsvRows(stream, object.uri, fields, csvOptions(load), sink, bad);
    else await readJsonRows(stream, object.uri, coercion, sink, bad);
  } catch (error) {
    if (!isBrokenZip(error)) throw error;
    throw unreadable(object.uri, 'Compressed CSV/JSON files cannot be decompressed: corrupted gzip data.');
  }
}

function isBrokenZip(error: unknown): boolean {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && code.startsWith('Z_');
}

function avroOptions(load: LoadConfiguration): AvroOptions {
  return { logicalTypes: load.useAvroLogicalTypes ?? false, decimalType: decimalTypeOf(load) };
}

/** The schema that the files are read by; for CSV also how many rows at the top are no data. */
async function schemaToRead(
  context: JobContext,
  request: SourceRequest,
): Promise<{ fields: TableField[]; skip?: number }> {
  const { given, existing, load, format, objects } = request;
  if (given) return { fields: given };
  if (format === 'AVRO') {
    return { fields: await schemaOfAvro(context.objects, objects, avroOptions(load)) };
  }
  if (!load.autodetect) {
    if (existing) return { fields: existing };
    throw new BigQueryError(400, 'invalid', 'No schema specified on job or table.');
  }
  // What the table already has keeps its type; detection only tells what is new.
  if (format === 'CSV') {
    const { fields, skip } = await detectCsv(context.objects, objects, load);
    if (fields.length === 0) throw invalid('Schema has no fields.');
    return { fields: fields.map((field) => fieldNamed(existing ?? [], field.name) ?? field), skip };
  }
  const found = await detectJson(context.objects, objects);
  const fields = [...(existing ?? []), ...found.filter((field) => !fieldNamed(existing ?? [], field.name))];
  if (fields.length === 0) throw invalid('Schema has no fields.');
  return { fields };
}
