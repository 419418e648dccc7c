import { existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableField } from '@bqtail/googlesql-duckdb';
import { fieldNamed } from '@bqtail/googlesql-duckdb';
import { tableKey } from '../catalog';
import { BigQueryError, invalid, missing, notFound } from '../errors';
import { normalSchema } from '../fields';
import { checkOptions } from '../load/options';
import { readSources } from '../load/sources';
import type { StagedSources } from '../load/stagedSources';
import { splitDecorator } from '../partitions';
import type { JobResource, LoadConfiguration } from '../resources';
import type { SourceObject } from '../storage/objects';
import { isConflict } from './conflicts';
import type { JobContext } from './context';
import { Destination, type TableProperties } from './destination';
import { jobFileName } from './jobFileName';
import type { JobRun, JobWork } from './jobs';
import { checkSchemaUpdate } from './schemaUpdate';

/** Formats of the service that the emulator cannot read: it accepts their jobs, which fail. */
const UNREAD_FORMATS = ['ORC', 'DATASTORE_BACKUP'];
const FORMATS = ['NEWLINE_DELIMITED_JSON', 'CSV', 'AVRO', 'PARQUET'];
const MOST_URIS = 10_000;

/**
 * Refuses an invalid load before it becomes a job.
 *
 * @param uploaded whether the request brings the media, so that there need be no source URIs.
 * @throws BigQueryError
 */
export function checkLoad(load: LoadConfiguration, uploaded: boolean): void {
  if (!load.destinationTable?.tableId) throw missing('destinationTable');
  const uris = load.sourceUris ?? [];
  if (!uploaded && uris.length === 0) throw missing('sourceUris');
  if (uris.length > MOST_URIS) throw invalid(`Too many source URIs: ${uris.length}. The limit is ${MOST_URIS}.`);
  for (const uri of uris) {
    if (!/^gs:\/\/[^/]+\/.+/.test(uri)) throw invalid(`Source URI must be a Google Cloud Storage location: ${uri}`);
  }
  const format = formatOf(load);
  if (![...FORMATS, ...UNREAD_FORMATS].includes(format)) {
    throw invalid(`Invalid value for: sourceFormat is not a valid value: ${format}`);
  }
  checkOptions(load);
  checkSchemaUpdate(load.schemaUpdateOptions, load.writeDisposition || 'WRITE_APPEND', load.destinationTable);
  if (load.schema?.fields) normalSchema(load.schema.fields);
}

function formatOf(load: LoadConfiguration): string {
  const format = load.sourceFormat || 'CSV';
  return format === 'JSON' ? 'NEWLINE_DELIMITED_JSON' : format;
}

/** Loads files into a table, all or none. */
export function loadWork(context: JobContext): JobWork {
  return (run) => {
    const table = run.job.configuration.load?.destinationTable;
    return run.turn(table ? tableKey(splitDecorator(table).table) : undefined, () => loadFiles(context, run));
  };
}

async function loadFiles(context: JobContext, { job, commit }: JobRun): Promise<void> {
  const load = job.configuration.load ?? {};
  if (!load.destinationTable) throw missing('destinationTable');
  const format = formatOf(load);
  if (!FORMATS.includes(format)) {
    throw invalid(`Source format ${format} is not supported by the local BigQuery; it reads ${FORMATS.join(', ')}.`);
  }
  const destination = new Destination(context.catalog, load.destinationTable, load);
  if (destination.existing) {
    await context.database.transaction((transaction) => destination.checkEmpty(transaction));
  }
  const objects = await sourcesOf(context, job, load);
  const schemas = schemasOf(load, destination);
  // Check the job's schema against the table's before reading a file.
  if (schemas.given) destination.schemaAfter(schemas.given);
  const staged = await readSources(context, {
    load,
    format,
    objects,
    ...schemas,
    table: load.destinationTable,
    scratch: join(context.scratch, jobFileName(job.jobReference)),
  });
  try {
    await commit(async (transaction) => {
      const rows = await context.database.heavy(() =>
        writeRows(staged, () => destination.write(transaction, staged.fields, staged.select, propertiesOf(load))),
      );
      const size = objects.reduce((sum, object) => sum + object.size, 0);
      job.statistics.load = {
        inputFiles: objects.length.toString(),
        inputFileBytes: size.toString(),
        outputRows: rows.toString(),
        outputBytes: staged.bytes.toString(),
        badRecords: staged.badRecords.toString(),
      };
      if (staged.warnings.length > 0) job.status = { ...job.status, errors: staged.warnings };
    });
  } finally {
    await staged.discard();
  }
  await rm(join(context.uploads, jobFileName(job.jobReference)), { force: true });
}

/** An error of DuckDB becomes that of the file with the bad row. */
async function writeRows(staged: StagedSources, write: () => Promise<number>): Promise<number> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof BigQueryError || isConflict(error)) throw error;
    throw await staged.explain(error);
  }
}

/** The schema of the job, and the one of the table if the load keeps it. */
function schemasOf(
  load: LoadConfiguration,
  destination: Destination,
): { given?: TableField[]; existing?: TableField[] } {
  const columns = destination.existing?.resource.schema?.fields;
  const schema = load.schema?.fields?.length ? normalSchema(load.schema.fields) : undefined;
  // A replaced table keeps its schema, unless the load has or detects another one.
  const keepsSchema = columns?.length && !(destination.replaces && load.autodetect);
  return {
    given: schema?.map((field) => withLimits(field, destination.replaces ? [] : columns)),
    existing: keepsSchema ? columns : undefined,
  };
}

/** A column of the job's schema, with the length or precision of the table's column unless it has its own. */
function withLimits(field: TableField, columns: readonly TableField[] | undefined): TableField {
  const { maxLength, precision, scale } = fieldNamed(columns ?? [], field.name) ?? {};
  return { maxLength, precision, scale, ...field };
}

function propertiesOf(load: LoadConfiguration): TableProperties {
  const { timePartitioning, rangePartitioning, clustering, destinationTableProperties } = load;
  return { timePartitioning, rangePartitioning, clustering, ...destinationTableProperties };
}

async function sourcesOf(context: JobContext, job: JobResource, load: LoadConfiguration): Promise<SourceObject[]> {
  const upload = join(context.uploads, jobFileName(job.jobReference));
  if (!load.sourceUris?.length && existsSync(upload)) {
    return [{ uri: 'gs://uploaded/media', size: statSync(upload).size, path: upload }];
  }
  const { objects, missing: absent } = await context.objects.resolve(load.sourceUris ?? []);
  const [first] = absent;
  if (first !== undefined) throw notFound(`${first.includes('*') ? 'Uris' : 'URI'} ${first}`);
  if (objects.length > MOST_URIS) {
    throw new BigQueryError(400, 'invalid', `Too many source files: ${objects.length}. The limit is ${MOST_URIS}.`);
  }
  return objects;
}
