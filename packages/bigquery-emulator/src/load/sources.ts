import { setImmediate as turn } from 'node:timers/promises';
import type { TableField } from '@bqtail/googlesql-duckdb';
import { fieldNamed } from '@bqtail/googlesql-duckdb';
import { BigQueryError, invalid } from '../errors';
import type { JobContext } from '../jobs/context';
import type { LoadConfiguration } from '../resources';
import type { SourceObject } from '../storage/objects';
import { detectCsv, detectJson } from './autodetect';
import { readAvroRows, schemaOfAvro } from './avroReader';
import type { AvroOptions } from './avroTypes';
import { BadRecords } from './badRecords';
import { badRowError, type SourceRows } from './badRow';
import { selectCanonical } from './canonicalRows';
import { readCsvRows } from './csvReader';
import { csvOptions } from './csvRecords';
import { decimalTypeOf } from './decimals';
import { fileError } from './fileError';
import { readJsonRows } from './jsonReader';
import { stageParquet } from './parquet';
import { RecordCoercion } from './records';
import { RowSink } from './rowSink';
import type { SourceRequest, StagedSources } from './stagedSources';

const WORDS: Record<string, { table: string; processing: string }> = {
  NEWLINE_DELIMITED_JSON: { table: 'JSON table', processing: 'JSON' },
  CSV: { table: 'CSV table', processing: 'CSV' },
  AVRO: { table: 'AVRO table', processing: 'AVRO' },
};

/**
 * Reads and checks all rows of the files.
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
  const sources: SourceRows[] = [];
  try {
    const coercion = new RecordCoercion(fields, {
      ignoreUnknownValues: load.ignoreUnknownValues ?? false,
      jsonNulls: format === 'NEWLINE_DELIMITED_JSON',
    });
    for (const object of objects) {
      const before = sink.rows;
      await readSource(context, { ...request, load }, object, { fields, coercion, sink, bad });
      sources.push({ uri: object.uri, rows: sink.rows - before });
      // Let the server answer between files: many small ones would occupy the event loop.
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
    explain: (error) => {
      const select = (path: string) => selectCanonical({ path, longest: sink.longest }, fields);
      return badRowError(context.database, { path: sink.path, sources, select }, error);
    },
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
    throw fileError(error, object.uri);
  }
}

function avroOptions(load: LoadConfiguration): AvroOptions {
  return { logicalTypes: load.useAvroLogicalTypes ?? false, decimalType: decimalTypeOf(load) };
}

/** The schema for reading the files; for CSV with autodetection also the number of rows to skip. */
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
  // Columns of the table keep their types; detection only adds new columns.
  if (format === 'CSV') {
    const { fields, skip } = await detectCsv(context.objects, objects, load);
    if (fields.length === 0) throw invalid('Schema has no fields.');
    return { fields: fields.map((field) => fieldNamed(existing ?? [], field.name) ?? field), skip };
  }
  const detected = await detectJson(context.objects, objects);
  const fields = [...(existing ?? []), ...detected.filter((field) => !fieldNamed(existing ?? [], field.name))];
  if (fields.length === 0) throw invalid('Schema has no fields.');
  return { fields };
}
