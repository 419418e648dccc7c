import { lambdaParameter } from '../duckdb/lambda';
import type { CallExpr } from '../syntax/tree';
import { arrayOf, INT64, type SqlType, typeName } from '../types';
import type { Special } from './arguments';
import { noSignature } from './calls';
import { failAt } from './context';
import { analyse } from './expressions';
import { Scope } from './scope';
import type { Value } from './values';

/** Translates a lambda over the elements of an array. */
function lambda(call: CallExpr, scope: Scope, element: SqlType): { sql: string; body: Value } {
  const expr = call.args[1];
  if (expr?.kind !== 'lambda') return failAt(call.at, `Function ${call.name} needs a lambda`);
  const inner = new Scope(scope.context, scope, scope.tables);
  const names = ['element', 'index'].map((name, place) =>
    lambdaParameter(`${name}${scope.context.names.next + place}`),
  );
  scope.context.names.next += 2;
  const [first, second] = expr.parameters;
  if (first !== undefined) inner.locals.set(first.toLowerCase(), { sql: names[0] ?? '', type: element });
  if (second !== undefined) inner.locals.set(second.toLowerCase(), { sql: `(${names[1]} - 1)`, type: INT64 });
  const body = analyse(expr.body, inner);
  return { sql: `lambda ${names.slice(0, expr.parameters.length).join(', ')}: ${body.sql}`, body };
}

function arrayArgument(call: CallExpr, scope: Scope): { value: Value; element: SqlType } {
  const [first] = call.args;
  const value = first === undefined ? noSignature(call, []) : analyse(first, scope);
  if (value.type.kind !== 'ARRAY') return noSignature(call, [typeName(value.type)]);
  return { value, element: value.type.element };
}

/** Translates ARRAY_FILTER. */
export const arrayFilter: Special = (call, scope) => {
  const { value, element } = arrayArgument(call, scope);
  const test = lambda(call, scope, element);
  if (test.body.type.kind !== 'BOOL')
    return noSignature(call, [typeName(value.type), `LAMBDA(${typeName(test.body.type)})`]);
  return { sql: `list_filter(${value.sql}, ${test.sql})`, type: value.type };
};

/** Translates ARRAY_TRANSFORM. */
export const arrayTransform: Special = (call, scope) => {
  const { value, element } = arrayArgument(call, scope);
  const made = lambda(call, scope, element);
  return { sql: `list_transform(${value.sql}, ${made.sql})`, type: arrayOf(made.body.type) };
};
