import type { Expr } from '../syntax/tree';
import { arrayOf, BOOL, duckdbType, physicalField, type SqlType, STRING, typeName } from '../types';
import { failAt } from './context';
import { analyse, converted, unified } from './expressions';
import { analyseCondition, noSignature } from './operators';
import { analyseQuery } from './queries';
import type { Scope } from './scope';
import { supertype, textLiteral, type Value } from './values';

const UNCOMPARED: ReadonlySet<string> = new Set(['ARRAY', 'JSON', 'GEOGRAPHY']);

const COMPARISONS: Readonly<Record<string, string>> = {
  '=': 'Equality',
  '!=': 'Inequality',
  '<': 'Less than',
  '<=': 'Less than or equal',
  '>': 'Greater than',
  '>=': 'Greater than or equal',
};

/** Converts both sides to one type and compares them. NaN equals nothing, not even NaN. */
export function compare(op: string, left: Value, right: Value, at: number): Value {
  const type = supertype([left, right]);
  if (type === undefined) return noSignature(op, [left, right], at);
  if (UNCOMPARED.has(type.kind) || (type.kind === 'STRUCT' && op !== '=' && op !== '!='))
    return failAt(at, `${COMPARISONS[op]} is not defined for arguments of type ${typeName(type)}`);
  const one = converted(left, type, at) ?? left;
  const two = converted(right, type, at) ?? right;
  if (type.kind === 'STRUCT') return compareStructs(op, one, two, type, at);
  if (type.kind === 'FLOAT64' && left.literal === undefined && right.literal === undefined) {
    return { sql: `bq_compare_floats(${one.sql}, ${two.sql}, '${op}')`, type: BOOL };
  }
  if (type.kind === 'FLOAT64' && (left.literal === undefined || right.literal === undefined)) {
    const variable = left.literal === undefined ? one : two;
    return {
      sql: `(${one.sql} ${op} ${two.sql} ${op === '!=' ? 'OR' : 'AND NOT'} isnan(${variable.sql}))`,
      type: BOOL,
    };
  }
  return { sql: `(${one.sql} ${op} ${two.sql})`, type: BOOL };
}

/** Compares structs field by field, because DuckDB's struct comparison treats NULL fields as values. */
function compareStructs(
  op: string,
  left: Value,
  right: Value,
  type: Extract<SqlType, { kind: 'STRUCT' }>,
  at: number,
): Value {
  const tests = type.fields.map((field, place) => {
    const [one, two] = [left, right].map(
      ({ sql, parts }) =>
        parts?.[place] ?? {
          sql: `struct_extract(${sql}, ${textLiteral(physicalField(type, place))})`,
          type: field.type,
        },
    ) as [Value, Value];
    return compare('=', one, two, at).sql;
  });
  const equal = tests.length === 0 ? `(${left.sql} = ${right.sql})` : `(${tests.join(' AND ')})`;
  return { sql: op === '=' ? equal : `(NOT ${equal})`, type: BOOL };
}

type Comparison = Extract<Expr, { kind: 'is' | 'distinctFrom' | 'between' | 'like' | 'likeMany' }>;

/** Translates IS, BETWEEN and LIKE. */
export function analyseComparison(expr: Comparison, scope: Scope): Value {
  const not = expr.not ? 'NOT ' : '';
  switch (expr.kind) {
    case 'is': {
      const value =
        expr.test === 'NULL' ? analyse(expr.value, scope) : analyseCondition(expr.value, scope, `IS ${expr.test}`);
      return { sql: `(${value.sql} IS ${not}${expr.test === 'UNKNOWN' ? 'NULL' : expr.test})`, type: BOOL };
    }
    case 'distinctFrom': {
      const { values } = unified(
        [analyse(expr.left, scope), analyse(expr.right, scope)],
        [expr.left, expr.right],
        expr.at,
        'operator IS DISTINCT FROM',
      );
      return { sql: `(${values[0]?.sql} IS ${not}DISTINCT FROM ${values[1]?.sql})`, type: BOOL };
    }
    case 'between': {
      const value = analyse(expr.value, scope);
      const low = compare('>=', value, analyse(expr.low, scope), expr.at);
      const high = compare('<=', value, analyse(expr.high, scope), expr.at);
      return { sql: `(${not}(${low.sql} AND ${high.sql}))`, type: BOOL };
    }
    case 'like':
      return like(analyse(expr.value, scope), analyse(expr.pattern, scope), expr.not, expr.at);
    default: {
      const value = analyse(expr.value, scope);
      if (expr.unnest !== undefined) {
        const patterns = analyse(expr.unnest, scope);
        return { sql: `(${not}bq_like_many(${value.sql}, ${patterns.sql}, ${expr.all}))`, type: BOOL };
      }
      const tests = (expr.list ?? []).map((pattern) => like(value, analyse(pattern, scope), false, expr.at).sql);
      return { sql: `(${not}(${tests.join(expr.all ? ' AND ' : ' OR ')}))`, type: BOOL };
    }
  }
}

function like(value: Value, pattern: Value, not: boolean, at: number): Value {
  const type = supertype([value, pattern]);
  if (type === undefined || (type.kind !== 'STRING' && type.kind !== 'BYTES')) {
    if (value.literal !== 'NULL' || pattern.literal !== 'NULL') return noSignature('LIKE', [value, pattern], at);
  }
  const [one, two] = [converted(value, type ?? STRING, at) ?? value, converted(pattern, type ?? STRING, at) ?? pattern];
  const name = type?.kind === 'BYTES' ? 'bq_like_bytes' : 'bq_like';
  // DuckDB's LIKE is faster. It differs from BigQuery's only in backslashes.
  if (name === 'bq_like' && pattern.text !== undefined && !pattern.text.includes('\\'))
    return { sql: `(${one.sql} ${not ? 'NOT ' : ''}LIKE ${textLiteral(pattern.text)})`, type: BOOL };
  return { sql: `(${not ? 'NOT ' : ''}${name}(${one.sql}, ${two.sql}))`, type: BOOL };
}

/** Translates IN with a list, a subquery or an array. */
export function analyseIn(expr: Extract<Expr, { kind: 'in' }>, scope: Scope): Value {
  const not = expr.not ? 'NOT ' : '';
  const value = analyse(expr.value, scope);
  if (expr.unnest !== undefined) {
    const list = analyse(expr.unnest, scope);
    if (list.type.kind !== 'ARRAY')
      return failAt(
        expr.unnest.at,
        `Values referenced in UNNEST must be arrays. UNNEST contains expression of type ${typeName(list.type)}`,
      );
    const type = supertype([value, { sql: '', type: list.type.element }]);
    const one = type === undefined ? undefined : converted(value, type, expr.at);
    const many = type === undefined ? undefined : converted(list, arrayOf(type), expr.at);
    if (one === undefined || many === undefined) return noSignature('IN UNNEST', [value, list], expr.at);
    return { sql: `(${one.sql} ${not}IN (SELECT unnest(${many.sql})))`, type: BOOL };
  }
  if (expr.query !== undefined) {
    const query = analyseQuery(expr.query, scope.context, scope, scope.tables);
    const [column] = query.columns;
    if (column === undefined || query.columns.length !== 1)
      return failAt(expr.at, `Subquery of type IN must have only one output column`);
    const type = supertype([value, { sql: '', type: column.type }]);
    const one = type === undefined ? undefined : converted(value, type, expr.at);
    if (type === undefined || one === undefined)
      return noSignature('IN', [value, { sql: '', type: column.type }], expr.at);
    const inner = `SELECT CAST(${column.sql} AS ${duckdbType(type)}) FROM (${query.sql}) AS "in"`;
    return { sql: `(${one.sql} ${not}IN (${type.kind === column.type.kind ? query.sql : inner}))`, type: BOOL };
  }
  const items = (expr.list ?? []).map((item) => analyse(item, scope));
  if (supertype([value, ...items]) === undefined) return noSignature('IN', [value, ...items], expr.at);
  // Compare item by item: literals in the list are converted to the type of the value.
  const tests = items.map((item) => compare('=', value, item, expr.at));
  const type = supertype([value, ...items]);
  if (
    type !== undefined &&
    ['INT64', 'STRING', 'DATE', 'NUMERIC', 'BOOL', 'TIMESTAMP', 'DATETIME', 'TIME', 'BYTES'].includes(type.kind)
  ) {
    const all = [value, ...items].map((one) => converted(one, type, expr.at)?.sql);
    return { sql: `(${all[0]} ${not}IN (${all.slice(1).join(', ')}))`, type: BOOL };
  }
  return { sql: `(${not}(${tests.map((test) => test.sql).join(' OR ')}))`, type: BOOL };
}
