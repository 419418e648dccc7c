import { rowBytesSql } from '@bqtail/googlesql-duckdb';
import type { CatalogTable } from './catalog';
import type { Database } from './database';

/** Rows and logical bytes of a table, counted as the service does. */
export interface TableSize {
  readonly rows: number;
  readonly bytes: number;
}

/** Sizes of tables. They are cached per `CatalogTable`, which is a new object after each change. */
export class TableSizes {
  private readonly sizes = new WeakMap<CatalogTable, TableSize>();

  constructor(private readonly database: Database) {}

  async of(table: CatalogTable): Promise<TableSize> {
    if (!table.relation) return { rows: 0, bytes: 0 };
    const cached = this.sizes.get(table);
    if (cached) return cached;
    const bytes = rowBytesSql(table.resource.schema?.fields ?? []);
    const [row] = await this.database.rows(
      `SELECT count(*) AS n, coalesce(sum(${bytes}), 0)::DOUBLE AS b FROM ${table.relation}`,
    );
    const size = { rows: Number(row?.['n'] ?? 0), bytes: Number(row?.['b'] ?? 0) };
    this.sizes.set(table, size);
    return size;
  }
}
