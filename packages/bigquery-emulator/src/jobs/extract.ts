import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableField } from '@bqtail/googlesql-duckdb';
import { rowBytesSql } from '@bqtail/googlesql-duckdb';
import type { DuckDBConnection } from '@duckdb/node-api';
import { BigQueryError, invalid, missing } from '../errors';
import { shards } from '../extract/shards';
import { extractWriter } from '../extract/writers';
import { partitionFilter, splitDecorator } from '../partitions';
import { columnList } from '../relations';
import { type ExtractConfiguration, tableName } from '../resources';
import type { TableSize } from '../tableSize';
import { errorCode, errorText } from '../unknownError';
import type { JobContext } from './context';
import { jobFileName } from './jobFileName';
import type { JobRun, JobWork } from './jobs';

const FORMATS = ['CSV', 'NEWLINE_DELIMITED_JSON', 'AVRO', 'PARQUET'];
const COMPRESSIONS: Record<string, string[]> = {
  CSV: ['NONE', 'GZIP'],
  NEWLINE_DELIMITED_JSON: ['NONE', 'GZIP'],
  AVRO: ['NONE', 'DEFLATE', 'SNAPPY'],
  PARQUET: ['NONE', 'SNAPPY', 'GZIP', 'ZSTD'],
};

/** Refuses an invalid extract before it becomes a job. @throws BigQueryError */
export function checkExtract(extract: ExtractConfiguration): void {
  if (!extract.sourceTable?.tableId) throw missing('sourceTable');
  const uris = urisOf(extract);
  if (uris.length === 0) throw missing('destinationUris');
  for (const uri of uris) {
    if (!/^gs:\/\/[^/]+\/.+/.test(uri)) {
      throw invalid(`Invalid extract destination URI '${uri}'. Must be a valid Google Storage path.`);
    }
    if (uri.split('*').length > 2) throw invalid(`Invalid extract destination URI '${uri}'. It may have one wildcard.`);
  }
  const { format, compression } = formatOf(extract);
  if (!FORMATS.includes(format)) throw invalid(`Invalid value for: destinationFormat is not a valid value: ${format}`);
  if (!COMPRESSIONS[format]?.includes(compression)) {
    throw invalid(`Compression ${compression} is not supported for format ${format}.`);
  }
}

function urisOf(extract: ExtractConfiguration): string[] {
  return extract.destinationUris?.length
    ? extract.destinationUris
    : extract.destinationUri
      ? [extract.destinationUri]
      : [];
}

function formatOf(extract: ExtractConfiguration): { format: string; compression: string } {
  const format = extract.destinationFormat || 'CSV';
  return { format: format === 'JSON' ? 'NEWLINE_DELIMITED_JSON' : format, compression: extract.compression || 'NONE' };
}

/** Writes a table to Cloud Storage. */
export function extractWork(context: JobContext): JobWork {
  return (run) => run.turn(undefined, () => extractTable(context, run));
}

async function extractTable(context: JobContext, { job, commit }: JobRun): Promise<void> {
  const extract = job.configuration.extract ?? {};
  if (!extract.sourceTable) throw missing('sourceTable');
  const { table: name, partitionId } = splitDecorator(extract.sourceTable);
  const table = context.catalog.table(name);
  if (!table.relation) throw invalid(`Cannot export a view: ${tableName(name)}.`);
  const fields = table.resource.schema?.fields ?? [];
  const where = partitionId === undefined ? '' : `WHERE ${partitionFilter(table.resource, partitionId)}`;
  const from = `FROM ${table.relation} ${where}`;
  const uris = urisOf(extract);
  const counts = uris.map(() => 0);
  const write = extractWriter({ ...extract, ...formatOf(extract) }, fields);
  // All shards are read in one transaction, so that they show one state of the table.
  const { bytes } = await context.database.transaction(async ({ connection }) => {
    const size = await sizeOf(connection, from, fields);
    for (const { uri, place, limit, offset } of shards(uris, size, tableName(name))) {
      const path = join(context.scratch, `${jobFileName(job.jobReference)}-shard`);
      const select = `SELECT ${columnList(fields)} ${from} LIMIT ${limit} OFFSET ${offset}`;
      try {
        await context.database.heavy(() => write(connection, select, path));
        await upload(context, path, uri);
      } finally {
        await rm(path, { force: true });
      }
      counts[place] = (counts[place] ?? 0) + 1;
    }
    return size;
  });
  job.statistics.extract = { destinationUriFileCounts: counts.map(String), inputBytes: bytes.toString() };
  await commit(async () => undefined);
}

async function sizeOf(connection: DuckDBConnection, from: string, fields: readonly TableField[]): Promise<TableSize> {
  const sql = `SELECT count(*) AS n, coalesce(sum(${rowBytesSql(fields)}), 0)::DOUBLE AS b ${from}`;
  const [row] = (await connection.runAndReadAll(sql)).getRowObjects();
  return { rows: Number(row?.['n'] ?? 0), bytes: Number(row?.['b'] ?? 0) };
}

async function upload(context: JobContext, path: string, uri: string): Promise<void> {
  try {
    await context.objects.upload(path, uri);
  } catch (error) {
    if (errorCode(error) === 404) throw new BigQueryError(404, 'notFound', `Not found: URI ${uri}`);
    throw new BigQueryError(503, 'backendError', `Could not write ${uri}: ${errorText(error)}`);
  }
}
