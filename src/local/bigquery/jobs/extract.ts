import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BigQueryError, invalid, missing } from '../errors';
import { extractWriter } from '../extract/writers';
import { partitionFilter, splitDecorator } from '../partitions';
import { columnList } from '../relations';
import { type ExtractConfiguration, tableName } from '../resources';
import type { JobContext } from './context';
import type { JobRun, JobWork } from './jobs';
import { uploadName } from './uploads';

const FORMATS = ['CSV', 'NEWLINE_DELIMITED_JSON', 'AVRO', 'PARQUET'];
const COMPRESSIONS: Record<string, string[]> = {
  CSV: ['NONE', 'GZIP'],
  NEWLINE_DELIMITED_JSON: ['NONE', 'GZIP'],
  AVRO: ['NONE', 'DEFLATE', 'SNAPPY'],
  PARQUET: ['NONE', 'SNAPPY', 'GZIP', 'ZSTD'],
};

/** What can be said against an extract before it is a job. */
export function checkExtract(extract: ExtractConfiguration): void {
  if (!extract.sourceTable?.tableId) throw missing('sourceTable');
  const uris = urisOf(extract);
  if (uris.length === 0) throw missing('destinationUris');
  for (const uri of uris) {
    if (!/^gs:\/\/[^/]+\/.+/.test(uri))
      throw invalid(`Invalid extract destination URI '${uri}'. Must be a valid Google Storage path.`);
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
  const only = partitionId === undefined ? '' : `WHERE ${partitionFilter(table.resource, partitionId)}`;
  const { rows, bytes } = await context.sizes.of(table);
  const uris = urisOf(extract);
  const share = Math.ceil(rows / uris.length) || 1;
  const write = extractWriter({ ...extract, ...formatOf(extract) }, fields);
  const counts: string[] = [];
  for (const [place, uri] of uris.entries()) {
    const path = join(context.scratch, `${uploadName(job.jobReference)}-${place}`);
    const part = uris.length > 1 ? `LIMIT ${share} OFFSET ${place * share}` : '';
    const select = `SELECT ${columnList(fields)} FROM ${table.relation} ${only} ${part}`;
    try {
      await context.database.heavy(() => context.database.use((connection) => write(connection, select, path)));
      await upload(context, path, uri.replace('*', '000000000000'));
    } finally {
      await rm(path, { force: true });
    }
    counts.push('1');
  }
  job.statistics.extract = { destinationUriFileCounts: counts, inputBytes: bytes.toString() };
  await commit(async () => undefined);
}

async function upload(context: JobContext, path: string, uri: string): Promise<void> {
  try {
    await context.objects.upload(path, uri);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const absent = typeof error === 'object' && error !== null && Reflect.get(error, 'code') === 404;
    if (!absent) throw new BigQueryError(503, 'backendError', `Could not write ${uri}: ${message}`);
    throw new BigQueryError(404, 'notFound', `Not found: URI ${uri}`);
  }
}
