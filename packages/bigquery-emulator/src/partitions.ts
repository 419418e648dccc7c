import type {
  Clustering,
  RangePartitioning,
  TableField,
  TableReference,
  TimePartitioning,
} from '@bqtail/googlesql-duckdb';
import {
  checkPartitionId,
  fieldNamed,
  GRANULARITY_BY_ID_LENGTH,
  granularity,
  isIngestionTime,
  type Partitioned,
  SqlError,
  partitionFilter as sqlPartitionFilter,
  typeOf,
} from '@bqtail/googlesql-duckdb';
import { invalid, missing } from './errors';

const GRANULARITIES = Object.values(GRANULARITY_BY_ID_LENGTH);

/**
 * DuckDB condition for the rows of one partition.
 *
 * @throws BigQueryError `invalid` when the table has no partitions, or the ID does not match them.
 */
export function partitionFilter(table: Partitioned, partitionId: string): string {
  return asInvalid(() => sqlPartitionFilter(table, partitionId));
}

/** Turns an error of the SQL translator into the API's `invalid`. */
function asInvalid<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof SqlError ? invalid(error.message) : error;
  }
}

/** Splits off the decorator of a table ID: `t$20240101` is partition `20240101` of `t`. */
export function splitDecorator(ref: TableReference): { table: TableReference; partitionId?: string } {
  const at = ref.tableId.indexOf('$');
  if (at < 0) return { table: ref };
  return { table: { ...ref, tableId: ref.tableId.slice(0, at) }, partitionId: ref.tableId.slice(at + 1) };
}

/** Partitioning of a new table of which only a partition's ID is given. */
export function partitioningOfDecorator(partitionId: string): TimePartitioning {
  return { type: GRANULARITY_BY_ID_LENGTH[partitionId.length] ?? 'DAY' };
}

/**
 * DuckDB expression of `_PARTITIONTIME` for new rows.
 *
 * @param partitionId from the decorator; without it, the rows belong to the partition of `now`.
 * @throws BigQueryError `invalid` when the ID does not match the partitioning.
 */
export function partitionTimeSql(table: Partitioned, partitionId: string | undefined, now: Date): string {
  if (partitionId !== undefined) {
    asInvalid(() => checkPartitionId(table, partitionId));
    const text = partitionId.padEnd(10, partitionId.length === 8 ? '0' : '01').slice(0, 10);
    const padded =
      partitionId.length === 4 ? `${partitionId}010100` : partitionId.length === 6 ? `${partitionId}0100` : text;
    return `strptime('${padded}', '%Y%m%d%H')::TIMESTAMP AT TIME ZONE 'UTC'`;
  }
  return `date_trunc('${granularity(table)}', TIMESTAMPTZ '${now.toISOString()}')`;
}

/**
 * DuckDB condition for rows that do not belong to the partition; undefined for a table that is partitioned by ingestion
 * time, where every row belongs to the partition that it is written to.
 */
export function misplacedFilter(table: Partitioned, partitionId: string): string | undefined {
  if (isIngestionTime(table)) return undefined;
  return `NOT (${partitionFilter(table, partitionId)})`;
}

/**
 * Checks the partitioning of a new table.
 *
 * @throws BigQueryError when it is contradictory, or its column does not exist or has a type that cannot be partitioned.
 */
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
    const type = field.mode === 'REPEATED' ? `ARRAY<${typeOf(field)}>` : typeOf(field);
    throw invalid(
      `The field specified for ${kind} partitioning can only be of type ${types}. The type found is: ${type}.`,
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

/** Greatest number of clustering columns of a table. */
const MOST_CLUSTERED = 4;
const UNCLUSTERED = ['FLOAT', 'JSON', 'RECORD', 'BYTES', 'TIME', 'INTERVAL'];

/** @throws BigQueryError when there are too many clustering columns, or one is unknown or of a type without an order. */
export function checkClustering(clustering: Clustering | undefined, fields: readonly TableField[]): void {
  const names = clustering?.fields ?? [];
  if (names.length > MOST_CLUSTERED) {
    throw invalid(`Too many clustering fields: ${names.length}. The limit is ${MOST_CLUSTERED}.`);
  }
  for (const name of names) {
    const field = fieldNamed(fields, name);
    if (!field) {
      throw invalid(`The field specified for clustering cannot be found in the schema. Invalid field: ${name}.`);
    }
    if (field.mode === 'REPEATED' || UNCLUSTERED.includes(typeOf(field))) {
      throw invalid(`A field of type ${typeOf(field)} cannot be clustered by. Invalid field: ${name}.`);
    }
  }
}
