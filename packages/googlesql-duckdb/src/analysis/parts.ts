import type { BinaryOperator, Expr } from '../syntax/tree';
import { DATE, DATETIME, INT64, INTERVAL, type SqlType, STRING, TIME, typeName } from '../types';
import { failAt } from './context';
import { analyse, analyseAs } from './expressions';
import type { Scope } from './scope';
import { textLiteral, type Value } from './values';

const PARTS = new Set(
  'MICROSECOND MILLISECOND SECOND MINUTE HOUR DAY DAYOFWEEK DAYOFYEAR WEEK ISOWEEK MONTH QUARTER YEAR ISOYEAR DATE TIME DATETIME'.split(
    ' ',
  ),
);

/** The date part that an argument names, such as `DAY` or `WEEK(MONDAY)`; undefined if it names none. */
export function partOf(expr: Expr): string | undefined {
  if (expr.kind === 'name' && PARTS.has(expr.name.toUpperCase())) return expr.name.toUpperCase();
  if (expr.kind === 'call' && expr.name === 'WEEK' && expr.args[0]?.kind === 'name')
    return `WEEK(${expr.args[0].name.toUpperCase()})`;
  return undefined;
}

/** Translates `EXTRACT(part FROM value)`. */
export function analyseExtract(expr: Extract<Expr, { kind: 'extract' }>, scope: Scope): Value {
  const value = analyse(expr.value, scope);
  const zone =
    expr.zone === undefined ? "'UTC'" : analyseAs(expr.zone, STRING, scope, () => 'AT TIME ZONE must be STRING').sql;
  const kind = value.type.kind;
  if (expr.zone !== undefined && kind !== 'TIMESTAMP')
    return failAt(expr.at, `EXTRACT from ${kind} does not support AT TIME ZONE`);
  const part = textLiteral(expr.part);
  if (kind === 'TIMESTAMP' || kind === 'DATETIME') {
    const local = kind === 'TIMESTAMP' ? `bq_local(${value.sql}, ${zone})` : value.sql;
    if (expr.part === 'DATE') return { sql: `bq_date_of(${local})`, type: DATE };
    if (expr.part === 'TIME') return { sql: `bq_time_of(${local})`, type: TIME };
    if (expr.part === 'DATETIME') return { sql: local, type: DATETIME };
  }
  if (!PARTS.has(expr.part.replace(/\(.*/, '')))
    return failAt(expr.at, `A valid date part name is required but found ${expr.part}`);
  switch (kind) {
    case 'TIMESTAMP':
      return { sql: `bq_extract_timestamp(${part}, ${value.sql}, ${zone})`, type: INT64 };
    case 'DATETIME':
      return { sql: `bq_extract_datetime(${part}, ${value.sql})`, type: INT64 };
    case 'DATE':
      if (/SECOND|MINUTE|HOUR|TIME/.test(expr.part))
        return failAt(expr.at, `EXTRACT from DATE does not support the ${expr.part} date part`);
      return { sql: `bq_extract_date(${part}, ${value.sql})`, type: INT64 };
    case 'TIME':
      if (!/SECOND|MINUTE|HOUR/.test(expr.part))
        return failAt(expr.at, `EXTRACT from TIME does not support the ${expr.part} date part`);
      return { sql: `bq_extract_time(${part}, ${value.sql})`, type: INT64 };
    case 'INTERVAL':
      return { sql: `bq_extract_interval(${part}, ${value.sql})`, type: INT64 };
    default:
      return failAt(
        expr.at,
        `No matching signature for function EXTRACT for argument types: DATE_TIME_PART FROM ${typeName(value.type)}`,
      );
  }
}

/** Translates `INTERVAL 5 DAY` and `INTERVAL '1-2' YEAR TO MONTH`. */
export function analyseInterval(expr: Extract<Expr, { kind: 'interval' }>, scope: Scope): Value {
  const value = analyse(expr.value, scope);
  if (expr.to === undefined && value.type.kind === 'INT64') {
    return { sql: `bq_interval(${value.sql}, ${textLiteral(expr.from)})`, type: INTERVAL };
  }
  if (value.type.kind !== 'STRING')
    return failAt(
      expr.at,
      `Invalid interval literal. Expected INTERVAL keyword to be followed by an INT64 expression or STRING literal`,
    );
  return {
    sql: `bq_interval_text(${value.sql}, ${textLiteral(expr.from)}, ${textLiteral(expr.to ?? expr.from)})`,
    type: INTERVAL,
  };
}

/** The negated interval. */
export function negateInterval(value: Value): Value {
  return { sql: `bq_interval_times(${value.sql}, CAST(-1 AS BIGINT))`, type: INTERVAL };
}

/** Translates an operator with an interval; undefined when the types do not fit. */
export function addInterval(op: BinaryOperator, left: Value, right: Value): Value | undefined {
  const [kind, other] = [left.type.kind, right.type.kind];
  if (op === '*' && kind === 'INTERVAL' && other === 'INT64')
    return { sql: `bq_interval_times(${left.sql}, ${right.sql})`, type: INTERVAL };
  if (op === '*' && kind === 'INT64' && other === 'INTERVAL')
    return { sql: `bq_interval_times(${right.sql}, ${left.sql})`, type: INTERVAL };
  if (op === '/' && kind === 'INTERVAL' && other === 'INT64')
    return { sql: `bq_interval_by(${left.sql}, ${right.sql})`, type: INTERVAL };
  if (op !== '+' && op !== '-') return undefined;
  if (kind === 'INTERVAL' && other === 'INTERVAL')
    return {
      sql: `bq_interval_sum(${left.sql}, ${op === '-' ? negateInterval(right).sql : right.sql})`,
      type: INTERVAL,
    };
  if (kind === 'INTERVAL') return op === '+' ? addInterval('+', right, left) : undefined;
  const step = op === '-' ? negateInterval(right).sql : right.sql;
  const type: SqlType = kind === 'TIMESTAMP' ? { kind } : DATETIME;
  if (kind === 'TIMESTAMP') return { sql: `bq_timestamp_interval(${left.sql}, ${step})`, type };
  if (kind === 'DATE') return { sql: `bq_datetime_interval(CAST(${left.sql} AS TIMESTAMP), ${step})`, type };
  return kind === 'DATETIME' ? { sql: `bq_datetime_interval(${left.sql}, ${step})`, type } : undefined;
}

/** The difference of two dates or times as an INTERVAL. */
export function subtractTimes(left: Value, right: Value): Value {
  if (left.type.kind === 'DATE')
    return { sql: `bq_interval(bq_date_diff(${left.sql}, ${right.sql}, 'DAY'), 'DAY')`, type: INTERVAL };
  const name = left.type.kind.toLowerCase();
  return {
    sql: `bq_interval(bq_${name}_diff(${left.sql}, ${right.sql}, 'MICROSECOND'), 'MICROSECOND')`,
    type: INTERVAL,
  };
}
