import type { DuckDBValue } from '@duckdb/node-api';
import type { QueryParameter, SqlCatalog, Statement, TableRef } from '../contract';
import { placed, SqlError, toSqlError } from '../errors';
import { parseScript } from '../syntax/parse';
import type { Expr, Query, ScriptNode, StatementNode, TypeNode } from '../syntax/tree';
import { BOOL, INT64, type SqlType, STRING, typeName } from '../types';
import { typeOfNode } from './casts';
import { type Context, failAt, refOf, type UserFunction, usedName } from './context';
import { analyse, converted } from './expressions';
import { literalOf } from './literals';
import { analyseQuery } from './queries';
import { Scope } from './scope';
import { analyseStatement, isPlain } from './statements';
import { nullOf, type Value } from './values';

/** What a script is run with. */
export interface ScriptOptions {
  readonly legacy: boolean;
  readonly parameters: readonly QueryParameter[];
  readonly catalog: SqlCatalog;
}

type Run<T> = Generator<Statement, T, void>;

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
  }

  *run(nodes: readonly ScriptNode[]): Run<Leave> {
    for (const node of nodes) {
      const leave = yield* this.#statement(node);
      if (leave !== null) return leave;
    }
    return null;
  }

  #context(): Context {
    const { catalog, legacy } = this.#options;
    return {
      catalog,
      legacy,
      parameters: this.#parameters,
      variables: this.#variables,
      functions: this.#functions,
      temporary: this.#temporary,
      now: new Date(),
      reads: new Map(),
      views: [],
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

  *#statement({ node, start, end }: ScriptNode): Run<Leave> {
    const text = this.#text.slice(start, end);
    if (isPlain(node)) {
      if (node.kind === 'createTable' && node.temporary) this.#placed(() => this.#nameTemporary(node.path.parts));
      const { statement, check } = this.#placed(() => analyseStatement(node, text, this.#context()));
      if (check !== null && (yield* this.#single(check, BOOL, text)) === true)
        throw new SqlError('invalidQuery', 'UPDATE/MERGE must match at most one source row for each target row');
      yield statement;
      return null;
    }
    switch (node.kind) {
      case 'declare':
        return yield* this.#declare(node, text);
      case 'set':
        return yield* this.#set(node, text);
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
      case 'raise': {
        const message = node.message === undefined ? nullOf(STRING) : yield* this.#value(node.message, text);
        throw new SqlError(
          'invalidQuery',
          `Query error: ${message.text ?? unquoted(message.sql)}`.replace(
            /^Query error: CAST\(NULL AS VARCHAR\)$/,
            'Query error: error',
          ),
        );
      }
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

  #bare(kind: Statement['kind'], text: string): Statement {
    return { kind, duckdb: '', parameters: {}, parameterTypes: {}, text, reads: [] };
  }

  /** Runs a query of one value. */
  *#single(sql: string, _type: SqlType, text: string): Run<DuckDBValue> {
    let found: DuckDBValue = null;
    yield {
      ...this.#bare('ASSIGN', text),
      duckdb: sql,
      receive: (row) => {
        found = row[0] ?? null;
      },
    };
    return found;
  }

  /** Evaluates an expression, into a literal. */
  *#value(expr: Expr, text: string, wanted?: SqlType): Run<Value> {
    const value = this.#placed(() => {
      const made = analyse(expr, new Scope(this.#context(), null, new Map()));
      if (wanted === undefined) return made;
      return (
        converted(made, wanted, expr.at) ??
        failAt(expr.at, `Cannot coerce expression of type ${typeName(made.type)} to type ${typeName(wanted)}`)
      );
    });
    return literalOf(yield* this.#single(`SELECT ${value.sql}`, value.type, text), value.type);
  }

  *#condition(expr: Expr, text: string): Run<DuckDBValue> {
    const value = this.#placed(() => {
      const made = analyse(expr, new Scope(this.#context(), null, new Map()));
      return converted(made, BOOL, expr.at) ?? failAt(expr.at, `Expected type BOOL; found ${typeName(made.type)}`);
    });
    return yield* this.#single(`SELECT ${value.sql}`, BOOL, text);
  }

  *#declare(node: Extract<StatementNode, { kind: 'declare' }>, text: string): Run<null> {
    const type = node.type === undefined ? undefined : this.#placed(() => typeOfNode(node.type as TypeNode));
    const value =
      node.value === undefined ? literalOf(null, type ?? INT64) : yield* this.#value(node.value, text, type);
    for (const name of node.names) this.#variables.set(name.toLowerCase(), value);
    return null;
  }

  *#set(node: Extract<StatementNode, { kind: 'set' }>, text: string): Run<null> {
    const types = node.names.map(
      (name) =>
        this.#variables.get(name.toLowerCase())?.type ??
        this.#placed(() => failAt(node.at, `Undeclared variable: ${name}`)),
    );
    const [only] = types;
    if (node.names.length === 1 && only !== undefined) {
      this.#variables.set((node.names[0] ?? '').toLowerCase(), yield* this.#value(node.value, text, only));
      return null;
    }
    const struct: SqlType = {
      kind: 'STRUCT',
      fields: types.map((type, place) => ({ name: node.names[place] ?? '', type })),
    };
    const value = this.#placed(() => {
      const made = analyse(node.value, new Scope(this.#context(), null, new Map()));
      return (
        converted(made, struct, node.value.at) ??
        failAt(node.value.at, `Cannot coerce expression of type ${typeName(made.type)} to the variables' types`)
      );
    });
    let row: readonly DuckDBValue[] = [];
    const sql = `SELECT ${types.map((_, place) => `struct_extract(s, '${(node.names[place] ?? '').replaceAll("'", "''")}')`).join(', ')} FROM (SELECT ${value.sql} AS s) AS v`;
    yield {
      ...this.#bare('ASSIGN', text),
      duckdb: sql,
      receive: (values) => {
        row = values;
      },
    };
    for (const [place, name] of node.names.entries())
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
    const { sql, type } = this.#placed(() => this.#rows(node.query));
    const rows = yield* this.#single(sql, type, text);
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
  #rows(query: Query): { sql: string; type: SqlType } {
    const result = analyseQuery(query, this.#context(), null, new Map());
    const type: SqlType = {
      kind: 'STRUCT',
      fields: result.columns.map((column) => ({ name: column.name, type: column.type })),
    };
    const packed = result.columns.map((column) => `${column.sql} := "r".${column.sql}`).join(', ');
    return { sql: `SELECT ARRAY(SELECT struct_pack(${packed}) FROM (${result.sql}) AS "r")`, type };
  }

  *#block(node: Extract<StatementNode, { kind: 'block' }>): Run<Leave> {
    const outer = this.#variables;
    this.#variables = new Map(outer);
    try {
      const leave = yield* this.run(node.body);
      return leave?.what === 'BREAK' && leave.label !== undefined && leave.label === node.label ? null : leave;
    } catch (error) {
      if (node.handler === undefined) throw error;
      const { message } = toSqlError(error);
      this.#variables.set('@@error.message', { sql: `'${message.replaceAll("'", "''")}'`, type: STRING });
      return yield* this.run(node.handler);
    } finally {
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

  #nameTemporary(parts: readonly string[]): void {
    const [name] = parts;
    if (name === undefined || parts.length > 1) return;
    temporaries += 1;
    this.#temporary.set(name.toLowerCase(), {
      ...refOf(['_bqtail_temp', name], this.#context()),
      tableId: `${name}_${temporaries}`,
    });
  }

  /** EXECUTE IMMEDIATE: a script in a text. */
  *#immediate(node: Extract<StatementNode, { kind: 'immediate' }>, text: string): Run<Leave> {
    const sql = yield* this.#value(node.sql, text, STRING);
    const using = new Map<string, Value>();
    for (const [place, one] of node.using.entries()) {
      using.set(usedName(one.name ?? place), yield* this.#value(one.value, text));
    }
    const inner = new Script(unquoted(sql.sql), { ...this.#options, parameters: [] }, { script: this, using });
    const nodes = parseScript(unquoted(sql.sql), this.#options.legacy).statements;
    if (node.into.length === 0) {
      yield* inner.run(nodes);
      return null;
    }
    const [only] = nodes;
    if (only?.node.kind !== 'query') throw new SqlError('invalidQuery', 'EXECUTE IMMEDIATE ... INTO needs a query');
    const query = only.node.query;
    const result = inner.#placed(() => analyseQuery(query, inner.#context(), null, new Map()));
    let row: readonly DuckDBValue[] = [];
    yield {
      ...this.#bare('ASSIGN', text),
      duckdb: `SELECT * FROM (SELECT 1) AS o LEFT JOIN (${result.sql}) AS r ON TRUE`,
      receive: (values) => {
        row = values.slice(1);
      },
    };
    for (const [place, name] of node.into.entries()) {
      const column = result.columns[place];
      if (column !== undefined) this.#variables.set(name.toLowerCase(), literalOf(row[place] ?? null, column.type));
    }
    return null;
  }
}

function unquoted(sql: string): string {
  return /^'[\s\S]*'$/.test(sql) ? sql.slice(1, -1).replaceAll("''", "'") : sql;
}
