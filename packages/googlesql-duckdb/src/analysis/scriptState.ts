import type { QueryParameter, SqlCatalog, StackFrame, Statement, TableRef } from '../contract';
import { lineAndColumn, SqlError, withLineAndColumn } from '../errors';
import type { CreateTableNode, ScriptNode, StatementNode } from '../syntax/tree';
import { type Context, tableRefOf, type UserFunction } from './context';
import { PartitionFilters } from './partitionFilters';
import { SystemVariables } from './systemVariables';
import type { Value } from './values';

/** Options of a script. */
export interface ScriptOptions {
  readonly legacy: boolean;
  readonly parameters: readonly QueryParameter[];
  readonly catalog: SqlCatalog;
  /** Whether the text is more than one plain statement. Then errors contain the position of the statement. */
  readonly several: boolean;
  /** The job that runs the script. */
  readonly jobId?: string;
}

/** Makes the IDs of temporary tables unique within the process. */
let temporaryTables = 0;

/** The state of a running script: its variables, functions and temporary tables, and the stack of running statements. */
export class ScriptState {
  readonly functions: Map<string, UserFunction>;
  readonly temporary: Map<string, TableRef>;
  readonly system: SystemVariables;
  /** Variables of the current block and its enclosing blocks, by name in lower case. */
  variables: Map<string, Value>;
  /** The running statement. */
  current?: ScriptNode;
  private readonly outer?: ScriptState;

  /**
   * @param outer the script that runs this text by EXECUTE IMMEDIATE. It shares its functions, temporary tables and system
   *   variables; `using` are the values of USING.
   */
  constructor(
    readonly text: string,
    readonly options: ScriptOptions,
    outer?: { readonly state: ScriptState; readonly using: Map<string, Value> },
  ) {
    this.functions = outer?.state.functions ?? new Map();
    this.temporary = outer?.state.temporary ?? new Map();
    this.system = outer?.state.system ?? new SystemVariables(options.catalog, options.jobId);
    this.variables = outer?.using ?? new Map();
    this.outer = outer?.state;
  }

  /** A new context to translate one statement in. */
  context(): Context {
    return {
      catalog: this.system.catalog,
      legacy: this.options.legacy,
      parameters: this.options.parameters,
      variables: this.variables,
      system: this.system,
      functions: this.functions,
      temporary: this.temporary,
      now: new Date(),
      reads: new Map(),
      views: [],
      filters: new PartitionFilters(),
      names: { next: 0 },
    };
  }

  /** Runs `work`, and adds line and column to its positioned errors. */
  withPosition<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw withLineAndColumn(error, this.text);
    }
  }

  /** The stack of running statements, the innermost first. */
  frames(): StackFrame[] {
    const outer = this.outer?.frames() ?? [];
    if (this.current === undefined) return outer;
    const { start, end } = this.current;
    const from = lineAndColumn(this.text, start);
    const to = lineAndColumn(this.text, end);
    return [
      {
        startLine: from.line,
        startColumn: from.column,
        endLine: to.line,
        endColumn: to.column,
        text: this.text.slice(start, end),
      },
      ...outer,
    ];
  }

  /** A statement without SQL, with the stack and labels of the script. */
  statement(kind: Statement['kind'], text: string, reads: readonly TableRef[] = []): Statement {
    return { kind, duckdb: '', parameters: {}, parameterTypes: {}, text, reads, ...this.surroundings() };
  }

  /** The parts of a statement that come from the script around it. */
  surroundings(): Pick<Statement, 'frames' | 'labels'> {
    return { frames: this.frames(), labels: this.system.labels };
  }

  /**
   * Runs CREATE TEMP FUNCTION.
   *
   * @throws SqlError for a persistent function.
   */
  createFunction(node: Extract<StatementNode, { kind: 'createFunction' }>): void {
    if (!node.temporary)
      throw new SqlError('invalidQuery', 'CREATE FUNCTION without TEMP is not supported by the local BigQuery');
    const name = node.path.parts.join('.');
    this.functions.set(name.toLowerCase(), {
      name,
      parameters: node.parameters,
      returns: node.returns,
      body: node.body,
    });
  }

  /**
   * Assigns a hidden table to the name of a temporary table. IF NOT EXISTS and OR REPLACE keep an earlier one.
   *
   * @throws SqlError outside of a script, or `duplicate` when the name is taken.
   */
  nameTemporaryTable({ path, ifNotExists, orReplace }: CreateTableNode): void {
    if (!this.options.several)
      throw new SqlError('invalidQuery', 'Use of CREATE TEMPORARY TABLE requires a script or session');
    const [name] = path.parts;
    if (name === undefined || path.parts.length > 1) return;
    if (this.temporary.has(name.toLowerCase())) {
      if (ifNotExists || orReplace) return;
      throw new SqlError('duplicate', `Already Exists: Table ${name}`);
    }
    temporaryTables += 1;
    this.temporary.set(name.toLowerCase(), {
      ...tableRefOf(['_bqtail_temp', name], this.context()),
      tableId: `${name}_${temporaryTables}`,
    });
  }
}
