import type { DuckDBConnection } from '@duckdb/node-api';

/** Writes the rows of a SELECT, whose columns are the fields, to a file. */
export type ExtractWriter = (connection: DuckDBConnection, select: string, path: string) => Promise<void>;
