import type { TableField, TableReference } from '@bqtail/googlesql-duckdb';
import { fieldNamed, isIngestionTime, isRepeated, PARTITION_TIME, quoted } from '@bqtail/googlesql-duckdb';
import { tableKey } from '../catalog';
import { invalid, missing, notImplemented } from '../errors';
import { partitionFilter, splitDecorator } from '../partitions';
import { columnList } from '../relations';
import { type CopyConfiguration, tableName } from '../resources';
import type { JobContext } from './context';
import { Destination, type TableProperties } from './destination';
import type { JobRun, JobWork } from './jobs';
import { mergedSchema } from './schemaUpdate';

/** Refuses an invalid copy before it becomes a job. @throws BigQueryError */
export function checkCopy(copy: CopyConfiguration): void {
  if (!copy.destinationTable?.tableId) throw missing('destinationTable');
  if (sourcesOf(copy).length === 0) throw missing('sourceTable');
  const operation = copy.operationType || 'COPY';
  if (!OPERATIONS.includes(operation)) {
    throw invalid(`Invalid value for: operationType is not a valid value: ${operation}`, 'operationType');
  }
  if (operation === 'SNAPSHOT' || operation === 'RESTORE') {
    throw notImplemented(`Copies with operationType ${operation} are not supported by the local BigQuery.`);
  }
  if (copy.destinationExpirationTime) expirationOf(copy.destinationExpirationTime);
}

/** A clone differs from a copy only in that it shares storage, which the API does not show. */
const OPERATIONS = ['OPERATION_TYPE_UNSPECIFIED', 'COPY', 'SNAPSHOT', 'RESTORE', 'CLONE'];

/** Milliseconds since 1970, of a text that is such a number or a date and time. */
function expirationOf(time: string): string {
  const moment = /^\d+$/.test(time) ? Number(time) : Date.parse(time);
  if (Number.isNaN(moment)) throw invalid(`Invalid value for: destinationExpirationTime is not a valid value: ${time}`);
  return moment.toString();
}

function sourcesOf(copy: CopyConfiguration): TableReference[] {
  return copy.sourceTables?.length ? copy.sourceTables : copy.sourceTable ? [copy.sourceTable] : [];
}

/** Copies tables or partitions into one table. */
export function copyWork(context: JobContext): JobWork {
  return (run) => {
    const table = run.job.configuration.copy?.destinationTable;
    return run.turn(table ? tableKey(splitDecorator(table).table) : undefined, () => copyTables(context, run));
  };
}

async function copyTables(context: JobContext, { job, commit }: JobRun): Promise<void> {
  const copy = job.configuration.copy ?? {};
  if (!copy.destinationTable) throw missing('destinationTable');
  const sources = sourcesOf(copy).map((ref) => sourceOf(context, ref));
  const [first] = sources;
  if (!first) throw missing('sourceTable');
  // WRITE_EMPTY is the service's default for copies; the other jobs append by default.
  const dispositions = { writeDisposition: 'WRITE_EMPTY', ...copy };
  const destination = new Destination(context.catalog, copy.destinationTable, dispositions);
  const fields = sources.reduce(
    (merged, source) => mergedSchema(destination.table, merged, source.fields, { addition: false, relaxation: true }),
    first.fields,
  );
  const nullable = relaxed(fields, destination);
  const properties = propertiesOf(copy, first, destination);
  const ingestionTime = sources.every((source) => source.ingestionTime) && destination.keepsIngestionTime(properties);
  const sql = sources.map((source) => source.select(nullable, ingestionTime)).join(' UNION ALL ');
  let bytes = 0;
  for (const source of sources) bytes += await source.bytes();
  await commit(async (transaction) => {
    const rows = await context.database.heavy(() =>
      destination.write(transaction, nullable, { sql, ingestionTime }, properties),
    );
    job.statistics.copy = { copiedRows: rows.toString(), copiedLogicalBytes: bytes.toString() };
  });
}

/** The source's fields, where NULLABLE columns of an existing destination may take REQUIRED ones. */
function relaxed(fields: readonly TableField[], destination: Destination): TableField[] {
  if (!destination.existing || destination.replaces) return [...fields];
  const targets = destination.existing.resource.schema?.fields ?? [];
  return fields.map((field) => {
    const target = fieldNamed(targets, field.name);
    return target?.mode === 'NULLABLE' && field.mode === 'REQUIRED' ? { ...field, mode: 'NULLABLE' } : field;
  });
}

interface Source {
  readonly fields: TableField[];
  readonly properties: TableProperties;
  /** Whether the rows have an ingestion time. */
  readonly ingestionTime: boolean;
  select(fields: readonly TableField[], ingestionTime: boolean): string;
  bytes(): Promise<number>;
}

function sourceOf(context: JobContext, ref: TableReference): Source {
  const { table: name, partitionId } = splitDecorator(ref);
  const table = context.catalog.table(name);
  if (!table.relation) throw invalid(`Cannot copy the view ${tableName(name)}.`);
  const { resource } = table;
  const fields = resource.schema?.fields ?? [];
  const where = partitionId === undefined ? '' : ` WHERE ${partitionFilter(resource, partitionId)}`;
  const { timePartitioning, rangePartitioning, clustering, description, labels } = resource;
  return {
    fields,
    properties: { timePartitioning, rangePartitioning, clustering, description, labels },
    ingestionTime: isIngestionTime(resource),
    select: (selected, ingestionTime) => {
      const list = selected.map((field) => columnOf(fields, field));
      if (ingestionTime) list.push(quoted(PARTITION_TIME));
      return `SELECT ${list.join(', ') || 'NULL'} FROM ${table.relation}${where}`;
    },
    bytes: async () => (await context.sizes.of(table)).bytes,
  };
}

function columnOf(fields: readonly TableField[], selected: TableField): string {
  const column = fieldNamed(fields, selected.name);
  return column ? columnList([column]) : isRepeated(selected) ? '[]' : 'NULL';
}

/** A new table is partitioned as its source; an existing one keeps its properties. */
function propertiesOf(copy: CopyConfiguration, source: Source, destination: Destination): TableProperties {
  const time = copy.destinationExpirationTime;
  const expirationTime = time ? expirationOf(time) : undefined;
  return destination.existing ? { expirationTime } : { ...source.properties, expirationTime };
}
