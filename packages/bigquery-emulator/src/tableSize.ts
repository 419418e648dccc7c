import { rowBytesSql } from '@bqtail/googlesql-duckdb';
import type { CatalogTable } from './catalog';
import type { Database } from './database';

/** Rows and logical bytes of a table, as the service counts them. */
export interface TableSize {
  readonly rows: number;
  readonly bytes: number;
}

/** Counts tables, and counts again only those that have changed: they are other objects then. */
export class TableSizes {
  private readonly sizes = new WeakMap<CatalogTable, TableSize>();

  constructor(private readonly database: Database) {}

  async of(table: CatalogTable): Promise<TableSize> {
    if (!table.relation) return { rows: 0, bytes: 0 };
    const known = this.sizes.get(table);
    if (known) return known;
    const bytes = rowBytesSql(table.resource.schema?.fields ?? []);
    const [row] = await this.database.rows(
      `SELECT count(*) AS n, coalesce(sum(${bytes}), 0)::DOUBLE AS b FROM ${table.relation}`,
    );
    const size = { rows: Number(row?.['n'] ?? 0), bytes: Number(row?.['b'] ?? 0) };
    this.sizes.set(table, size);
    return size;
  }
}
