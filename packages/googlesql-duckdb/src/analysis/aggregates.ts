import { ELEMENT, lambdaParameter } from '../duckdb/lambda';
import type { CallExpr, Expr } from '../syntax/tree';
import {
  arrayOf,
  BOOL,
  duckdbType,
  FLOAT64,
  INT64,
  isGroupable,
  isNumber,
  type SqlType,
  STRING,
  typeName,
} from '../types';
import { noSignature } from './calls';
import { failAt } from './context';
import { analyse, analyseAs, converted } from './expressions';
import { orderKeys } from './ordering';
import type { Scope } from './scope';
import type { Value } from './values';

/** DuckDB's parts of an aggregate call, before FILTER and OVER are added. */
interface Aggregate {
  /** The DuckDB call with its arguments and ORDER BY. */
  readonly call: string;
  readonly filter?: string;
  readonly type: SqlType;
  /** Returns `value` instead of the result when the DuckDB condition `where`, an aggregate itself, holds. */
  readonly instead?: { readonly where: string; readonly value: string };
  /** Converts the result. */
  readonly wrap?: (result: string) => string;
}

type Build = (call: CallExpr, scope: Scope) => Aggregate;

/** Translates an aggregate call of a grouped query. */
export function analyseAggregate(call: CallExpr, scope: Scope): Value {
  if (scope.withoutAggregates !== undefined)
    failAt(call.at, `Aggregate function ${call.name} not allowed in ${scope.withoutAggregates}`);
  if (scope.insideAggregate && !['ANY_VALUE'].includes(call.name))
    failAt(call.at, `Aggregations of aggregations are not allowed`);
  return scope.inAggregate(() => aggregateValue(call, scope, ''));
}

/** Translates an aggregate call. `over` follows it: empty, or ` OVER (...)`. */
export function aggregateValue(call: CallExpr, scope: Scope, over: string): Value {
  const build = BUILDERS[call.name];
  if (build === undefined) return failAt(call.at, `Function not found: ${call.written}`);
  if (call.having !== undefined && call.name !== 'ANY_VALUE')
    failAt(call.at, `HAVING ${call.having.max ? 'MAX' : 'MIN'} in ${call.name} is not supported by the local BigQuery`);
  const made = build(call, scope);
  const filter = made.filter === undefined ? '' : ` FILTER (WHERE ${made.filter})`;
  const plain = `${made.call}${filter}${over}`;
  const { instead } = made;
  const sql =
    instead === undefined ? plain : `CASE WHEN ${instead.where}${over} THEN ${instead.value} ELSE ${plain} END`;
  return { sql: made.wrap?.(sql) ?? sql, type: made.type };
}

function one(call: CallExpr, scope: Scope): Value {
  const [first] = call.args;
  if (first === undefined || call.args.length !== 1)
    return noSignature(
      call,
      call.args.map((arg) => typeName(analyse(arg, scope).type)),
    );
  return analyse(first, scope);
}

function number(call: CallExpr, scope: Scope): Value {
  const value = one(call, scope);
  return isNumber(value.type) ? value : noSignature(call, [typeName(value.type)]);
}

function as(call: CallExpr, scope: Scope, place: number, type: SqlType): Value {
  const expr = call.args[place];
  if (expr === undefined)
    return noSignature(
      call,
      call.args.map((arg) => typeName(analyse(arg, scope).type)),
    );
  return analyseAs(
    expr,
    type,
    scope,
    (given) => `No matching signature for function ${call.name} for argument types: ${typeName(given)}`,
  );
}

const distinct = (call: CallExpr) => (call.distinct ? 'DISTINCT ' : '');

const count: Build = (call, scope) => {
  if (call.star) return { call: 'count(*)', type: INT64 };
  const value = one(call, scope);
  if (call.distinct && !isGroupable(value.type))
    failAt(call.at, `Aggregate functions with DISTINCT cannot be used with arguments of type ${typeName(value.type)}`);
  return { call: `count(${distinct(call)}${value.sql})`, type: INT64 };
};

/** SUM and AVG of INTERVAL values. */
function ofIntervals(call: CallExpr, value: Value, name: string): Aggregate {
  return {
    call: `list(${distinct(call)}${value.sql})`,
    filter: `${value.sql} IS NOT NULL`,
    type: value.type,
    wrap: (result) => `bq_interval_${name}(${result})`,
  };
}

const sum: Build = (call, scope) => {
  const given = one(call, scope);
  if (given.type.kind === 'INTERVAL') return ofIntervals(call, given, 'total');
  const value = number(call, scope);
  return {
    call: `sum(${distinct(call)}${value.sql})`,
    type: value.type,
    wrap: value.type.kind === 'FLOAT64' ? undefined : (result) => `CAST(${result} AS ${duckdbType(value.type)})`,
  };
};

const average: Build = (call, scope) => {
  const given = one(call, scope);
  if (given.type.kind === 'INTERVAL') return ofIntervals(call, given, 'average');
  const value = number(call, scope);
  if (value.type.kind === 'NUMERIC' || value.type.kind === 'BIGNUMERIC') {
    return {
      call: `list(${distinct(call)}${value.sql})`,
      filter: `${value.sql} IS NOT NULL`,
      type: value.type,
      wrap: (result) => `bq_${value.type.kind.toLowerCase()}_average(${result})`,
    };
  }
  return { call: `avg(${distinct(call)}${value.sql})`, type: FLOAT64 };
};

function extreme(name: 'min' | 'max'): Build {
  return (call, scope) => {
    const value = one(call, scope);
    if (['ARRAY', 'STRUCT', 'JSON', 'GEOGRAPHY'].includes(value.type.kind))
      failAt(call.at, `${call.name} is not defined for arguments of type ${typeName(value.type)}`);
    if (value.type.kind === 'FLOAT64')
      return { call: `list(${value.sql})`, type: FLOAT64, wrap: (result) => `bq_float_extreme(${result}, '${name}')` };
    return { call: `${name}(${value.sql})`, type: value.type };
  };
}

function sliced(list: string, limit: string | undefined): string {
  return limit === undefined ? list : `list_slice(${list}, 1, ${limit})`;
}

const arrayAgg: Build = (call, scope) => {
  const value = one(call, scope);
  if (value.type.kind === 'ARRAY')
    failAt(call.at, `The argument to ARRAY_AGG must not be an array type but was ${typeName(value.type)}`);
  const order = orderKeys(call.orderBy, scope);
  const limit = call.limit === undefined ? undefined : analyse(call.limit, scope).sql;
  return {
    call: `list(${distinct(call)}${value.sql}${order})`,
    filter: call.nulls === 'IGNORE' ? `${value.sql} IS NOT NULL` : undefined,
    type: arrayOf(value.type),
    wrap: limit === undefined ? undefined : (result) => sliced(result, limit),
  };
};

const arrayConcatAgg: Build = (call, scope) => {
  const value = one(call, scope);
  if (value.type.kind !== 'ARRAY') return noSignature(call, [typeName(value.type)]);
  const limit = call.limit === undefined ? undefined : analyse(call.limit, scope).sql;
  return {
    call: `list(${value.sql}${orderKeys(call.orderBy, scope)})`,
    filter: `${value.sql} IS NOT NULL`,
    type: value.type,
    wrap: (result) => `flatten(${sliced(result, limit)})`,
  };
};

const stringAgg: Build = (call, scope) => {
  const [first, second] = call.args;
  if (first === undefined) return noSignature(call, []);
  const value = analyse(first, scope);
  if (value.type.kind !== 'STRING' && value.type.kind !== 'BYTES' && value.literal !== 'NULL')
    return noSignature(call, [typeName(value.type)]);
  const bytes = value.type.kind === 'BYTES';
  const separator =
    second === undefined ? (bytes ? "','::BLOB" : "','") : as(call, scope, 1, bytes ? value.type : STRING).sql;
  const limit = call.limit === undefined ? undefined : analyse(call.limit, scope).sql;
  const joined = (list: string) =>
    bytes
      ? `bq_array_to_bytes(${list}, any_value(${separator}), NULL::BLOB)`
      : `array_to_string(${list}, ${separator})`;
  return {
    call: `list(${distinct(call)}${value.sql}${orderKeys(call.orderBy, scope)})`,
    filter: `${value.sql} IS NOT NULL`,
    type: value.type,
    wrap: (result) => joined(sliced(result, limit)),
  };
};

/** ANY_VALUE(x HAVING MAX y), MAX_BY, MIN_BY. */
function by(max: boolean, value: Value, key: Value): Aggregate {
  return {
    call: `arg_${max ? 'max' : 'min'}_null(${value.sql}, ${key.sql})`,
    filter: `${key.sql} IS NOT NULL`,
    type: value.type,
  };
}

const anyValue: Build = (call, scope) => {
  const value = one(call, scope);
  if (call.having !== undefined) return by(call.having.max, value, analyse(call.having.value, scope));
  return { call: `any_value(${value.sql})`, type: value.type };
};

function extremeBy(max: boolean): Build {
  return (call, scope) => {
    const [first, second] = call.args as [Expr | undefined, Expr | undefined];
    if (first === undefined || second === undefined) return noSignature(call, []);
    return by(max, analyse(first, scope), analyse(second, scope));
  };
}

function logical(name: 'bool_and' | 'bool_or'): Build {
  return (call, scope) => ({ call: `${name}(${as(call, scope, 0, BOOL).sql})`, type: BOOL });
}

function bits(name: 'bit_and' | 'bit_or' | 'bit_xor'): Build {
  return (call, scope) => ({ call: `${name}(${distinct(call)}${as(call, scope, 0, INT64).sql})`, type: INT64 });
}

function statistic(name: string): Build {
  return (call, scope) => {
    const { type } = number(call, scope);
    const { sql } = as(call, scope, 0, FLOAT64);
    const all: Aggregate = { call: `${name}(${distinct(call)}${sql})`, type: FLOAT64 };
    return type.kind === 'FLOAT64'
      ? {
          ...all,
          filter: `isfinite(${sql})`,
          instead: { where: `bool_or(NOT isfinite(${sql}))`, value: "'NaN'::DOUBLE" },
        }
      : all;
  };
}

function pair(name: string): Build {
  return (call, scope) => {
    const sides = `${as(call, scope, 1, FLOAT64).sql}, ${as(call, scope, 0, FLOAT64).sql}`;
    const all: Aggregate = { call: `${name}(${sides})`, type: FLOAT64 };
    // For one row, DuckDB returns NaN, BigQuery NULL.
    return name === 'corr' ? { ...all, instead: { where: `2 > regr_count(${sides})`, value: 'NULL' } } : all;
  };
}

const [LIST, INDEX, DISTINCT] = [lambdaParameter('list'), lambdaParameter('index'), lambdaParameter('distinct')];

/** APPROX_QUANTILES: the boundaries of `n` equal parts. They are exact; BigQuery approximates them. */
const quantiles: Build = (call, scope) => {
  const [first, second] = call.args;
  if (first === undefined || second === undefined) return noSignature(call, []);
  const value = analyse(first, scope);
  const parts = converted(analyse(second, scope), INT64, second.at);
  if (parts === undefined) return noSignature(call, [typeName(value.type)]);
  const filter = call.nulls === 'RESPECT' ? undefined : `${value.sql} IS NOT NULL`;
  const pick = `greatest(1, CAST(ceil(${INDEX} * len(${LIST}) / CAST(${parts.sql} AS DOUBLE)) AS BIGINT))`;
  const picked = `list_transform(range(0, ${parts.sql} + 1), lambda ${INDEX}: list_extract(${LIST}, ${pick}))`;
  return {
    call: `list(${distinct(call)}${value.sql} ORDER BY ${value.sql} ASC NULLS FIRST)`,
    filter,
    type: arrayOf(value.type),
    wrap: (result) =>
      `list_transform([${result}], lambda ${LIST}: CASE WHEN ${LIST} IS NULL THEN NULL ELSE ${picked} END)[1]`,
  };
};

/** APPROX_TOP_COUNT and APPROX_TOP_SUM: the values with the highest count or weight. */
const top: Build = (call, scope) => {
  const weighted = call.name === 'APPROX_TOP_SUM';
  const [first] = call.args;
  const numberOf = call.args[weighted ? 2 : 1];
  if (first === undefined || numberOf === undefined) return noSignature(call, []);
  const value = analyse(first, scope);
  const weight = weighted ? as(call, scope, 1, INT64).sql : 'CAST(1 AS BIGINT)';
  const field = weighted ? 'sum' : 'count';
  const type: SqlType = {
    kind: 'STRUCT',
    fields: [
      { name: 'value', type: value.type },
      { name: field, type: INT64 },
    ],
  };
  const of = `list_filter(${LIST}, lambda ${ELEMENT}: ${ELEMENT}.v IS NOT DISTINCT FROM ${DISTINCT}.v)`;
  const total = `CAST(list_sum(list_transform(${of}, lambda ${ELEMENT}: ${ELEMENT}.w)) AS BIGINT)`;
  const values = `list_distinct(list_transform(${LIST}, lambda ${ELEMENT}: {'v': ${ELEMENT}.v}))`;
  const entries = `list_transform(${values}, lambda ${DISTINCT}: struct_pack("value" := ${DISTINCT}.v, "${field}" := ${total}))`;
  const ranked = `list_sort(list_transform(${entries}, lambda ${ELEMENT}: {'n': -${ELEMENT}."${field}", 'r': ${ELEMENT}}))`;
  const limit = analyse(numberOf, scope).sql;
  const most = `list_slice(list_transform(${ranked}, lambda ${ELEMENT}: ${ELEMENT}.r), 1, ${limit})`;
  return {
    call: `list({'v': ${value.sql}, 'w': ${weight}})`,
    type: arrayOf(type),
    wrap: (result) => `list_transform([${result}], lambda ${LIST}: ${most})[1]`,
  };
};

const BUILDERS: Readonly<Record<string, Build>> = {
  COUNT: count,
  COUNTIF: (call, scope) => {
    const { sql } = as(call, scope, 0, BOOL);
    return { call: call.distinct ? `count(DISTINCT ${sql})` : 'count(*)', filter: sql, type: INT64 };
  },
  SUM: sum,
  AVG: average,
  MIN: extreme('min'),
  MAX: extreme('max'),
  ARRAY_AGG: arrayAgg,
  ARRAY_CONCAT_AGG: arrayConcatAgg,
  STRING_AGG: stringAgg,
  ANY_VALUE: anyValue,
  MAX_BY: extremeBy(true),
  MIN_BY: extremeBy(false),
  LOGICAL_AND: logical('bool_and'),
  LOGICAL_OR: logical('bool_or'),
  BIT_AND: bits('bit_and'),
  BIT_OR: bits('bit_or'),
  BIT_XOR: bits('bit_xor'),
  APPROX_COUNT_DISTINCT: (call, scope) => ({ call: `count(DISTINCT ${one(call, scope).sql})`, type: INT64 }),
  APPROX_QUANTILES: quantiles,
  APPROX_TOP_COUNT: top,
  APPROX_TOP_SUM: top,
  STDDEV: statistic('stddev_samp'),
  STDDEV_SAMP: statistic('stddev_samp'),
  STDDEV_POP: statistic('stddev_pop'),
  VARIANCE: statistic('var_samp'),
  VAR_SAMP: statistic('var_samp'),
  VAR_POP: statistic('var_pop'),
  CORR: pair('corr'),
  COVAR_SAMP: pair('covar_samp'),
  COVAR_POP: pair('covar_pop'),
  GROUPING: (call, scope) => ({ call: `CAST(grouping(${one(call, scope).sql}) AS BIGINT)`, type: INT64 }),
};

/** Names of the aggregate functions. */
export const AGGREGATES: ReadonlySet<string> = new Set(Object.keys(BUILDERS));
