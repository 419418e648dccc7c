import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type {
  ForeignKey,
  ProjectDataset,
  RangePartitioning,
  StackFrame,
  TableConstraints,
  TableField,
  TableReference,
  TimePartitioning,
} from './schema/resources';

export type {
  ForeignKey,
  QueryParameter,
  RangePartitioning,
  StackFrame,
  TableConstraints,
  TableField,
  TimePartitioning,
} from './schema/resources';
export type DatasetRef = ProjectDataset;
export type TableRef = TableReference;

/** What the SQL part must know of a table or view. */
export interface TableInfo extends TableRef {
  readonly type: 'TABLE' | 'VIEW';
  readonly schema: readonly TableField[];
  readonly timePartitioning?: TimePartitioning;
  readonly rangePartitioning?: RangePartitioning;
  readonly clustering?: { readonly fields: readonly string[] };
  /** Milliseconds since the epoch. */
  readonly creationTime?: number;
  readonly lastModifiedTime?: number;
  readonly description?: string;
  readonly friendlyName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly expirationTime?: number;
  readonly requirePartitionFilter?: boolean;
  readonly tableConstraints?: TableConstraints;
  readonly viewQuery?: string;
  readonly viewLegacy?: boolean;
  /** Quoted DuckDB relation that holds the rows. */
  readonly relation: string;
}

export interface DatasetInfo extends DatasetRef {
  readonly creationTime?: number;
  readonly lastModifiedTime?: number;
  readonly location?: string;
  readonly description?: string;
  readonly friendlyName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly defaultTableExpirationMs?: string;
}

/** The catalog as a query sees it. Read anew for every statement. */
export interface SqlCatalog {
  readonly defaultProject: string;
  readonly defaultDataset?: DatasetRef;
  table(ref: TableRef): TableInfo | null;
  tables(projectId: string, datasetId: string): readonly TableInfo[];
  datasets(projectId: string): readonly DatasetInfo[];
}

export interface TableOptions {
  readonly description?: string | null;
  readonly friendlyName?: string | null;
  readonly labels?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; null removes it. */
  readonly expirationTime?: string | null;
  readonly requirePartitionFilter?: boolean;
  readonly partitionExpirationMs?: string | null;
}

export interface SchemaOptions {
  readonly description?: string | null;
  readonly friendlyName?: string | null;
  readonly location?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly defaultTableExpirationMs?: string | null;
  readonly defaultPartitionExpirationMs?: string | null;
}

export type AlterAction =
  | { readonly kind: 'addColumn'; readonly field: TableField; readonly ifNotExists: boolean }
  | { readonly kind: 'dropColumn'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'renameColumn'; readonly from: string; readonly to: string; readonly ifExists: boolean }
  | { readonly kind: 'renameTable'; readonly to: string }
  | { readonly kind: 'setType'; readonly name: string; readonly field: TableField }
  | { readonly kind: 'dropNotNull'; readonly name: string }
  | { readonly kind: 'setColumnOptions'; readonly name: string; readonly description?: string | null }
  | { readonly kind: 'setColumnDefault'; readonly name: string; readonly expression: string | null }
  | { readonly kind: 'addPrimaryKey'; readonly columns: readonly string[] }
  | { readonly kind: 'addForeignKey'; readonly key: ForeignKey; readonly ifNotExists: boolean }
  | { readonly kind: 'dropConstraint'; readonly name: string | null; readonly ifExists: boolean }
  | { readonly kind: 'setOptions'; readonly options: TableOptions };

/** A change of the catalog, as plain data: the caller creates, alters and drops relations. */
export type CatalogChange =
  | {
      readonly op: 'createTable';
      readonly table: TableRef;
      readonly ifNotExists: boolean;
      readonly orReplace: boolean;
      /** With a query: the query's schema, or the one that was written, in which case it wins. */
      readonly schema?: readonly TableField[];
      readonly timePartitioning?: TimePartitioning;
      readonly rangePartitioning?: RangePartitioning;
      readonly clustering?: { readonly fields: readonly string[] };
      readonly options: TableOptions;
      readonly tableConstraints?: TableConstraints;
      readonly like?: TableRef;
      readonly copyOf?: TableRef;
    }
  | {
      readonly op: 'createView';
      readonly table: TableRef;
      readonly ifNotExists: boolean;
      readonly orReplace: boolean;
      readonly query: string;
      readonly legacy: boolean;
      readonly schema: readonly TableField[];
      readonly options: TableOptions;
    }
  | { readonly op: 'dropTable' | 'dropView'; readonly table: TableRef; readonly ifExists: boolean }
  /** Of a kind that there is none of here. */
  | { readonly op: 'dropAbsent'; readonly what: string; readonly table: TableRef; readonly ifExists: boolean }
  | {
      readonly op: 'alterTable';
      readonly what: 'TABLE' | 'VIEW';
      readonly table: TableRef;
      readonly ifExists: boolean;
      readonly actions: readonly AlterAction[];
    }
  | {
      readonly op: 'createSchema';
      readonly dataset: DatasetRef;
      readonly ifNotExists: boolean;
      readonly options: SchemaOptions;
    }
  | {
      readonly op: 'alterSchema';
      readonly dataset: DatasetRef;
      readonly ifExists: boolean;
      readonly options: SchemaOptions;
    }
  | { readonly op: 'dropSchema'; readonly dataset: DatasetRef; readonly ifExists: boolean; readonly cascade: boolean }
  | { readonly op: 'truncate'; readonly table: TableRef };

export type StatementKind =
  | 'SELECT'
  | 'INSERT'
  | 'UPDATE'
  | 'DELETE'
  | 'MERGE'
  | 'TRUNCATE_TABLE'
  | 'CREATE_TABLE'
  | 'CREATE_TABLE_AS_SELECT'
  | 'CREATE_VIEW'
  | 'DROP_TABLE'
  | 'DROP_VIEW'
  | 'ALTER_TABLE'
  | 'ALTER_VIEW'
  | 'ALTER_SCHEMA'
  | 'CREATE_SCHEMA'
  | 'DROP_SCHEMA'
  | 'CREATE_FUNCTION'
  | 'DROP_FUNCTION'
  | 'DROP_TABLE_FUNCTION'
  | 'DROP_PROCEDURE'
  | 'DROP_MATERIALIZED_VIEW'
  | 'DROP_EXTERNAL_TABLE'
  | 'DROP_SNAPSHOT_TABLE'
  | 'ASSERT'
  | 'ASSIGN'
  | 'BEGIN_TRANSACTION'
  | 'COMMIT_TRANSACTION'
  | 'ROLLBACK_TRANSACTION';

/** What a statement came to, for the system variables of its script. */
export interface Outcome {
  readonly jobId?: string;
  /** Rows that DML changed. */
  readonly rowCount?: number;
}

/** One statement, ready to run. */
export interface Statement {
  readonly kind: StatementKind;
  /** SQL for DuckDB; empty for changes of the catalog alone. */
  readonly duckdb: string;
  readonly parameters: Record<string, DuckDBValue>;
  readonly parameterTypes: Record<string, DuckDBType>;
  /** Text of the statement in the script. */
  readonly text: string;
  /** Table that DML or DDL writes. */
  readonly target?: TableRef;
  readonly ddl?: CatalogChange;
  readonly reads: readonly TableRef[];
  /** Where the script stands, the innermost statement first. */
  readonly frames?: readonly StackFrame[];
  /** Labels of the statement's job, from `@@query_label`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Result schema, typed as BigQuery types it. */
  readonly schema?: readonly TableField[];
  /** MERGE: rows of the result are one `merge_action` (INSERT, UPDATE, DELETE) each. */
  readonly returnsMergeAction?: boolean;
  /** Statements of the script itself (DECLARE, SET, IF): gets the one row of the result before the next statement is asked for. */
  readonly receive?: (row: readonly DuckDBValue[]) => void;
}
