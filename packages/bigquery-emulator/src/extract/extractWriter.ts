import type { DuckDBConnection } from '@duckdb/node-api';

/** Writes the rows of a SELECT to a file. The SELECT's columns must be the table's fields. */
export type ExtractWriter = (connection: DuckDBConnection, select: string, path: string) => Promise<void>;
