import type { BinaryOperator, Expr } from '../syntax/tree';
import { BOOL, BYTES, duckdbType, FLOAT64, INT64, isNumber, type SqlType, STRING, typeName } from '../types';
import { compare } from './comparisons';
import { failAt } from './context';
import { analyse, converted } from './expressions';
import { addInterval, negateInterval, subtractTimes } from './parts';
import type { Scope } from './scope';
import { supertype, type Value } from './values';

/** Translates a condition; fails unless it is BOOL. `where` names the clause in the error. */
export function analyseCondition(expr: Expr, scope: Scope, where: string): Value {
  const value = analyse(expr, scope);
  return (
    converted(value, BOOL, expr.at) ??
    failAt(expr.at, `${where} should return type BOOL, but returns ${typeName(value.type)}`)
  );
}

/** Fails with BigQuery's error for an operator that does not accept these types. */
export function noSignature(operator: string, values: readonly Value[], at: number): never {
  return failAt(
    at,
    `No matching signature for operator ${operator} for argument types: ${values.map((value) => typeName(value.type)).join(', ')}`,
  );
}

/** Translates NOT, signs and `~`. */
export function analyseUnary(expr: Extract<Expr, { kind: 'unary' }>, scope: Scope): Value {
  if (expr.op === 'NOT') {
    const value = analyse(expr.value, scope);
    const condition = converted(value, BOOL, expr.at) ?? noSignature('NOT', [value], expr.at);
    return { sql: `(NOT ${condition.sql})`, type: BOOL };
  }
  const value = analyse(expr.value, scope);
  if (expr.op === '~') {
    if (value.type.kind === 'BYTES') return { sql: `bq_bytes_not(${value.sql})`, type: BYTES };
    if (value.type.kind !== 'INT64') noSignature('~', [value], expr.at);
    return { sql: `(~${value.sql})`, type: INT64 };
  }
  if (value.type.kind === 'INTERVAL') return expr.op === '-' ? negateInterval(value) : value;
  if (!isNumber(value.type)) noSignature(expr.op, [value], expr.at);
  return expr.op === '-' ? { sql: `(-${value.sql})`, type: value.type } : value;
}

const COMPARISONS = new Set<BinaryOperator>(['=', '!=', '<', '<=', '>', '>=']);

/** Translates AND, OR, comparisons and arithmetic. */
export function analyseBinary(expr: Extract<Expr, { kind: 'binary' }>, scope: Scope): Value {
  if (expr.op === 'AND' || expr.op === 'OR') {
    const given = [expr.left, expr.right].map((side) => analyse(side, scope));
    const sides = given.map((value) => converted(value, BOOL, expr.at) ?? noSignature(expr.op, given, expr.at));
    return { sql: `(${sides[0]?.sql} ${expr.op} ${sides[1]?.sql})`, type: BOOL };
  }
  const left = analyse(expr.left, scope);
  const right = analyse(expr.right, scope);
  if (COMPARISONS.has(expr.op)) return compare(expr.op, left, right, expr.at);
  return arithmetic(expr.op, left, right, expr.at);
}

/** Translates operators on numbers, bits, strings, dates and intervals. */
export function arithmetic(op: BinaryOperator, left: Value, right: Value, at: number): Value {
  switch (op) {
    case '||':
      return concatenate(left, right, at);
    case '&':
    case '|':
    case '^':
    case '<<':
    case '>>':
      return bits(op, left, right, at);
    default:
      return numbers(op, left, right, at);
  }
}

function concatenate(left: Value, right: Value, at: number): Value {
  const type = supertype([left, right]);
  const one = type === undefined ? undefined : converted(left, type, at);
  const two = type === undefined ? undefined : converted(right, type, at);
  if (
    type === undefined ||
    one === undefined ||
    two === undefined ||
    !['STRING', 'BYTES', 'ARRAY'].includes(type.kind)
  ) {
    if (left.literal === 'NULL' && right.literal === 'NULL') return { sql: 'CAST(NULL AS VARCHAR)', type: STRING };
    return noSignature('||', [left, right], at);
  }
  if (type.kind === 'ARRAY') return { sql: `list_concat(${one.sql}, ${two.sql})`, type };
  return { sql: `(${one.sql} || ${two.sql})`, type };
}

function bits(op: string, left: Value, right: Value, at: number): Value {
  const shift = op === '<<' || op === '>>';
  if (left.type.kind === 'BYTES') {
    const second = shift ? converted(right, INT64, at) : converted(right, BYTES, at);
    if (second === undefined) return noSignature(op, [left, right], at);
    return { sql: `bq_bytes_${shift ? 'shift' : 'bits'}(${left.sql}, ${second.sql}, '${op}')`, type: BYTES };
  }
  const one = converted(left, INT64, at);
  const two = converted(right, INT64, at);
  if (one === undefined || two === undefined) return noSignature(op, [left, right], at);
  if (shift) return { sql: `bq_shift(${one.sql}, ${two.sql}, '${op}')`, type: INT64 };
  return { sql: op === '^' ? `xor(${one.sql}, ${two.sql})` : `(${one.sql} ${op} ${two.sql})`, type: INT64 };
}

const DATE_LIKE = new Set(['DATE', 'DATETIME', 'TIMESTAMP', 'TIME', 'INTERVAL']);

function numbers(op: BinaryOperator, left: Value, right: Value, at: number): Value {
  if (DATE_LIKE.has(left.type.kind) || DATE_LIKE.has(right.type.kind)) return dates(op, left, right, at);
  const typed = [left, right].filter((value) => value.literal !== 'NULL');
  const common = typed.length === 0 ? INT64 : supertype(typed);
  if (common === undefined || !isNumber(common)) return noSignature(op, [left, right], at);
  const type: SqlType = op === '/' && common.kind === 'INT64' ? FLOAT64 : common;
  const one = converted(left, type, at) ?? left;
  const two = converted(right, type, at) ?? right;
  const exact = type.kind === 'NUMERIC' || type.kind === 'BIGNUMERIC';
  if (op === '/' || (op === '*' && exact))
    return {
      sql: `${exact ? `bq_${type.kind.toLowerCase()}` : 'bq'}_${op === '/' ? 'divide' : 'multiply'}(${one.sql}, ${two.sql})`,
      type,
    };
  if (exact) return { sql: `CAST((${one.sql} ${op} ${two.sql}) AS ${duckdbType(type)})`, type };
  if (type.kind === 'FLOAT64') return { sql: `bq_finite(${one.sql}, ${two.sql}, '${op}')`, type };
  return { sql: `(${one.sql} ${op} ${two.sql})`, type };
}

/** Date arithmetic: with days, with intervals, and differences. */
function dates(op: BinaryOperator, left: Value, right: Value, at: number): Value {
  if (left.type.kind === 'INTERVAL' || right.type.kind === 'INTERVAL') {
    return addInterval(op, left, right) ?? noSignature(op, [left, right], at);
  }
  const count = left.type.kind === 'DATE' ? right : left;
  const date = left.type.kind === 'DATE' ? left : right;
  if (date.type.kind === 'DATE' && count.type.kind === 'INT64' && (op === '+' || (op === '-' && date === left))) {
    return { sql: `bq_date_add(${date.sql}, ${op === '-' ? `-(${count.sql})` : count.sql}, 'DAY')`, type: date.type };
  }
  if (op === '-' && left.type.kind === right.type.kind) return subtractTimes(left, right);
  return noSignature(op, [left, right], at);
}
