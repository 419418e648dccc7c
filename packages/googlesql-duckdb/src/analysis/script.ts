import { DuckDBListValue, DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';
import type { Outcome, QueryParameter, SqlCatalog, StackFrame, Statement, TableRef } from '../contract';
import { lineAndColumn, placed, RaisedError, ScriptError, SqlError } from '../errors';
import { parseScript } from '../syntax/parse';
import type { CreateTableNode, Expr, Query, ScriptNode, StatementNode, TypeNode } from '../syntax/tree';
import { BOOL, INT64, type SqlType, STRING, typeName } from '../types';
import { typeOfNode } from './casts';
import { type Context, failAt, refOf, type UserFunction, usedName } from './context';
import { analyse, converted } from './expressions';
import { literalOf } from './literals';
import { PartitionFilters } from './partitionFilters';
import { analyseQuery, type QueryResult } from './queries';
import { Scope } from './scope';
import { analyseStatement, isPlain } from './statements';
import { SystemVariables } from './systemVariables';
import { nullOf, textLiteral, type Value } from './values';

/** What a script is run with. */
export interface ScriptOptions {
  readonly legacy: boolean;
  readonly parameters: readonly QueryParameter[];
  readonly catalog: SqlCatalog;
  /** Is it more than one plain statement? Then errors tell where the script stood. */
  readonly several: boolean;
  /** The job that runs the script. */
  readonly jobId?: string;
}

type Run<T> = Generator<Statement, T, Outcome | undefined>;

/** How a list of statements ended, when not at its end. */
type Leave = { readonly what: 'BREAK' | 'CONTINUE' | 'RETURN'; readonly label?: string } | null;

/** Dataset of temporary tables, one for each script. */
let temporaries = 0;

/**
 * Runs a script: statements are translated one after the other, each when the one before has been executed, and handed
 * out. Variables, conditions and loops are kept here.
 */
export class Script {
  readonly #options: ScriptOptions;
  readonly #text: string;
  #parameters: readonly QueryParameter[];
  readonly #functions: Map<string, UserFunction>;
  readonly #temporary: Map<string, TableRef>;
  #variables: Map<string, Value>;
  readonly #system: SystemVariables;
  readonly #outer: Script | undefined;
  /** The statement that runs. */
  #current: ScriptNode | undefined;

  /** @param outer the script that executes this one from a text: it shares what it made, and gives variables. */
  constructor(
    text: string,
    options: ScriptOptions,
    outer?: { readonly script: Script; readonly using: Map<string, Value> },
  ) {
    this.#text = text;
    this.#options = options;
    this.#parameters = options.parameters;
    this.#functions = outer ? outer.script.#functions : new Map();
    this.#temporary = outer ? outer.script.#temporary : new Map();
    this.#variables = outer?.using ?? new Map();
    this.#system = outer ? outer.script.#system : new SystemVariables(options.catalog, options.jobId);
    this.#outer = outer?.script;
  }

  *run(nodes: readonly ScriptNode[]): Run<Leave> {
    for (const node of nodes) {
      const leave = yield* this.#statement(node);
      if (leave !== null) return leave;
    }
    return null;
  }

  #context(): Context {
    return {
      catalog: this.#system.catalog,
      legacy: this.#options.legacy,
      parameters: this.#parameters,
      variables: this.#variables,
      system: this.#system,
      functions: this.#functions,
      temporary: this.#temporary,
      now: new Date(),
      reads: new Map(),
      views: [],
      filters: new PartitionFilters(),
      names: { next: 0 },
    };
  }

  /** Places errors in the text of the script. */
  #placed<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw placed(error, this.#text);
    }
  }

  *#statement(scriptNode: ScriptNode): Run<Leave> {
    const before = this.#current;
    this.#current = scriptNode;
    try {
      return yield* this.#execute(scriptNode);
    } catch (error) {
      if (!this.#options.several || error instanceof ScriptError || !(error instanceof SqlError)) throw error;
      throw new ScriptError(error, this.#frames());
    } finally {
      this.#current = before;
    }
  }

  /** Where the script stands, the innermost statement first. */
  #frames(): StackFrame[] {
    const outer = this.#outer === undefined ? [] : this.#outer.#frames();
    if (this.#current === undefined) return outer;
    const { start, end } = this.#current;
    const from = lineAndColumn(this.#text, start);
    const to = lineAndColumn(this.#text, end);
    return [
      {
        startLine: from.line,
        startColumn: from.column,
        endLine: to.line,
        endColumn: to.column,
        text: this.#text.slice(start, end),
      },
      ...outer,
    ];
  }

  *#execute({ node, start, end }: ScriptNode): Run<Leave> {
    const text = this.#text.slice(start, end);
    // a temporary function is the script's own
    if (
      node.kind === 'drop' &&
      node.what === 'FUNCTION' &&
      this.#functions.delete(node.path.parts.join('.').toLowerCase())
    )
      return null;
    if (isPlain(node)) {
      if (node.kind === 'createTable' && node.temporary) this.#placed(() => this.#nameTemporary(node));
      const { statement, check } = this.#placed(() => analyseStatement(node, text, this.#context()));
      if (check !== null && (yield* this.#single(check, this.#context(), text)) === true)
        throw new SqlError('invalidQuery', 'UPDATE/MERGE must match at most one source row for each target row');
      this.#system.ended(yield { ...statement, ...this.#standing() });
      if (node.kind === 'drop' && node.path.parts.length === 1)
        this.#temporary.delete(node.path.parts[0]?.toLowerCase() ?? '');
      return null;
    }
    switch (node.kind) {
      case 'declare':
        return yield* this.#declare(node, text);
      case 'set':
        return yield* this.#set(node, text);
      case 'setSystem':
        this.#system.set(node.name, yield* this.#textOf(node.value, text));
        return null;
      case 'if':
        return yield* this.#if(node, text);
      case 'loop':
        return yield* this.#loop(node, text);
      case 'for':
        return yield* this.#for(node, text);
      case 'block':
        return yield* this.#block(node);
      case 'leave':
        return { what: node.what, label: node.label };
      case 'raise':
        if (node.message === undefined) throw this.#system.error;
        throw new RaisedError((yield* this.#textOf(node.message, text)) ?? 'NULL');
      case 'assert': {
        if ((yield* this.#condition(node.condition, text)) !== true)
          throw new SqlError('invalidQuery', node.message ?? 'Assertion failed');
        return null;
      }
      case 'transaction':
        yield { ...this.#bare(`${node.what}_TRANSACTION`, text), duckdb: node.what };
        return null;
      case 'createFunction':
        return this.#createFunction(node);
      case 'immediate':
        return yield* this.#immediate(node, text);
      default:
        return null;
    }
  }

  /** What a statement takes from the script around it. */
  #standing(): Pick<Statement, 'frames' | 'labels'> {
    const { labels } = this.#system;
    return { frames: this.#frames(), ...(labels === undefined ? {} : { labels }) };
  }

  #bare(kind: Statement['kind'], text: string, context?: Context): Statement {
    context?.filters.check();
    const reads = context === undefined ? [] : [...context.reads.values()];
    return { kind, duckdb: '', parameters: {}, parameterTypes: {}, text, reads, ...this.#standing() };
  }

  /** Runs a query of one value. */
  *#single(sql: string, context: Context, text: string): Run<DuckDBValue> {
    let found: DuckDBValue = null;
    yield {
      ...this.#bare('ASSIGN', text, context),
      duckdb: sql,
      receive: (row) => {
        found = row[0] ?? null;
      },
    };
    return found;
  }

  /** Evaluates an expression, into a literal. */
  *#value(expr: Expr, text: string, wanted?: SqlType): Run<Value> {
    const { found, type } = yield* this.#evaluated(expr, text, wanted);
    return literalOf(found, type);
  }

  /** Evaluates an expression that is a text. */
  *#textOf(expr: Expr, text: string): Run<string | null> {
    const { found } = yield* this.#evaluated(expr, text, STRING);
    return found === null ? null : String(found);
  }

  *#evaluated(expr: Expr, text: string, wanted?: SqlType): Run<{ found: DuckDBValue; type: SqlType }> {
    const context = this.#context();
    const value = this.#placed(() => {
      const made = analyse(expr, new Scope(context, null, new Map()));
      if (wanted === undefined) return made;
      return (
        converted(made, wanted, expr.at) ??
        failAt(expr.at, `Cannot coerce expression of type ${typeName(made.type)} to type ${typeName(wanted)}`)
      );
    });
    return { found: yield* this.#single(`SELECT ${value.sql}`, context, text), type: value.type };
  }

  *#condition(expr: Expr, text: string): Run<DuckDBValue> {
    const context = this.#context();
    const value = this.#placed(() => {
      const made = analyse(expr, new Scope(context, null, new Map()));
      return converted(made, BOOL, expr.at) ?? failAt(expr.at, `Expected type BOOL; found ${typeName(made.type)}`);
    });
    return yield* this.#single(`SELECT ${value.sql}`, context, text);
  }

  *#declare(node: Extract<StatementNode, { kind: 'declare' }>, text: string): Run<null> {
    const type = node.type === undefined ? undefined : this.#placed(() => typeOfNode(node.type as TypeNode));
    const value =
      node.value === undefined ? literalOf(null, type ?? INT64) : yield* this.#value(node.value, text, type);
    for (const { name } of node.names) this.#variables.set(name.toLowerCase(), value);
    return null;
  }

  *#set(node: Extract<StatementNode, { kind: 'set' }>, text: string): Run<null> {
    const types = node.names.map(
      ({ name, at }) =>
        this.#variables.get(name.toLowerCase())?.type ?? this.#placed(() => failAt(at, `Undeclared variable: ${name}`)),
    );
    const [only] = types;
    if (node.names.length === 1 && only !== undefined) {
      this.#variables.set((node.names[0]?.name ?? '').toLowerCase(), yield* this.#value(node.value, text, only));
      return null;
    }
    const struct: SqlType = {
      kind: 'STRUCT',
      fields: types.map((type, place) => ({ name: node.names[place]?.name ?? '', type })),
    };
    const context = this.#context();
    const value = this.#placed(() => {
      const made = analyse(node.value, new Scope(context, null, new Map()));
      return (
        converted(made, struct, node.value.at) ??
        failAt(node.value.at, `Cannot coerce expression of type ${typeName(made.type)} to the variables' types`)
      );
    });
    let row: readonly DuckDBValue[] = [];
    const sql = `SELECT ${types.map((_, place) => `struct_extract(s, ${textLiteral(node.names[place]?.name ?? '')})`).join(', ')} FROM (SELECT ${value.sql} AS s) AS v`;
    yield {
      ...this.#bare('ASSIGN', text, context),
      duckdb: sql,
      receive: (values) => {
        row = values;
      },
    };
    for (const [place, { name }] of node.names.entries())
      this.#variables.set(name.toLowerCase(), literalOf(row[place] ?? null, types[place] ?? INT64));
    return null;
  }

  *#if(node: Extract<StatementNode, { kind: 'if' }>, text: string): Run<Leave> {
    for (const branch of node.branches) {
      if ((yield* this.#condition(branch.condition, text)) === true) return yield* this.run(branch.body);
    }
    return node.otherwise === undefined ? null : yield* this.run(node.otherwise);
  }

  *#loop(node: Extract<StatementNode, { kind: 'loop' }>, text: string): Run<Leave> {
    for (let round = 0; ; round += 1) {
      if (round > 100_000) throw new SqlError('invalidQuery', 'A loop of the script ran more than 100000 times');
      if (node.condition !== undefined && (yield* this.#condition(node.condition, text)) !== true) return null;
      const leave = yield* this.run(node.body);
      const mine = leave?.label === undefined || leave.label === node.label;
      if (leave !== null && (leave.what === 'RETURN' || !mine)) return leave;
      if (leave?.what === 'BREAK') return null;
      if (node.until !== undefined && (yield* this.#condition(node.until, text)) === true) return null;
    }
  }

  *#for(node: Extract<StatementNode, { kind: 'for' }>, text: string): Run<Leave> {
    const context = this.#context();
    const { sql, type } = this.#placed(() => this.#rows(node.query, context));
    const rows = yield* this.#single(sql, context, text);
    const items = rows !== null && typeof rows === 'object' && 'items' in rows ? rows.items : [];
    const before = this.#variables.get(node.name.toLowerCase());
    for (const item of items) {
      this.#variables.set(node.name.toLowerCase(), literalOf(item as DuckDBValue, type));
      const leave = yield* this.run(node.body);
      const mine = leave?.label === undefined || leave.label === node.label;
      if (leave !== null && (leave.what === 'RETURN' || !mine)) return leave;
      if (leave?.what === 'BREAK') break;
    }
    if (before === undefined) this.#variables.delete(node.name.toLowerCase());
    else this.#variables.set(node.name.toLowerCase(), before);
    return null;
  }

  /** A query's rows as one list of structs. */
  #rows(query: Query, context: Context): { sql: string; type: SqlType } {
    return this.#packed(analyseQuery(query, context, null, new Map()));
  }

  #packed(result: QueryResult): { sql: string; type: SqlType } {
    const type: SqlType = {
      kind: 'STRUCT',
      fields: result.columns.map((column) => ({ name: column.name, type: column.type })),
    };
    const packed = result.columns.map((column) => `${column.sql} := "r".${column.sql}`).join(', ');
    return { sql: `SELECT ARRAY(SELECT struct_pack(${packed}) FROM (${result.sql}) AS "r")`, type };
  }

  *#block(node: Extract<StatementNode, { kind: 'block' }>): Run<Leave> {
    const outer = this.#variables;
    const handling = this.#system.error;
    this.#variables = new Map(outer);
    try {
      const leave = yield* this.run(node.body);
      return leave?.what === 'BREAK' && leave.label !== undefined && leave.label === node.label ? null : leave;
    } catch (error) {
      if (node.handler === undefined || !isHandled(error)) throw error;
      this.#system.error = error;
      return yield* this.run(node.handler);
    } finally {
      this.#system.error = handling;
      // what the block declared is gone, what it set stays
      for (const name of outer.keys()) outer.set(name, this.#variables.get(name) ?? nullOf(INT64));
      this.#variables = outer;
    }
  }

  #createFunction(node: Extract<StatementNode, { kind: 'createFunction' }>): null {
    if (!node.temporary)
      throw new SqlError('invalidQuery', 'CREATE FUNCTION without TEMP is not supported by the local BigQuery');
    const name = node.path.parts.join('.');
    this.#functions.set(name.toLowerCase(), {
      name,
      parameters: node.parameters,
      returns: node.returns,
      body: node.body,
    });
    return null;
  }

  /** The hidden table that a temporary one is; one that is there already stays where nothing replaces it. */
  #nameTemporary({ path, ifNotExists, orReplace }: CreateTableNode): void {
    if (!this.#options.several)
      throw new SqlError('invalidQuery', 'Use of CREATE TEMPORARY TABLE requires a script or session');
    const [name] = path.parts;
    if (name === undefined || path.parts.length > 1) return;
    if (this.#temporary.has(name.toLowerCase())) {
      if (ifNotExists || orReplace) return;
      throw new SqlError('duplicate', `Already Exists: Table ${name}`);
    }
    temporaries += 1;
    this.#temporary.set(name.toLowerCase(), {
      ...refOf(['_bqtail_temp', name], this.#context()),
      tableId: `${name}_${temporaries}`,
    });
  }

  /** EXECUTE IMMEDIATE: a script in a text. */
  *#immediate(node: Extract<StatementNode, { kind: 'immediate' }>, text: string): Run<Leave> {
    const sql = yield* this.#textOf(node.sql, text);
    if (sql === null) throw new SqlError('invalidQuery', 'SQL created by EXECUTE IMMEDIATE cannot be NULL');
    const using = new Map<string, Value>();
    for (const [place, one] of node.using.entries()) {
      using.set(usedName(one.name ?? place), yield* this.#value(one.value, text));
    }
    const inner = new Script(sql, { ...this.#options, parameters: [] }, { script: this, using });
    const { statements } = this.#dynamic(sql);
    if (node.into.length === 0) {
      yield* inner.run(statements);
      return null;
    }
    const [only] = statements;
    if (only?.node.kind !== 'query') throw new SqlError('invalidQuery', 'EXECUTE IMMEDIATE ... INTO needs a query');
    const query = only.node.query;
    const context = inner.#context();
    const result = inner.#placed(() => analyseQuery(query, context, null, new Map()));
    if (result.columns.length !== node.into.length) {
      throw new SqlError(
        'invalidQuery',
        `EXECUTE IMMEDIATE ... INTO has ${node.into.length} variables for ${result.columns.length} columns`,
      );
    }
    const { sql: several } = this.#packed(result);
    const rows = yield* this.#single(several, context, text);
    const items = rows instanceof DuckDBListValue ? rows.items : [];
    if (items.length > 1)
      throw new SqlError('invalidQuery', 'The query of EXECUTE IMMEDIATE ... INTO gave more than one row');
    const [row] = items;
    const values = row instanceof DuckDBStructValue ? Object.values(row.entries) : [];
    for (const [place, { name, at }] of node.into.entries()) {
      const { type } =
        this.#variables.get(name.toLowerCase()) ?? this.#placed(() => failAt(at, `Undeclared variable: ${name}`));
      const found = literalOf(values[place] ?? null, result.columns[place]?.type ?? type);
      const value = this.#placed(
        () =>
          converted(found, type, at) ??
          failAt(at, `Cannot coerce expression of type ${typeName(found.type)} to type ${typeName(type)}`),
      );
      this.#variables.set(name.toLowerCase(), value);
    }
    return null;
  }

  /** The statements of a text that is executed. */
  #dynamic(sql: string): ReturnType<typeof parseScript> {
    try {
      return parseScript(sql, this.#options.legacy);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      throw new SqlError(error.reason, `Invalid EXECUTE IMMEDIATE sql string \`${sql}\`, ${error.message}`);
    }
  }
}

/** May a handler have the error? What is not supported here is told whatever the script says. */
function isHandled(error: unknown): error is ScriptError {
  return error instanceof ScriptError && !/supported by the local BigQuery/.test(error.message);
}
