import { literal, quoted } from '../duckdb/names';
import { SqlError } from '../errors';
import type { RangePartitioning, TimePartitioning } from './resources';

/** The partitioning of a table. */
export interface Partitioned {
  timePartitioning?: TimePartitioning;
  rangePartitioning?: RangePartitioning;
}

/** Hidden column of tables partitioned by ingestion time. */
export const PARTITION_TIME = '_PARTITIONTIME';

/** `strftime` format of a partition ID, by granularity. */
const FORMAT: Record<string, string> = { HOUR: '%Y%m%d%H', DAY: '%Y%m%d', MONTH: '%Y%m', YEAR: '%Y' };
/** Granularity of a partition ID, by its length. */
export const GRANULARITY_BY_ID_LENGTH: Record<number, string> = { 4: 'YEAR', 6: 'MONTH', 8: 'DAY', 10: 'HOUR' };

/** Whether the table is partitioned by ingestion time. */
export function isIngestionTime(table: Partitioned): boolean {
  return table.timePartitioning !== undefined && !table.timePartitioning.field;
}

/** `HOUR`, `DAY`, `MONTH` or `YEAR`; `DAY` by default. */
export function granularity(table: Partitioned): string {
  return (table.timePartitioning?.type ?? 'DAY').toUpperCase();
}

/** Quoted name of the partitioning column; undefined for a table without partitions. */
function partitionColumn(table: Partitioned): string | undefined {
  if (table.timePartitioning) return quoted(table.timePartitioning.field ?? PARTITION_TIME);
  return table.rangePartitioning?.field ? quoted(table.rangePartitioning.field) : undefined;
}

/**
 * DuckDB expression of a row's partition ID, e.g. `20240101`; undefined for a table without partitions.
 *
 * @param prefix alias of the relation with its dot, if needed.
 */
export function partitionIdSql(table: Partitioned, prefix = ''): string | undefined {
  const column = partitionColumn(table);
  if (column === undefined) return undefined;
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

/**
 * DuckDB condition that is true for the rows of one partition.
 *
 * @throws SqlError `invalid` when the table has no partitions or the ID does not fit its partitioning.
 */
export function partitionFilter(table: Partitioned, partitionId: string): string {
  const id = partitionIdSql(table);
  if (id === undefined)
    throw new SqlError('invalid', `Table is not partitioned, but a partition decorator was given: $${partitionId}`);
  if (!partitionId.startsWith('__')) checkPartitionId(table, partitionId);
  return `${id} = ${literal(partitionId)}`;
}

/** @throws SqlError `invalid` when the ID does not fit the table's partitioning. */
export function checkPartitionId(table: Partitioned, partitionId: string): void {
  if (table.rangePartitioning) {
    if (!/^-?\d+$/.test(partitionId)) throw invalidPartition(partitionId);
    return;
  }
  const type = /^\d+$/.test(partitionId) ? GRANULARITY_BY_ID_LENGTH[partitionId.length] : undefined;
  if (type === undefined || type !== granularity(table)) throw invalidPartition(partitionId);
}

function invalidPartition(partitionId: string): Error {
  return new SqlError(
    'invalid',
    `Invalid partition ID "${partitionId}": it does not fit the partitioning of the table.`,
  );
}
