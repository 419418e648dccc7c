import type { Expr } from '../syntax/tree';
import { BOOL, BYTES, type SqlType, typeName } from '../types';
import { analyseField, analyseLiteral, analyseName, analyseTypedLiteral } from './atoms';
import { analyseCall } from './calls';
import { analyseCast } from './casts';
import { analyseComparison, analyseIn, compare } from './comparisons';
import { BadConstant } from './constants';
import { analyseArray, analyseArrayQuery, analyseIndex, analyseStruct, analyseSubquery } from './containers';
import { failAt } from './context';
import { analyseBinary, analyseCondition, analyseUnary } from './operators';
import { analyseParameter, analyseSystem } from './parameters';
import { analyseExtract, analyseInterval } from './parts';
import { analyseQuery } from './queries';
import type { Scope } from './scope';
import { coerce, supertype, type Value } from './values';

/** Translates an expression. In a grouped query, a grouping key is used without a check of its columns. */
export function analyse(expr: Expr, scope: Scope): Value {
  const grouping = scope.grouping;
  if (grouping === undefined || !grouping.active || scope.insideAggregate || expr.kind === 'literal')
    return analyseNode(expr, scope);
  grouping.active = false;
  let plain: Value | undefined;
  try {
    plain = analyseNode(expr, scope);
  } catch {
    // The second translation below reports the error, with grouping checked.
  } finally {
    grouping.active = true;
  }
  return plain !== undefined && grouping.keys.has(plain.sql) ? plain : analyseNode(expr, scope);
}

function analyseNode(expr: Expr, scope: Scope): Value {
  switch (expr.kind) {
    case 'literal':
      return analyseLiteral(expr);
    case 'bytes':
      return { sql: `from_hex('${Buffer.from(expr.value).toString('hex')}')`, type: BYTES };
    case 'typed':
      return analyseTypedLiteral(expr);
    case 'interval':
      return analyseInterval(expr, scope);
    case 'name':
      return analyseName(expr, scope);
    case 'field':
      return analyseField(expr, scope);
    case 'parameter':
    case 'position':
      return analyseParameter(expr, scope.context);
    case 'system':
      return analyseSystem(expr, scope.context);
    case 'call':
      return analyseCall(expr, scope);
    case 'cast':
      return analyseCast(expr, scope);
    case 'extract':
      return analyseExtract(expr, scope);
    case 'case':
      return analyseCase(expr, scope);
    case 'unary':
      return analyseUnary(expr, scope);
    case 'binary':
      return analyseBinary(expr, scope);
    case 'is':
    case 'distinctFrom':
    case 'between':
    case 'like':
    case 'likeMany':
      return analyseComparison(expr, scope);
    case 'in':
      return analyseIn(expr, scope);
    case 'subquery':
      return analyseSubquery(expr.query, scope, expr.at);
    case 'exists':
      return { sql: `EXISTS (${analyseQuery(expr.query, scope.context, scope, scope.tables).sql})`, type: BOOL };
    case 'arrayQuery':
      return analyseArrayQuery(expr.query, scope, expr.at);
    case 'array':
      return analyseArray(expr, scope);
    case 'struct':
      return analyseStruct(expr, scope);
    case 'index':
      return analyseIndex(expr, scope);
    case 'with':
      return analyseWithExpression(expr, scope);
    case 'default':
      return failAt(expr.at, 'Unexpected keyword DEFAULT');
    case 'named':
      return failAt(expr.at, `Named argument ${expr.name} is not supported here`);
    default:
      return failAt(expr.at, 'Lambda is not supported here');
  }
}

/** Translates an expression and converts it to a type, or fails with the message that `wording` returns. */
export function analyseAs(expr: Expr, type: SqlType, scope: Scope, wording: (given: SqlType) => string): Value {
  const value = analyse(expr, scope);
  return converted(value, type, expr.at) ?? failAt(expr.at, wording(value.type));
}

/** Like `coerce`, but a literal whose text is no value of the type fails at `at`. */
export function converted(value: Value, type: SqlType, at: number): Value | undefined {
  try {
    return coerce(value, type);
  } catch (error) {
    if (error instanceof BadConstant) failAt(at, error.message);
    throw error;
  }
}

/** Converts the values to their common type. */
export function unified(
  values: readonly Value[],
  exprs: readonly Expr[],
  at: number,
  what: string,
): { type: SqlType; values: Value[] } {
  const type = supertype(values);
  if (type === undefined)
    return failAt(
      at,
      `No matching signature for ${what} for argument types: ${values.map((value) => typeName(value.type)).join(', ')}`,
    );
  return { type, values: values.map((value, place) => converted(value, type, exprs[place]?.at ?? at) ?? value) };
}

/** Translates `WITH(a AS 1, ...)`. Later expressions see each variable as its translated expression. */
function analyseWithExpression(expr: Extract<Expr, { kind: 'with' }>, scope: Scope): Value {
  const before = new Map(scope.locals);
  for (const { name, value } of expr.variables) {
    const { sql, type } = analyse(value, scope);
    scope.locals.set(name.toLowerCase(), { sql: `(${sql})`, type });
  }
  const result = analyse(expr.result, scope);
  scope.locals.clear();
  for (const [name, value] of before) scope.locals.set(name, value);
  return result;
}

function analyseCase(expr: Extract<Expr, { kind: 'case' }>, scope: Scope): Value {
  const results = [...expr.whens.map((when) => when.result), ...(expr.otherwise === undefined ? [] : [expr.otherwise])];
  const { type, values } = unified(
    results.map((result) => analyse(result, scope)),
    results,
    expr.at,
    'CASE',
  );
  const operand = expr.operand === undefined ? undefined : analyse(expr.operand, scope);
  const whens = expr.whens.map((when, place) => {
    const condition =
      operand === undefined
        ? analyseCondition(when.when, scope, 'WHEN clause')
        : compare('=', operand, analyse(when.when, scope), when.when.at);
    return `WHEN ${condition.sql} THEN ${values[place]?.sql}`;
  });
  const otherwise = expr.otherwise === undefined ? '' : ` ELSE ${values.at(-1)?.sql}`;
  return { sql: `CASE ${whens.join(' ')}${otherwise} END`, type };
}
