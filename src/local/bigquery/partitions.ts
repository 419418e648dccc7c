import { literal, quoted } from './database';
import { invalid, missing } from './errors';
import { fieldNamed, typeOf } from './fields';
import type { Clustering, RangePartitioning, TableField, TableReference, TimePartitioning } from './resources';

/** What decides where a row of a table belongs. */
export interface Partitioned {
  timePartitioning?: TimePartitioning;
  rangePartitioning?: RangePartitioning;
}

/** Hidden column of tables that are partitioned by ingestion time. */
export const PARTITION_TIME = '_PARTITIONTIME';

const FORMAT: Record<string, string> = { HOUR: '%Y%m%d%H', DAY: '%Y%m%d', MONTH: '%Y%m', YEAR: '%Y' };
const GRANULARITIES = Object.keys(FORMAT);
const LENGTH: Record<number, string> = { 4: 'YEAR', 6: 'MONTH', 8: 'DAY', 10: 'HOUR' };

export function isIngestionTime(table: Partitioned): boolean {
  return table.timePartitioning !== undefined && !table.timePartitioning.field;
}

function granularity(table: Partitioned): string {
  return (table.timePartitioning?.type ?? 'DAY').toUpperCase();
}

/** The column that partitions the table, quoted for DuckDB; null when none does. */
function partitionColumn(table: Partitioned): string | null {
  if (table.timePartitioning) return quoted(table.timePartitioning.field ?? PARTITION_TIME);
  return table.rangePartitioning?.field ? quoted(table.rangePartitioning.field) : null;
}

/**
 * DuckDB expression of the ID of a row's partition, e.g. `20240101`; null when the table has no partitions.
 *
 * @param prefix alias of the relation with its dot, when one is needed.
 */
export function partitionIdSql(table: Partitioned, prefix = ''): string | null {
  const column = partitionColumn(table);
  if (column === null) return null;
  const value = prefix + column;
  const none = isIngestionTime(table) ? '__UNPARTITIONED__' : '__NULL__';
  if (table.timePartitioning) {
    const format = FORMAT[granularity(table)] ?? FORMAT['DAY'];
    return `CASE WHEN ${value} IS NULL THEN '${none}' ELSE strftime(${value}, '${format}') END`;
  }
  const { start, end, interval } = rangeOf(table);
  return (
    `CASE WHEN ${value} IS NULL THEN '__NULL__' WHEN ${value} < ${start} OR ${value} >= ${end} THEN '__UNPARTITIONED__' ` +
    `ELSE CAST(${start} + ((${value} - ${start}) // ${interval}) * ${interval} AS VARCHAR) END`
  );
}

function rangeOf(table: Partitioned): { start: number; end: number; interval: number } {
  const range = table.rangePartitioning?.range;
  return {
    start: Number(range?.start ?? 0),
    end: Number(range?.end ?? 0),
    interval: Number(range?.interval ?? 1) || 1,
  };
}

/** DuckDB condition that holds for the rows of one partition. */
export function partitionFilter(table: Partitioned, partitionId: string): string {
  const id = partitionIdSql(table);
  if (id === null) throw invalid(`Table is not partitioned, but a partition decorator was given: $${partitionId}`);
  if (!partitionId.startsWith('__')) checkPartitionId(table, partitionId);
  return `${id} = ${literal(partitionId)}`;
}

/** A table ID as clients write it, in its two parts: `t$20240101` is partition `20240101` of `t`. */
export function splitDecorator(ref: TableReference): { table: TableReference; partitionId?: string } {
  const at = ref.tableId.indexOf('$');
  if (at < 0) return { table: ref };
  return { table: { ...ref, tableId: ref.tableId.slice(0, at) }, partitionId: ref.tableId.slice(at + 1) };
}

/** Partitioning that a decorator alone asks for, when the table is yet to be made. */
export function partitioningOfDecorator(partitionId: string): TimePartitioning {
  return { type: LENGTH[partitionId.length] ?? 'DAY' };
}

/**
 * DuckDB literal of `_PARTITIONTIME` for rows that go into this partition, or that arrive at `now`.
 *
 * @param partitionId from the decorator; absent, the time of arrival decides.
 */
export function partitionTimeSql(table: Partitioned, partitionId: string | undefined, now: Date): string {
  if (partitionId !== undefined) {
    checkPartitionId(table, partitionId);
    const text = partitionId.padEnd(10, partitionId.length === 8 ? '0' : '01').slice(0, 10);
    const padded =
      partitionId.length === 4 ? `${partitionId}010100` : partitionId.length === 6 ? `${partitionId}0100` : text;
    return `strptime('${padded}', '%Y%m%d%H')::TIMESTAMP AT TIME ZONE 'UTC'`;
  }
  return `date_trunc('${granularity(table)}', TIMESTAMPTZ '${now.toISOString()}')`;
}

function checkPartitionId(table: Partitioned, partitionId: string): void {
  if (table.rangePartitioning) {
    if (!/^-?\d+$/.test(partitionId)) throw invalidPartition(partitionId);
    return;
  }
  const type = /^\d+$/.test(partitionId) ? LENGTH[partitionId.length] : undefined;
  if (type === undefined || type !== granularity(table)) throw invalidPartition(partitionId);
}

function invalidPartition(partitionId: string): Error {
  return invalid(`Invalid partition ID "${partitionId}": it does not fit the partitioning of the table.`);
}

/**
 * Condition that a row violates which is written to `partitionId` but belongs elsewhere; null when the partition is a
 * matter of arrival, so that every row fits.
 */
export function misplacedFilter(table: Partitioned, partitionId: string): string | null {
  if (isIngestionTime(table)) return null;
  return `NOT (${partitionFilter(table, partitionId)})`;
}

/** Checks that the partitioning of a new table can be: the column exists and has a type that can be cut. */
export function checkPartitioning(table: Partitioned, fields: readonly TableField[]): void {
  if (table.timePartitioning && table.rangePartitioning) {
    throw invalid('Only one of timePartitioning and rangePartitioning should be specified.');
  }
  if (table.timePartitioning && !table.timePartitioning.type) throw missing('timePartitioning.type');
  if (table.timePartitioning && !GRANULARITIES.includes(granularity(table))) {
    throw invalid(
      `Invalid time partitioning type: ${table.timePartitioning.type}. It is one of ${GRANULARITIES.join(', ')}.`,
    );
  }
  if (table.rangePartitioning) checkRange(table.rangePartitioning);
  const name = table.timePartitioning?.field ?? table.rangePartitioning?.field;
  if (!name) return;
  const field = fieldNamed(fields, name);
  if (!field) {
    throw invalid(`The field specified for partitioning cannot be found in the schema. Invalid field: ${name}.`);
  }
  const [kind, fits, types] = table.timePartitioning
    ? ['time', ['TIMESTAMP', 'DATE', 'DATETIME'], 'TIMESTAMP, DATE or DATETIME']
    : ['range', ['INTEGER'], 'INTEGER'];
  if (!fits.includes(typeOf(field)) || field.mode === 'REPEATED') {
    const found = field.mode === 'REPEATED' ? `ARRAY<${typeOf(field)}>` : typeOf(field);
    throw invalid(
      `The field specified for ${kind} partitioning can only be of type ${types}. The type found is: ${found}.`,
    );
  }
  if (typeOf(field) === 'DATE' && granularity(table) === 'HOUR') {
    throw invalid(`A field of type DATE cannot be partitioned by HOUR. Invalid field: ${name}.`);
  }
}

function checkRange({ field, range }: RangePartitioning): void {
  const [start, end, interval] = [range?.start, range?.end, range?.interval].map((text) => Number(text ?? Number.NaN));
  if (!field || start === undefined || end === undefined || interval === undefined) throw missing('rangePartitioning');
  if (Number.isNaN(start + end + interval)) throw missing('rangePartitioning.range');
  if (interval > 0 && start < end) return;
  throw invalid(
    `Invalid range partitioning: start ${start}, end ${end}, interval ${interval}. The interval is positive and the end after the start.`,
  );
}

/** Clustering columns that a table takes. */
const MOST_CLUSTERED = 4;
const UNCLUSTERED = ['FLOAT', 'JSON', 'RECORD', 'BYTES', 'TIME', 'INTERVAL'];

/** Checks that a table can be clustered so: by few columns of its own, of types that have an order. */
export function checkClustering(clustering: Clustering | undefined, fields: readonly TableField[]): void {
  const names = clustering?.fields ?? [];
  if (names.length > MOST_CLUSTERED)
    throw invalid(`Too many clustering fields: ${names.length}. The limit is ${MOST_CLUSTERED}.`);
  for (const name of names) {
    const field = fieldNamed(fields, name);
    if (!field)
      throw invalid(`The field specified for clustering cannot be found in the schema. Invalid field: ${name}.`);
    if (field.mode === 'REPEATED' || UNCLUSTERED.includes(typeOf(field))) {
      throw invalid(`A field of type ${typeOf(field)} cannot be clustered by. Invalid field: ${name}.`);
    }
  }
}
