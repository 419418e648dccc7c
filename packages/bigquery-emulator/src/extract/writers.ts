import { createWriteStream } from 'node:fs';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { TableField } from '@bqtail/googlesql-duckdb';
import { isRepeated, literal, typeOf } from '@bqtail/googlesql-duckdb';
import type { DuckDBValue } from '@duckdb/node-api';
import { invalid } from '../errors';
import type { ExtractConfiguration } from '../resources';
import { avroWriter } from './avroWriter';
import { csvLine } from './csvLine';
import type { ExtractWriter } from './extractWriter';
import { jsonLine } from './jsonLine';

/** The writer for a format. @throws BigQueryError when the table has nested columns and the format is CSV. */
export function extractWriter(
  extract: ExtractConfiguration & { format: string; compression: string },
  fields: readonly TableField[],
): ExtractWriter {
  const { format, compression } = extract;
  if (format === 'PARQUET') return parquetWriter(compression);
  if (format === 'AVRO') return avroWriter(fields, compression, extract.useAvroLogicalTypes ?? false);
  const zip = compression === 'GZIP';
  if (format === 'NEWLINE_DELIMITED_JSON') return lineWriter((row) => jsonLine(row, fields), '', zip);
  const nested = fields.find((field) => isRepeated(field) || typeOf(field) === 'RECORD');
  if (nested) throw invalid(`Operation cannot be performed on a nested schema. Field: ${nested.name}`);
  const delimiter =
    extract.fieldDelimiter === 'tab' || extract.fieldDelimiter === '\\t' ? '\t' : extract.fieldDelimiter || ',';
  const header = (extract.printHeader ?? true) ? `${fields.map((field) => field.name).join(delimiter)}\n` : '';
  return lineWriter((row) => csvLine(row, fields, delimiter), header, zip);
}

function parquetWriter(compression: string): ExtractWriter {
  const codec = compression === 'NONE' ? 'UNCOMPRESSED' : compression;
  return async (connection, select, path) => {
    await connection.run(`COPY (${select}) TO ${literal(path)} (FORMAT parquet, COMPRESSION ${codec})`);
  };
}

function lineWriter(line: (row: readonly DuckDBValue[]) => string, header: string, zip: boolean): ExtractWriter {
  return async (connection, select, path) => {
    async function* lines(): AsyncGenerator<string> {
      if (header) yield header;
      const result = await connection.stream(select);
      for await (const rows of result.yieldRows()) yield rows.map((row) => `${line(row)}\n`).join('');
    }
    const steps: Transform[] = zip ? [createGzip()] : [];
    await pipeline([Readable.from(lines()), ...steps, createWriteStream(path)]);
  };
}
