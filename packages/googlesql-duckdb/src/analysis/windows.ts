import { lambdaParameter } from '../duckdb/lambda';
import type { CallExpr, Expr, FrameBound, WindowSpec } from '../syntax/tree';
import { FLOAT64, INT64, typeName } from '../types';
import { AGGREGATES, aggregateValue } from './aggregates';
import { noSignature } from './calls';
import { failAt } from './context';
import { analyse, analyseAs, converted, unified } from './expressions';
import { orderKeys } from './ordering';
import type { Scope } from './scope';
import type { Value } from './values';

const NUMBERING: Readonly<Record<string, string>> = {
  ROW_NUMBER: 'row_number',
  RANK: 'rank',
  DENSE_RANK: 'dense_rank',
};
const SHARES: Readonly<Record<string, string>> = { PERCENT_RANK: 'percent_rank', CUME_DIST: 'cume_dist' };

/** Functions whose window requires ORDER BY. */
const ORDERED: ReadonlySet<string> = new Set([
  'RANK',
  'DENSE_RANK',
  'PERCENT_RANK',
  'CUME_DIST',
  'NTILE',
  'LAG',
  'LEAD',
]);

/** Functions that require OVER. */
export const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set([
  ...Object.keys(NUMBERING),
  ...Object.keys(SHARES),
  'NTILE',
  'LAG',
  'LEAD',
  'FIRST_VALUE',
  'LAST_VALUE',
  'NTH_VALUE',
  'PERCENTILE_CONT',
  'PERCENTILE_DISC',
]);

/** Translates a call with OVER. */
export function analyseWindowCall(call: CallExpr, scope: Scope): Value {
  if (call.over === undefined)
    return failAt(call.at, `Analytic function ${call.name} cannot be called without an OVER clause`);
  if (scope.withoutAggregates !== undefined)
    return failAt(call.at, `Analytic function not allowed in ${scope.withoutAggregates}`);
  const over = ` OVER (${windowSql(call.over, scope)})`;
  if (call.distinct && call.over.orderBy[0] !== undefined)
    failAt(call.over.orderBy[0].value.at, 'Window ORDER BY is not allowed if DISTINCT is specified');
  if (AGGREGATES.has(call.name)) return overAggregate(call, scope, over);
  if (ORDERED.has(call.name) && call.over.base === undefined && call.over.orderBy.length === 0)
    return failAt(call.at, `Window ORDER BY is required for analytic function ${call.name}`);
  const numbering = NUMBERING[call.name];
  if (numbering !== undefined) return { sql: `${numbering}()${over}`, type: INT64 };
  const share = SHARES[call.name];
  if (share !== undefined) return { sql: `${share}()${over}`, type: FLOAT64 };
  switch (call.name) {
    case 'NTILE':
      return { sql: `ntile(${int(call, 0, scope)})${over}`, type: INT64 };
    case 'LAG':
    case 'LEAD':
      return shifted(call, scope, over);
    case 'FIRST_VALUE':
    case 'LAST_VALUE': {
      const value = argument(call, 0, scope);
      return { sql: `${call.name.toLowerCase()}(${value.sql}${nulls(call)})${over}`, type: value.type };
    }
    case 'NTH_VALUE': {
      const value = argument(call, 0, scope);
      return { sql: `nth_value(${value.sql}, ${int(call, 1, scope)}${nulls(call)})${over}`, type: value.type };
    }
    case 'PERCENTILE_CONT':
    case 'PERCENTILE_DISC':
      return percentile(call, scope, over);
    default:
      return failAt(call.at, `Function not found: ${call.written}`);
  }
}

/** Translates an aggregate with OVER, which allows neither ORDER BY nor LIMIT among the arguments. */
function overAggregate(call: CallExpr, scope: Scope, over: string): Value {
  if (call.orderBy.length > 0 || call.limit !== undefined)
    failAt(call.at, `ORDER BY and LIMIT are not allowed in ${call.name} with an OVER clause`);
  return aggregateValue(call, scope, over);
}

function nulls(call: CallExpr): string {
  return call.nulls === 'IGNORE' ? ' IGNORE NULLS' : '';
}

function argument(call: CallExpr, place: number, scope: Scope): Value {
  const expr = call.args[place];
  return expr === undefined
    ? noSignature(
        call,
        call.args.map((arg) => typeName(analyse(arg, scope).type)),
      )
    : analyse(expr, scope);
}

function int(call: CallExpr, place: number, scope: Scope): string {
  const value = argument(call, place, scope);
  return (converted(value, INT64, call.at) ?? noSignature(call, [typeName(value.type)])).sql;
}

function shifted(call: CallExpr, scope: Scope, over: string): Value {
  const [value, fallback] =
    call.args[2] === undefined
      ? [argument(call, 0, scope), undefined]
      : (unified(
          [argument(call, 0, scope), argument(call, 2, scope)],
          [call.args[0] as Expr, call.args[2]],
          call.at,
          `function ${call.name}`,
        ).values as [Value, Value]);
  const distance = call.args[1] === undefined ? 'CAST(1 AS BIGINT)' : int(call, 1, scope);
  const rest = fallback === undefined ? '' : `, ${fallback.sql}`;
  return { sql: `${call.name.toLowerCase()}(${value.sql}, ${distance}${rest}${nulls(call)})${over}`, type: value.type };
}

function percentile(call: CallExpr, scope: Scope, over: string): Value {
  const share = analyseAs(
    call.args[1] ?? failAt(call.at, `No matching signature for function ${call.name}`),
    FLOAT64,
    scope,
    (given) => `No matching signature for function ${call.name} for argument types: ${typeName(given)}`,
  );
  const value = argument(call, 0, scope);
  if (call.over?.orderBy.length !== 0 || call.over.frame !== undefined)
    return failAt(call.at, `Window ORDER BY is not allowed for analytic function ${call.name}`);
  if (call.nulls === 'RESPECT') return percentileOfAll(call, value, share.sql, over);
  if (call.name === 'PERCENTILE_DISC')
    return { sql: `quantile_disc(${value.sql}, ${share.sql})${over}`, type: value.type };
  const float = converted(value, FLOAT64, call.at) ?? noSignature(call, [typeName(value.type)]);
  return { sql: `quantile_cont(${float.sql}, ${share.sql})${over}`, type: FLOAT64 };
}

const [LIST, PLACE] = [lambdaParameter('list'), lambdaParameter('place')];

/** Percentiles with RESPECT NULLS: NULLs sort first; interpolation between NULL and a number returns the number. */
function percentileOfAll(call: CallExpr, given: Value, share: string, over: string): Value {
  const disc = call.name === 'PERCENTILE_DISC';
  const value = disc ? given : (converted(given, FLOAT64, call.at) ?? noSignature(call, [typeName(given.type)]));
  const sorted = `list_sort(list(${value.sql})${over}, 'ASC', 'NULLS FIRST')`;
  const at = (place: string) => `${LIST}[CAST(${place} AS BIGINT)]`;
  const [low, high] = [at(`floor(${PLACE}) + 1`), at(`ceil(${PLACE}) + 1`)];
  const between = `CASE WHEN ${low} IS NULL THEN ${high} ELSE ${low} + (${high} - ${low}) * (${PLACE} - floor(${PLACE})) END`;
  const body = disc
    ? at(`greatest(1, ceil(${share} * len(${LIST})))`)
    : `list_transform([${share} * (len(${LIST}) - 1)], lambda ${PLACE}: ${between})[1]`;
  return { sql: `list_transform([${sorted}], lambda ${LIST}: ${body})[1]`, type: value.type };
}

/** The SQL inside the parentheses of OVER. */
export function windowSql(spec: WindowSpec, scope: Scope): string {
  const base = spec.base === undefined ? '' : namedWindow(spec.base, scope, spec.at);
  const partition =
    spec.partitionBy.length === 0
      ? ''
      : `PARTITION BY ${spec.partitionBy.map((expr) => analyse(expr, scope).sql).join(', ')}`;
  const order = orderKeys(spec.orderBy, scope);
  return [base, partition, order.trim(), frameSql(spec, scope)].filter((part) => part !== '').join(' ');
}

function namedWindow(name: string, scope: Scope, at: number): string {
  return scope.windows.get(name.toLowerCase()) ?? failAt(at, `Unrecognized window alias ${name}`);
}

function frameSql(spec: WindowSpec, scope: Scope): string {
  if (spec.frame === undefined) return '';
  const bound = (one: FrameBound): string => {
    if (one.value === undefined) return one.kind;
    const value = analyse(one.value, scope);
    return `${value.sql} ${one.kind}`;
  };
  const { unit, start, end } = spec.frame;
  return end === undefined ? `${unit} ${bound(start)}` : `${unit} BETWEEN ${bound(start)} AND ${bound(end)}`;
}
