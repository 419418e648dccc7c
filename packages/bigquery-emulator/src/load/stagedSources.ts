import type { TableField, TableReference } from '@bqtail/googlesql-duckdb';
import type { ErrorProto, LoadConfiguration } from '../resources';
import type { SourceObject } from '../storage/objects';

/** The files of a load job, and the options and schemas for reading them. */
export interface SourceRequest {
  readonly load: LoadConfiguration;
  readonly format: string;
  readonly objects: readonly SourceObject[];
  /** The schema in the job's configuration. */
  readonly given?: TableField[];
  /** The schema of the table, if the load keeps it. */
  readonly existing?: TableField[];
  readonly table: TableReference;
  /** Path for a file that exists until the rows are inserted. */
  readonly scratch: string;
}

/** The rows of all files, ready to be inserted. */
export interface StagedSources {
  readonly fields: TableField[];
  /** DuckDB's SELECT of the rows, with the columns of `fields`. */
  readonly select: string;
  /** Logical bytes of all rows. */
  readonly bytes: number;
  /** Number of rows that were left out. */
  readonly badRecords: number;
  /** Errors of these rows. */
  readonly warnings: ErrorProto[];
  /** The error of the job when DuckDB cannot write the rows: that of the bad file, if the error is about one. */
  explain(error: unknown): Promise<unknown>;
  /** Deletes the temporary files. */
  discard(): Promise<void>;
}
