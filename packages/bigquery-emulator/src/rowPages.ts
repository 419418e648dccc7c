import type { TableField } from '@bqtail/googlesql-duckdb';
import { type Row, toRow, type ValueFormat } from '@bqtail/googlesql-duckdb';
import type { CatalogTable } from './catalog';
import type { Database } from './database';
import { columnList } from './relations';

/** The service's limit of a page in bytes. */
const PAGE_BYTES = 10 * 1024 * 1024;

export interface RowRequest {
  readonly offset: number;
  readonly limit: number;
  readonly format: ValueFormat;
  /** DuckDB condition; without it, all rows. */
  readonly where?: string;
  /** Columns to read; without them, all. */
  readonly fields?: readonly TableField[];
}

/** Number of the rows of a table that fulfil a DuckDB condition. */
export async function countRows(database: Database, table: CatalogTable, where: string): Promise<number> {
  const [row] = await database.rows(`SELECT count(*) AS n FROM ${table.relation} WHERE ${where}`);
  return Number(row?.['n'] ?? 0);
}

/** Rows of a table in the order of their insertion; fewer than `limit` when they fill a page. */
export async function readRows(database: Database, table: CatalogTable, request: RowRequest): Promise<Row[]> {
  const fields = request.fields ?? table.resource.schema?.fields ?? [];
  if (request.limit === 0 || fields.length === 0) return [];
  const where = request.where === undefined ? '' : `WHERE ${request.where}`;
  const sql = `SELECT ${columnList(fields)} FROM ${table.relation} ${where} LIMIT ${request.limit} OFFSET ${request.offset}`;
  return database.use(async (connection) => {
    const result = await connection.stream(sql);
    const rows: Row[] = [];
    let bytes = 0;
    for await (const part of result.yieldRows()) {
      for (const values of part) {
        if (bytes >= PAGE_BYTES) continue;
        const row = toRow(values, fields, request.format);
        rows.push(row);
        bytes += JSON.stringify(row).length;
      }
      if (bytes >= PAGE_BYTES) break;
    }
    return rows;
  });
}
