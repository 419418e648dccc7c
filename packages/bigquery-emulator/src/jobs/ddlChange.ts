import type { CatalogChange, TableField, TableReference } from '@bqtail/googlesql-duckdb';

/** One member of the union of changes. */
export type Change<Op extends CatalogChange['op']> = Extract<CatalogChange, { op: Op }>;

/** What a DDL statement did. */
export interface DdlOutcome {
  readonly operation: 'CREATE' | 'REPLACE' | 'SKIP' | 'ALTER' | 'DROP' | 'TRUNCATE';
  /** The table that the statement created or kept. */
  readonly made?: TableReference;
  readonly schema?: TableField[];
  /** Number of deleted rows. */
  readonly deleted?: number;
}
