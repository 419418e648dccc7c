/** The syntax tree of GoogleSQL. `at` is the offset of a node in the query text, for errors. */

export type BinaryOperator =
  | 'OR'
  | 'AND'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '|'
  | '^'
  | '&'
  | '<<'
  | '>>'
  | '+'
  | '-'
  | '*'
  | '/'
  | '||';

export type LiteralType = 'NULL' | 'BOOL' | 'INT64' | 'FLOAT64' | 'STRING';

/** Types of typed literals such as `DATE '2024-01-01'`. */
export type TypedLiteralType = 'DATE' | 'TIME' | 'DATETIME' | 'TIMESTAMP' | 'NUMERIC' | 'BIGNUMERIC' | 'JSON' | 'RANGE';

export interface TypeNode {
  readonly name: string;
  readonly at: number;
  readonly element?: TypeNode;
  readonly fields?: readonly ColumnNode[];
  readonly parameters: readonly string[];
}

/** A column of CREATE TABLE or a field of STRUCT<...>. */
export interface ColumnNode {
  readonly name?: string;
  readonly type: TypeNode;
  readonly notNull: boolean;
  readonly options: readonly OptionNode[];
  readonly defaultText?: string;
  readonly constraint?: ConstraintNode;
}

/** A primary or foreign key. BigQuery does not enforce keys. */
export type ConstraintNode = { readonly name?: string; readonly columns: readonly Named[] } & (
  | { readonly kind: 'primaryKey' }
  | { readonly kind: 'foreignKey'; readonly table: PathNode; readonly referenced: readonly Named[] }
);

export interface OptionNode {
  readonly name: string;
  readonly value: Expr;
  readonly at: number;
}

export interface SortItem {
  readonly value: Expr;
  readonly descending: boolean;
  readonly nulls?: 'FIRST' | 'LAST';
}

export interface FrameBound {
  readonly kind: 'UNBOUNDED PRECEDING' | 'PRECEDING' | 'CURRENT ROW' | 'FOLLOWING' | 'UNBOUNDED FOLLOWING';
  readonly value?: Expr;
}

export interface WindowSpec {
  readonly base?: string;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly SortItem[];
  readonly frame?: { readonly unit: 'ROWS' | 'RANGE'; readonly start: FrameBound; readonly end?: FrameBound };
  readonly at: number;
}

export interface CallExpr {
  readonly kind: 'call';
  /** The function's name in upper case, e.g. `NET.HOST`. */
  readonly name: string;
  /** The name as in the query. */
  readonly written: string;
  readonly safe: boolean;
  readonly args: readonly Expr[];
  readonly star: boolean;
  readonly distinct: boolean;
  readonly nulls?: 'IGNORE' | 'RESPECT';
  readonly having?: { readonly max: boolean; readonly value: Expr };
  readonly orderBy: readonly SortItem[];
  readonly limit?: Expr;
  readonly over?: WindowSpec;
  readonly at: number;
}

export type Expr =
  | { readonly kind: 'literal'; readonly type: LiteralType; readonly value: string; readonly at: number }
  | { readonly kind: 'bytes'; readonly value: Uint8Array; readonly at: number }
  | {
      readonly kind: 'typed';
      readonly type: TypedLiteralType;
      readonly element?: TypeNode;
      readonly value: string;
      readonly at: number;
    }
  | {
      readonly kind: 'interval';
      readonly value: Expr;
      readonly from: string;
      readonly to?: string;
      readonly at: number;
    }
  | { readonly kind: 'name'; readonly name: string; readonly quoted: boolean; readonly at: number }
  | { readonly kind: 'field'; readonly base: Expr; readonly name: string; readonly at: number }
  | { readonly kind: 'parameter'; readonly name: string; readonly at: number }
  | { readonly kind: 'position'; readonly index: number; readonly at: number }
  | { readonly kind: 'system'; readonly name: string; readonly at: number }
  | CallExpr
  | { readonly kind: 'named'; readonly name: string; readonly value: Expr; readonly at: number }
  | {
      readonly kind: 'with';
      readonly variables: ReadonlyArray<{ readonly name: string; readonly value: Expr }>;
      readonly result: Expr;
      readonly at: number;
    }
  | { readonly kind: 'lambda'; readonly parameters: readonly string[]; readonly body: Expr; readonly at: number }
  | {
      readonly kind: 'cast';
      readonly safe: boolean;
      readonly value: Expr;
      readonly type: TypeNode;
      readonly format?: Expr;
      readonly zone?: Expr;
      readonly at: number;
    }
  | { readonly kind: 'extract'; readonly part: string; readonly value: Expr; readonly zone?: Expr; readonly at: number }
  | {
      readonly kind: 'case';
      readonly operand?: Expr;
      readonly whens: ReadonlyArray<{ readonly when: Expr; readonly result: Expr }>;
      readonly otherwise?: Expr;
      readonly at: number;
    }
  | { readonly kind: 'unary'; readonly op: '-' | '+' | '~' | 'NOT'; readonly value: Expr; readonly at: number }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOperator;
      readonly left: Expr;
      readonly right: Expr;
      readonly at: number;
    }
  | {
      readonly kind: 'is';
      readonly value: Expr;
      readonly test: 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN';
      readonly not: boolean;
      readonly at: number;
    }
  | {
      readonly kind: 'distinctFrom';
      readonly left: Expr;
      readonly right: Expr;
      readonly not: boolean;
      readonly at: number;
    }
  | {
      readonly kind: 'between';
      readonly value: Expr;
      readonly low: Expr;
      readonly high: Expr;
      readonly not: boolean;
      readonly at: number;
    }
  | {
      readonly kind: 'in';
      readonly value: Expr;
      readonly list?: readonly Expr[];
      readonly query?: Query;
      readonly unnest?: Expr;
      readonly not: boolean;
      readonly at: number;
    }
  | { readonly kind: 'like'; readonly value: Expr; readonly pattern: Expr; readonly not: boolean; readonly at: number }
  | {
      readonly kind: 'likeMany';
      readonly value: Expr;
      readonly all: boolean;
      readonly list?: readonly Expr[];
      readonly unnest?: Expr;
      readonly not: boolean;
      readonly at: number;
    }
  | { readonly kind: 'subquery'; readonly query: Query; readonly at: number }
  | { readonly kind: 'exists'; readonly query: Query; readonly at: number }
  | { readonly kind: 'arrayQuery'; readonly query: Query; readonly at: number }
  | { readonly kind: 'array'; readonly type?: TypeNode; readonly items: readonly Expr[]; readonly at: number }
  | {
      readonly kind: 'struct';
      readonly type?: TypeNode;
      readonly fields: ReadonlyArray<{ readonly name?: string; readonly value: Expr }>;
      readonly tuple: boolean;
      readonly at: number;
    }
  | {
      readonly kind: 'index';
      readonly base: Expr;
      readonly index: Expr;
      readonly mode: 'OFFSET' | 'ORDINAL' | 'SAFE_OFFSET' | 'SAFE_ORDINAL' | 'PLAIN';
      readonly at: number;
    }
  | { readonly kind: 'default'; readonly at: number };

/** `*` or `path.*` in a SELECT list. */
export interface StarItem {
  readonly kind: 'star';
  readonly base?: Expr;
  readonly except: readonly Named[];
  readonly replace: ReadonlyArray<{ readonly name: string; readonly value: Expr; readonly at: number }>;
  readonly at: number;
}

export interface ValueItem {
  readonly kind: 'value';
  readonly value: Expr;
  readonly alias?: string;
  readonly at: number;
}

export type SelectItem = StarItem | ValueItem;

export type GroupItem =
  | { readonly kind: 'value'; readonly value: Expr; readonly alias?: string }
  | {
      readonly kind: 'sets';
      readonly type: 'ROLLUP' | 'CUBE' | 'GROUPING SETS';
      readonly sets: ReadonlyArray<readonly Expr[]>;
      readonly at: number;
    };

/** The path of a table: its parts, split at dots. */
export interface PathNode {
  readonly parts: readonly string[];
  readonly at: number;
  readonly text: string;
}

export type FromItem =
  | {
      readonly kind: 'table';
      readonly path: PathNode;
      readonly alias?: string;
      readonly systemTime?: Expr;
      readonly offset?: { readonly alias?: string };
      readonly at: number;
    }
  | {
      readonly kind: 'unnest';
      readonly value: Expr;
      readonly alias?: string;
      readonly offset?: { readonly alias?: string };
      readonly at: number;
    }
  | { readonly kind: 'query'; readonly query: Query; readonly alias?: string; readonly at: number }
  | {
      readonly kind: 'function';
      readonly name: string;
      /** The input table or query. */
      readonly input?: FromItem;
      readonly args: readonly Expr[];
      readonly alias?: string;
      readonly at: number;
    }
  | {
      readonly kind: 'join';
      readonly type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS' | 'COMMA';
      readonly left: FromItem;
      readonly right: FromItem;
      readonly on?: Expr;
      readonly using?: readonly Named[];
      readonly at: number;
    }
  | {
      readonly kind: 'pivot';
      readonly source: FromItem;
      readonly values: ReadonlyArray<{ readonly value: Expr; readonly alias?: string }>;
      readonly column: Expr;
      readonly keys: ReadonlyArray<{ readonly value: Expr; readonly alias?: string }>;
      readonly alias?: string;
      readonly at: number;
    }
  | {
      readonly kind: 'unpivot';
      readonly source: FromItem;
      readonly includeNulls: boolean;
      /** The new value columns: one, or one per column of a group. */
      readonly values: readonly string[];
      readonly name: string;
      readonly groups: ReadonlyArray<{
        readonly columns: readonly string[];
        readonly label?: Expr;
        readonly at: number;
      }>;
      readonly alias?: string;
      readonly at: number;
    }
  | { readonly kind: 'sample'; readonly source: FromItem; readonly percent: Expr; readonly at: number };

export interface SelectBody {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly as?: 'STRUCT' | 'VALUE';
  readonly items: readonly SelectItem[];
  readonly from?: FromItem;
  readonly where?: Expr;
  readonly groupBy?: readonly GroupItem[] | 'ALL';
  readonly having?: Expr;
  readonly qualify?: Expr;
  readonly windows: ReadonlyArray<{ readonly name: string; readonly spec: WindowSpec }>;
  readonly at: number;
}

export type QueryBody =
  | SelectBody
  | {
      readonly kind: 'set';
      readonly op: 'UNION' | 'INTERSECT' | 'EXCEPT';
      readonly all: boolean;
      /** Columns are matched by name, not by position. */
      readonly byName: boolean;
      readonly left: QueryBody;
      readonly right: QueryBody;
      readonly at: number;
    }
  | { readonly kind: 'nested'; readonly query: Query; readonly at: number };

export interface Query {
  readonly with: ReadonlyArray<{ readonly name: string; readonly query: Query; readonly at: number }>;
  readonly recursive: boolean;
  readonly body: QueryBody;
  readonly orderBy: readonly SortItem[];
  readonly limit?: Expr;
  readonly offset?: Expr;
  readonly at: number;
}

export interface Assignment {
  readonly path: readonly string[];
  readonly value: Expr;
  readonly at: number;
}

export type MergeAction =
  | { readonly kind: 'update'; readonly set: readonly Assignment[] }
  | { readonly kind: 'delete' }
  | {
      readonly kind: 'insert';
      readonly columns?: readonly Named[];
      readonly values?: readonly Expr[];
    };

export interface MergeWhen {
  readonly matched: 'MATCHED' | 'NOT MATCHED' | 'NOT MATCHED BY SOURCE';
  readonly condition?: Expr;
  readonly action: MergeAction;
}

export interface CreateTableNode {
  readonly kind: 'createTable';
  readonly path: PathNode;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly temporary: boolean;
  readonly columns?: readonly ColumnNode[];
  readonly constraints: readonly ConstraintNode[];
  readonly partitionBy?: Expr;
  readonly clusterBy?: readonly Expr[];
  readonly options: readonly OptionNode[];
  readonly like?: PathNode;
  readonly copyOf?: PathNode;
  readonly query?: Query;
  readonly at: number;
}

export type AlterNode =
  | { readonly kind: 'addColumn'; readonly column: ColumnNode; readonly ifNotExists: boolean }
  | { readonly kind: 'dropColumn'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'renameColumn'; readonly from: string; readonly to: string; readonly ifExists: boolean }
  | { readonly kind: 'renameTable'; readonly to: string }
  | { readonly kind: 'setType'; readonly name: string; readonly type: TypeNode }
  | { readonly kind: 'dropNotNull'; readonly name: string }
  | { readonly kind: 'columnOptions'; readonly name: string; readonly options: readonly OptionNode[] }
  | { readonly kind: 'columnDefault'; readonly name: string; readonly text: string | null; readonly at: number }
  | { readonly kind: 'addConstraint'; readonly constraint: ConstraintNode; readonly ifNotExists: boolean }
  | { readonly kind: 'dropConstraint'; readonly name?: string; readonly ifExists: boolean }
  | { readonly kind: 'options'; readonly options: readonly OptionNode[] };

export type StatementNode =
  | { readonly kind: 'query'; readonly query: Query; readonly at: number }
  | {
      readonly kind: 'insert';
      readonly path: PathNode;
      readonly columns?: readonly Named[];
      readonly rows?: ReadonlyArray<readonly Expr[]>;
      readonly query?: Query;
      readonly at: number;
    }
  | {
      readonly kind: 'update';
      readonly path: PathNode;
      readonly alias?: string;
      readonly set: readonly Assignment[];
      readonly from?: FromItem;
      readonly where: Expr;
      readonly at: number;
    }
  | {
      readonly kind: 'delete';
      readonly path: PathNode;
      readonly alias?: string;
      readonly where: Expr;
      readonly at: number;
    }
  | { readonly kind: 'truncate'; readonly path: PathNode; readonly at: number }
  | {
      readonly kind: 'merge';
      readonly path: PathNode;
      readonly alias?: string;
      readonly using: FromItem;
      readonly on: Expr;
      readonly whens: readonly MergeWhen[];
      readonly at: number;
    }
  | CreateTableNode
  | {
      readonly kind: 'createView';
      readonly path: PathNode;
      readonly orReplace: boolean;
      readonly ifNotExists: boolean;
      readonly columns?: readonly string[];
      readonly options: readonly OptionNode[];
      readonly query: Query;
      readonly queryText: string;
      readonly at: number;
    }
  | {
      readonly kind: 'createSchema';
      readonly path: PathNode;
      readonly ifNotExists: boolean;
      readonly options: readonly OptionNode[];
      readonly at: number;
    }
  | {
      readonly kind: 'createFunction';
      readonly path: PathNode;
      readonly temporary: boolean;
      readonly parameters: ReadonlyArray<{ readonly name: string; readonly type: TypeNode | 'ANY' }>;
      readonly returns?: TypeNode;
      readonly body: Expr;
      readonly at: number;
    }
  | {
      readonly kind: 'drop';
      readonly what:
        | 'TABLE'
        | 'VIEW'
        | 'SCHEMA'
        | 'MATERIALIZED VIEW'
        | 'EXTERNAL TABLE'
        | 'SNAPSHOT TABLE'
        | 'FUNCTION'
        | 'TABLE FUNCTION'
        | 'PROCEDURE';
      readonly path: PathNode;
      readonly ifExists: boolean;
      readonly cascade: boolean;
      readonly at: number;
    }
  | {
      readonly kind: 'alter';
      readonly what: 'TABLE' | 'VIEW' | 'SCHEMA';
      readonly path: PathNode;
      readonly ifExists: boolean;
      readonly actions: readonly AlterNode[];
      readonly at: number;
    }
  | { readonly kind: 'transaction'; readonly what: 'BEGIN' | 'COMMIT' | 'ROLLBACK'; readonly at: number }
  | { readonly kind: 'assert'; readonly condition: Expr; readonly message?: string; readonly at: number }
  | {
      readonly kind: 'declare';
      readonly names: readonly Named[];
      readonly type?: TypeNode;
      readonly value?: Expr;
      readonly at: number;
    }
  | { readonly kind: 'set'; readonly names: readonly Named[]; readonly value: Expr; readonly at: number }
  | { readonly kind: 'setSystem'; readonly name: string; readonly value: Expr; readonly at: number }
  | {
      readonly kind: 'if';
      readonly branches: ReadonlyArray<{ readonly condition: Expr; readonly body: readonly ScriptNode[] }>;
      readonly otherwise?: readonly ScriptNode[];
      readonly at: number;
    }
  | {
      readonly kind: 'loop';
      readonly condition?: Expr;
      readonly until?: Expr;
      readonly body: readonly ScriptNode[];
      readonly label?: string;
      readonly at: number;
    }
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly query: Query;
      readonly body: readonly ScriptNode[];
      readonly label?: string;
      readonly at: number;
    }
  | {
      readonly kind: 'block';
      readonly body: readonly ScriptNode[];
      readonly handler?: readonly ScriptNode[];
      readonly label?: string;
      readonly at: number;
    }
  | {
      readonly kind: 'leave';
      readonly what: 'BREAK' | 'CONTINUE' | 'RETURN';
      readonly label?: string;
      readonly at: number;
    }
  | { readonly kind: 'raise'; readonly message?: Expr; readonly at: number }
  | {
      readonly kind: 'immediate';
      readonly sql: Expr;
      readonly into: readonly Named[];
      readonly using: ReadonlyArray<{ readonly value: Expr; readonly name?: string }>;
      readonly at: number;
    };

/** A name and its offset. */
export interface Named {
  readonly name: string;
  readonly at: number;
}

/** A statement and the offsets of its text. */
export interface ScriptNode {
  readonly node: StatementNode;
  readonly start: number;
  readonly end: number;
}
