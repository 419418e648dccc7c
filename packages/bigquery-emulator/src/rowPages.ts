import type { TableField } from '@bqtail/googlesql-duckdb';
import { type Row, toRow, type ValueFormat } from '@bqtail/googlesql-duckdb';
import type { CatalogTable } from './catalog';
import type { Database } from './database';
import { columnList } from './relations';

/** Most bytes of a page, as at the service. */
const PAGE_BYTES = 10 * 1024 * 1024;

export interface RowRequest {
  readonly offset: number;
  readonly limit: number;
  readonly format: ValueFormat;
  /** DuckDB condition; absent, all rows. */
  readonly where?: string;
  /** Top-level columns to read; absent, all. */
  readonly fields?: readonly TableField[];
}

/** Some rows of a table in the order they were inserted; fewer than asked for when they are large. */
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
