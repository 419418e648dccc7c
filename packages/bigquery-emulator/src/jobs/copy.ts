import type { TableField, TableReference } from '@bqtail/googlesql-duckdb';
import { isIngestionTime, isRepeated, PARTITION_TIME, quoted } from '@bqtail/googlesql-duckdb';
import { tableKey } from '../catalog';
import { invalid, missing, notImplemented } from '../errors';
import { partitionFilter, splitDecorator } from '../partitions';
import { columnList } from '../relations';
import { type CopyConfiguration, tableName } from '../resources';
import type { JobContext } from './context';
import { Destination, type TableMake } from './destination';
import type { JobRun, JobWork } from './jobs';
import { mergedSchema } from './schemaUpdate';

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

/** A clone is a copy that shares what is stored, which nobody sees. */
const OPERATIONS = ['OPERATION_TYPE_UNSPECIFIED', 'COPY', 'SNAPSHOT', 'RESTORE', 'CLONE'];

/** Milliseconds since 1970 of a time that is written so, or as date and time. */
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
  // Empty is what BigQuery's copy wants its destination to be, when the job does not say.
  const how = { writeDisposition: 'WRITE_EMPTY', ...copy };
  const destination = new Destination(context.catalog, copy.destinationTable, how);
  const fields = sources.reduce(
    (known, source) => mergedSchema(destination.table, known, source.fields, { addition: false, relaxation: true }),
    first.fields,
  );
  const nullable = relaxed(fields, destination);
  const make = makeOf(copy, first, destination);
  const ingestionTime = sources.every((source) => source.ingestionTime) && destination.keepsIngestionTime(make);
  const sql = sources.map((source) => source.select(nullable, ingestionTime)).join(' UNION ALL ');
  let bytes = 0;
  for (const source of sources) bytes += await source.bytes();
  await commit(async (transaction) => {
    const rows = await context.database.heavy(() =>
      destination.write(transaction, nullable, { sql, ingestionTime }, make),
    );
    job.statistics.copy = { copiedRows: rows.toString(), copiedLogicalBytes: bytes.toString() };
  });
}

/** A table that takes rows in may be laxer than where they come from. */
function relaxed(fields: readonly TableField[], destination: Destination): TableField[] {
  if (!destination.existing || destination.replaces) return [...fields];
  const known = new Map(
    destination.existing.resource.schema?.fields?.map((field) => [field.name.toLowerCase(), field]),
  );
  return fields.map((field) => {
    const there = known.get(field.name.toLowerCase());
    return there?.mode === 'NULLABLE' && field.mode === 'REQUIRED' ? { ...field, mode: 'NULLABLE' } : field;
  });
}

interface Source {
  readonly fields: TableField[];
  readonly make: TableMake;
  /** Whether each row knows when it was ingested. */
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
  const only = partitionId === undefined ? '' : ` WHERE ${partitionFilter(resource, partitionId)}`;
  const { timePartitioning, rangePartitioning, clustering, description, labels } = resource;
  return {
    fields,
    make: { timePartitioning, rangePartitioning, clustering, description, labels },
    ingestionTime: isIngestionTime(resource),
    select: (wanted, ingestionTime) => {
      const list = wanted.map((field) => columnOf(fields, field));
      if (ingestionTime) list.push(quoted(PARTITION_TIME));
      return `SELECT ${list.join(', ') || 'NULL'} FROM ${table.relation}${only}`;
    },
    bytes: async () => (await context.sizes.of(table)).bytes,
  };
}

function columnOf(fields: readonly TableField[], wanted: TableField): string {
  const own = fields.find((field) => field.name.toLowerCase() === wanted.name.toLowerCase());
  return own ? columnList([own]) : isRepeated(wanted) ? '[]' : 'NULL';
}

/** A copy is partitioned as its source, unless there is a table already. */
function makeOf(copy: CopyConfiguration, source: Source, destination: Destination): TableMake {
  const expires = copy.destinationExpirationTime
    ? { expirationTime: expirationOf(copy.destinationExpirationTime) }
    : {};
  return destination.existing ? expires : { ...source.make, ...expires };
}
