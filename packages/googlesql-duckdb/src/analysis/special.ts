import type { Expr } from '../syntax/tree';
import { BOOL, BYTES, DATE, DATETIME, INT64, type SqlType, STRING, TIME, TIMESTAMP, typeName } from '../types';
import { count, type Special, values } from './arguments';
import { noSignature } from './calls';
import { castSql, castsToText } from './casts';
import { compare } from './comparisons';
import { failAt } from './context';
import { distance } from './distances';
import { analyse, analyseAs, converted, unified } from './expressions';
import { jsonArray, jsonChange, jsonObject, toJson, toJsonString } from './jsonCalls';
import { arrayFilter, arrayTransform } from './lambdas';
import { RANGE_CALLS } from './ranges';
import { containsSubstr } from './search';
import { shapeOf } from './shapes';
import { nullOf, textLiteral, type Value } from './values';

const conditional: Special = (call, scope) => {
  count(call, scope, 3);
  const [condition, ...results] = call.args as [Expr, Expr, Expr];
  const test = converted(analyse(condition, scope), BOOL, condition.at);
  if (test === undefined)
    return noSignature(
      call,
      values(call, scope).map((value) => typeName(value.type)),
    );
  const { type, values: both } = unified(
    results.map((one) => analyse(one, scope)),
    results,
    call.at,
    'function IF',
  );
  return { sql: `CASE WHEN ${test.sql} THEN ${both[0]?.sql} ELSE ${both[1]?.sql} END`, type };
};

const coalesce: Special = (call, scope) => {
  if (call.args.length === 0) noSignature(call, []);
  const { type, values: all } = unified(values(call, scope), call.args, call.at, `function ${call.name}`);
  return { sql: `coalesce(${all.map((value) => value.sql).join(', ')})`, type };
};

const nullIf: Special = (call, scope) => {
  count(call, scope, 2);
  const { type, values: both } = unified(values(call, scope), call.args, call.at, 'function NULLIF');
  const [one, two] = both as [Value, Value];
  return { sql: `CASE WHEN ${compare('=', one, two, call.at).sql} THEN NULL ELSE ${one.sql} END`, type };
};

/** GREATEST and LEAST: NULL if an argument is NULL, NaN if one is NaN. */
function extreme(name: 'greatest' | 'least'): Special {
  return (call, scope) => {
    if (call.args.length === 0) noSignature(call, []);
    const { type, values: all } = unified(values(call, scope), call.args, call.at, `function ${call.name}`);
    const list = all.map((value) => value.sql).join(', ');
    const nulls = all.map((value) => `${value.sql} IS NULL`).join(' OR ');
    const nan =
      type.kind === 'FLOAT64'
        ? `WHEN ${all.map((value) => `isnan(${value.sql})`).join(' OR ')} THEN CAST('NaN' AS DOUBLE) `
        : '';
    return { sql: `CASE WHEN ${nulls} THEN NULL ${nan}ELSE ${name}(${list}) END`, type };
  };
}

/** CURRENT_DATE and the like. All calls in a statement return the same moment. */
function clock(type: SqlType): Special {
  return (call, scope) => {
    count(call, scope, 0, type === TIMESTAMP ? 0 : 1);
    const now = `TIMESTAMPTZ '${scope.context.now.toISOString().replace('T', ' ').replace('Z', '+00')}'`;
    if (type === TIMESTAMP) return { sql: now, type };
    const [zone] = call.args;
    const local = `bq_local(${now}, ${zone === undefined ? "'UTC'" : analyseAs(zone, STRING, scope, () => 'Time zone must be STRING').sql})`;
    if (type === DATETIME) return { sql: local, type };
    return { sql: type === DATE ? `bq_date_of(${local})` : `bq_time_of(${local})`, type };
  };
}

const format: Special = (call, scope) => {
  const [first, ...rest] = call.args;
  if (first === undefined) return noSignature(call, []);
  const pattern = analyseAs(
    first,
    STRING,
    scope,
    (given) => `No matching signature for function FORMAT for argument types: ${typeName(given)}`,
  );
  const args = rest.map((arg) => analyse(arg, scope));
  const shapes = JSON.stringify(args.map((arg) => JSON.parse(shapeOf(arg.type)) as unknown));
  return {
    sql: `bq_format(${[pattern.sql, textLiteral(shapes), ...args.map((arg) => arg.sql)].join(', ')})`,
    type: STRING,
  };
};

const raise: Special = (call, scope) => {
  count(call, scope, 1);
  const message = analyseAs(call.args[0] as Expr, STRING, scope, () => 'The message of ERROR must be STRING');
  return { ...nullOf(INT64), sql: `CAST(bq_raise(${message.sql}) AS BIGINT)` };
};

const typeOf: Special = (call, scope) => {
  count(call, scope, 1);
  return { sql: textLiteral(typeName(analyse(call.args[0] as Expr, scope).type)), type: STRING };
};

const isError: Special = (call, scope) => {
  const [first, second] = call.args as [Expr, Expr | undefined];
  const value = analyse(first, scope);
  if (call.name === 'ISERROR') return { sql: `(TRY([${value.sql}]) IS NULL)`, type: BOOL };
  if (call.name === 'NULLIFERROR') return { sql: `TRY(${value.sql})`, type: value.type };
  const { type, values: both } = unified(
    [value, second === undefined ? nullOf(INT64) : analyse(second, scope)],
    [first, second ?? first],
    call.at,
    'function IFERROR',
  );
  return { sql: `CASE WHEN TRY([${both[0]?.sql}]) IS NULL THEN ${both[1]?.sql} ELSE TRY(${both[0]?.sql}) END`, type };
};

const normalize: Special = (call, scope) => {
  count(call, scope, 1, 2);
  const mode = call.args[1]?.kind === 'name' ? call.args[1].name.toUpperCase() : 'NFC';
  if (!['NFC', 'NFD', 'NFKC', 'NFKD'].includes(mode)) return failAt(call.at, `Invalid normalization mode ${mode}`);
  const value = analyseAs(
    call.args[0] as Expr,
    STRING,
    scope,
    (given) => `No matching signature for function ${call.name} for argument types: ${typeName(given)}`,
  );
  return { sql: `bq_normalize(${value.sql}, '${mode}', ${call.name === 'NORMALIZE_AND_CASEFOLD'})`, type: STRING };
};

/** CONCAT of BYTES, or of values that can be cast to STRING. */
const concat: Special = (call, scope) => {
  const all = values(call, scope);
  const isNull = (value: Value) => value.literal === 'NULL';
  const bytes = all.some(({ type }) => type.kind === 'BYTES');
  const fits = (value: Value) => isNull(value) || (bytes ? value.type.kind === 'BYTES' : castsToText(value.type));
  if (all.length === 0 || !all.every(fits)) {
    return noSignature(
      call,
      all.map(({ type }) => typeName(type)),
    );
  }
  const type = bytes ? BYTES : STRING;
  const parts = all.map((value) =>
    isNull(value) ? nullOf(type).sql : castSql(value, type, "'UTC'", undefined, call.at),
  );
  return { sql: `${bytes ? 'bq_concat_bytes' : 'bq_concat'}([${parts.join(', ')}])`, type };
};

const sessionUser: Special = () => ({ sql: "'local@bqtail.dev'", type: STRING });

/** Translators of functions whose types or arguments a signature cannot describe, by name. */
export const SPECIAL_FUNCTIONS: Readonly<Record<string, Special>> = {
  IF: conditional,
  COALESCE: coalesce,
  CONCAT: concat,
  CONTAINS_SUBSTR: containsSubstr,
  IFNULL: (call, scope) => {
    count(call, scope, 2);
    return coalesce(call, scope);
  },
  NULLIF: nullIf,
  GREATEST: extreme('greatest'),
  LEAST: extreme('least'),
  CURRENT_DATE: clock(DATE),
  CURRENT_DATETIME: clock(DATETIME),
  CURRENT_TIME: clock(TIME),
  CURRENT_TIMESTAMP: clock(TIMESTAMP),
  TO_JSON_STRING: toJsonString,
  TO_JSON: toJson,
  FORMAT: format,
  JSON_ARRAY: jsonArray,
  JSON_OBJECT: jsonObject,
  JSON_SET: jsonChange('json_set'),
  JSON_ARRAY_APPEND: jsonChange('json_array_append'),
  JSON_ARRAY_INSERT: jsonChange('json_array_insert'),
  ARRAY_FILTER: arrayFilter,
  ARRAY_TRANSFORM: arrayTransform,
  COSINE_DISTANCE: distance('bq_cosine_distance'),
  EUCLIDEAN_DISTANCE: distance('bq_euclidean_distance'),
  ERROR: raise,
  TYPEOF: typeOf,
  ISERROR: isError,
  IFERROR: isError,
  NULLIFERROR: isError,
  NORMALIZE: normalize,
  NORMALIZE_AND_CASEFOLD: normalize,
  SESSION_USER: sessionUser,
  ...RANGE_CALLS,
};
