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

/** A table or view of the catalog, as the translator needs it. Times are milliseconds since the epoch. */
export interface TableInfo extends TableRef {
  readonly type: 'TABLE' | 'VIEW';
  readonly schema: readonly TableField[];
  readonly timePartitioning?: TimePartitioning;
  readonly rangePartitioning?: RangePartitioning;
  readonly clustering?: { readonly fields: readonly string[] };
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
  /** Quoted name of the DuckDB relation with the rows; empty for a view. */
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

/** The catalog that names are resolved in. The translator reads it again for every statement. */
export interface SqlCatalog {
  readonly defaultProject: string;
  readonly defaultDataset?: DatasetRef;
  /** The table or view; undefined if it does not exist. */
  table(ref: TableRef): TableInfo | undefined;
  tables(projectId: string, datasetId: string): readonly TableInfo[];
  datasets(projectId: string): readonly DatasetInfo[];
}

export interface TableOptions {
  readonly description?: string | null;
  readonly friendlyName?: string | null;
  readonly labels?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
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
  | { readonly kind: 'dropConstraint'; readonly name?: string; readonly ifExists: boolean }
  | { readonly kind: 'setOptions'; readonly options: TableOptions };

/** A change of the catalog as plain data. The caller applies it: it creates, alters and drops the relations. */
export type CatalogChange =
  | {
      readonly op: 'createTable';
      readonly table: TableRef;
      readonly ifNotExists: boolean;
      readonly orReplace: boolean;
      /** The columns in the statement, else the schema of its query. */
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
  /** DROP of a kind of object that the emulator never has, such as a materialized view. */
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

/** The outcome of a statement, for the system variables of its script. */
export interface Outcome {
  readonly jobId?: string;
  /** Rows that DML changed. */
  readonly rowCount?: number;
}

/** One statement, ready to run. */
export interface Statement {
  readonly kind: StatementKind;
  /** SQL for DuckDB; empty if the statement only changes the catalog. */
  readonly duckdb: string;
  readonly parameters: Record<string, DuckDBValue>;
  readonly parameterTypes: Record<string, DuckDBType>;
  /** Text of the statement in the script. */
  readonly text: string;
  /** The table that DML or DDL writes. */
  readonly target?: TableRef;
  readonly ddl?: CatalogChange;
  readonly reads: readonly TableRef[];
  /** The stack of running statements, the innermost first. */
  readonly frames?: readonly StackFrame[];
  /** Labels of the statement's job, from `@@query_label`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Result schema with BigQuery's types. */
  readonly schema?: readonly TableField[];
  /** True for MERGE: each result row is one `merge_action` (INSERT, UPDATE or DELETE). */
  readonly returnsMergeAction?: boolean;
  /**
   * Set for queries of the script itself (DECLARE, SET, IF). Call it with the only result row before requesting the
   * next statement.
   */
  readonly receive?: (row: readonly DuckDBValue[]) => void;
}
