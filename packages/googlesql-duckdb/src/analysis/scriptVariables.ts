import { DuckDBStructValue } from '@duckdb/node-api';
import { SqlError } from '../errors';
import type { Named, Query, StatementNode, TypeNode } from '../syntax/tree';
import { INT64, type SqlType, typeName } from '../types';
import { typeOfNode } from './casts';
import { failAt } from './context';
import { analyse, converted } from './expressions';
import { literalOf } from './literals';
import { analyseQuery } from './queries';
import { Scope } from './scope';
import { evaluateLiteral, packedRows, type Run, runRow, runRows } from './scriptQueries';
import type { ScriptState } from './scriptState';
import { textLiteral } from './values';

/** Runs DECLARE. */
export function* declareVariables(
  state: ScriptState,
  node: Extract<StatementNode, { kind: 'declare' }>,
  text: string,
): Run<void> {
  const type = node.type === undefined ? undefined : state.withPosition(() => typeOfNode(node.type as TypeNode));
  const value =
    node.value === undefined ? literalOf(null, type ?? INT64) : yield* evaluateLiteral(state, node.value, text, type);
  for (const { name } of node.names) state.variables.set(name.toLowerCase(), value);
}

/** Runs SET of one variable, or of several from a struct. */
export function* setVariables(
  state: ScriptState,
  node: Extract<StatementNode, { kind: 'set' }>,
  text: string,
): Run<void> {
  const types = node.names.map((name) => variableType(state, name));
  const [only] = types;
  if (node.names.length === 1 && only !== undefined) {
    state.variables.set(
      (node.names[0]?.name ?? '').toLowerCase(),
      yield* evaluateLiteral(state, node.value, text, only),
    );
    return;
  }
  const struct: SqlType = {
    kind: 'STRUCT',
    fields: types.map((type, place) => ({ name: node.names[place]?.name ?? '', type })),
  };
  const context = state.context();
  const value = state.withPosition(() => {
    const given = analyse(node.value, new Scope(context));
    return (
      converted(given, struct, node.value.at) ??
      failAt(node.value.at, `Cannot coerce expression of type ${typeName(given.type)} to the variables' types`)
    );
  });
  const fields = node.names.map(({ name }) => `struct_extract(s, ${textLiteral(name)})`).join(', ');
  const row = yield* runRow(state, `SELECT ${fields} FROM (SELECT ${value.sql} AS s) AS v`, context, text);
  for (const [place, { name }] of node.names.entries())
    state.variables.set(name.toLowerCase(), literalOf(row[place] ?? null, types[place] ?? INT64));
}

/**
 * Runs the query of EXECUTE IMMEDIATE ... INTO and assigns its row to variables.
 *
 * @param inner the state of the executed text, which the query belongs to.
 */
export function* setFromQuery(
  state: ScriptState,
  inner: ScriptState,
  query: Query,
  into: readonly Named[],
  text: string,
): Run<void> {
  const context = inner.context();
  const result = inner.withPosition(() => analyseQuery(query, context));
  if (result.columns.length !== into.length) {
    throw new SqlError(
      'invalidQuery',
      `EXECUTE IMMEDIATE ... INTO has ${into.length} variables for ${result.columns.length} columns`,
    );
  }
  const rows = yield* runRows(state, packedRows(result).sql, context, text);
  if (rows.length > 1)
    throw new SqlError('invalidQuery', 'The query of EXECUTE IMMEDIATE ... INTO gave more than one row');
  const [row] = rows;
  const values = row instanceof DuckDBStructValue ? Object.values(row.entries) : [];
  for (const [place, variable] of into.entries()) {
    const type = variableType(state, variable);
    const given = literalOf(values[place] ?? null, result.columns[place]?.type ?? type);
    const value = state.withPosition(
      () =>
        converted(given, type, variable.at) ??
        failAt(variable.at, `Cannot coerce expression of type ${typeName(given.type)} to type ${typeName(type)}`),
    );
    state.variables.set(variable.name.toLowerCase(), value);
  }
}

function variableType(state: ScriptState, { name, at }: Named): SqlType {
  return (
    state.variables.get(name.toLowerCase())?.type ??
    state.withPosition(() => failAt(at, `Undeclared variable: ${name}`))
  );
}
