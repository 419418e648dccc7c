import { DuckDBListValue, type DuckDBValue } from '@duckdb/node-api';
import type { Outcome, Statement } from '../contract';
import type { Expr } from '../syntax/tree';
import { BOOL, type SqlType, STRING, typeName } from '../types';
import { type Context, failAt } from './context';
import { analyse, converted } from './expressions';
import { literalOf } from './literals';
import type { QueryResult } from './queries';
import { Scope } from './scope';
import type { ScriptState } from './scriptState';
import type { Value } from './values';

/** A part of a script: yields statements to run, is resumed with their outcomes, and returns a result. */
export type Run<T> = Generator<Statement, T, Outcome | undefined>;

/** Runs a query of the script itself and returns its only row. */
export function* runRow(state: ScriptState, sql: string, context: Context, text: string): Run<readonly DuckDBValue[]> {
  context.filters.check();
  let row: readonly DuckDBValue[] = [];
  yield {
    ...state.statement('ASSIGN', text, [...context.reads.values()]),
    duckdb: sql,
    receive: (values) => {
      row = values;
    },
  };
  return row;
}

/** Runs a query of one value. */
export function* runScalar(state: ScriptState, sql: string, context: Context, text: string): Run<DuckDBValue> {
  const [value = null] = yield* runRow(state, sql, context, text);
  return value;
}

/** Runs a query whose rows are packed into one list (see `packedRows`). */
export function* runRows(state: ScriptState, sql: string, context: Context, text: string): Run<readonly DuckDBValue[]> {
  const rows = yield* runScalar(state, sql, context, text);
  return rows instanceof DuckDBListValue ? rows.items : [];
}

/** Evaluates an expression, converted to `wanted`. */
export function* evaluate(
  state: ScriptState,
  expr: Expr,
  text: string,
  wanted?: SqlType,
): Run<{ readonly result: DuckDBValue; readonly type: SqlType }> {
  const context = state.context();
  const value = state.withPosition(() => {
    const given = analyse(expr, new Scope(context));
    if (wanted === undefined) return given;
    return (
      converted(given, wanted, expr.at) ??
      failAt(expr.at, `Cannot coerce expression of type ${typeName(given.type)} to type ${typeName(wanted)}`)
    );
  });
  return { result: yield* runScalar(state, `SELECT ${value.sql}`, context, text), type: value.type };
}

/** Evaluates an expression to a literal for later statements. */
export function* evaluateLiteral(state: ScriptState, expr: Expr, text: string, wanted?: SqlType): Run<Value> {
  const { result, type } = yield* evaluate(state, expr, text, wanted);
  return literalOf(result, type);
}

/** Evaluates a STRING expression; null for SQL NULL. */
export function* evaluateText(state: ScriptState, expr: Expr, text: string): Run<string | null> {
  const { result } = yield* evaluate(state, expr, text, STRING);
  return result === null ? null : String(result);
}

/** Evaluates a condition; false for SQL NULL. */
export function* evaluateCondition(state: ScriptState, expr: Expr, text: string): Run<boolean> {
  const context = state.context();
  const value = state.withPosition(() => {
    const given = analyse(expr, new Scope(context));
    return converted(given, BOOL, expr.at) ?? failAt(expr.at, `Expected type BOOL; found ${typeName(given.type)}`);
  });
  return (yield* runScalar(state, `SELECT ${value.sql}`, context, text)) === true;
}

/** A query that returns the rows of another as one list of structs, and the type of the structs. */
export function packedRows(query: QueryResult): { readonly sql: string; readonly type: SqlType } {
  const type: SqlType = {
    kind: 'STRUCT',
    fields: query.columns.map((column) => ({ name: column.name, type: column.type })),
  };
  const packed = query.columns.map((column) => `${column.sql} := "r".${column.sql}`).join(', ');
  return { sql: `SELECT ARRAY(SELECT struct_pack(${packed}) FROM (${query.sql}) AS "r")`, type };
}
