import { quoted } from '../duckdb/names';
import { duckdbType, type SqlType } from '../types';
import { intLiteral, nullOf, textLiteral } from './values';

/** A column of a table whose rows come from the catalog. */
export type VirtualColumn = readonly [name: string, type: SqlType];

/** A DuckDB query with its columns. */
export interface VirtualTable {
  readonly sql: string;
  readonly columns: ReadonlyArray<{ readonly name: string; readonly sql: string; readonly type: SqlType }>;
}

/** A cell: a value, a time in milliseconds since the epoch, or SQL. */
export type Cell =
  | string
  | number
  | boolean
  | null
  | undefined
  | { readonly sql: string }
  | { readonly millis: number | undefined };

export type VirtualRow = Readonly<Record<string, Cell>>;

/** A table of the rows, then of the queries in `tail`. Columns that a row omits are NULL. */
export function virtualTable(
  columns: readonly VirtualColumn[],
  rows: readonly VirtualRow[],
  tail: readonly string[] = [],
): VirtualTable {
  const select = (row: VirtualRow) =>
    `SELECT ${columns.map(([name, type]) => `${cell(row[name], type)} AS ${quoted(name)}`).join(', ')}`;
  const none = `${select({})} WHERE FALSE`;
  return {
    sql: [none, ...rows.map(select), ...tail].join(' UNION ALL '),
    columns: columns.map(([name, type]) => ({ name, type, sql: quoted(name) })),
  };
}

function cell(value: Cell, type: SqlType): string {
  if (value === null || value === undefined) return nullOf(type).sql;
  if (typeof value === 'object')
    return 'sql' in value
      ? `CAST(${value.sql} AS ${duckdbType(type)})`
      : value.millis === undefined
        ? nullOf(type).sql
        : `epoch_ms(CAST(${value.millis} AS BIGINT)) AT TIME ZONE 'UTC'`;
  if (typeof value === 'number') return intLiteral(value);
  return typeof value === 'boolean' ? String(value) : textLiteral(value);
}
