import { exactDecimal } from '../runtime/decimals';
import { parseJson } from '../runtime/jsonParser';
import { canonical, exact, writeJson } from '../runtime/jsonText';
import type { Expr } from '../syntax/tree';
import {
  BIGNUMERIC,
  BOOL,
  DATE,
  duckdbType,
  FLOAT64,
  INT64,
  JSON_TYPE,
  NUMERIC,
  physicalField,
  type SqlType,
  STRING,
  typeName,
} from '../types';
import { typeOfNode } from './casts';
import { constantTime } from './constants';
import { failAt } from './context';
import { analyse } from './expressions';
import { type Scope, suggestion } from './scope';
import { floatLiteral, intLiteral, nullOf, textLiteral as text, type Value } from './values';

/** Translates an untyped literal such as `1` or `'a'`. */
export function analyseLiteral(expr: Extract<Expr, { kind: 'literal' }>): Value {
  switch (expr.type) {
    case 'NULL':
      return nullOf(INT64);
    case 'BOOL':
      return { sql: expr.value, type: BOOL };
    case 'STRING':
      return { sql: text(expr.value), type: STRING, literal: 'STRING', text: expr.value };
    case 'FLOAT64':
      if (!Number.isFinite(Number(expr.value))) return failAt(expr.at, `Invalid floating point literal: ${expr.value}`);
      return { sql: floatLiteral(expr.value), type: FLOAT64, literal: 'FLOAT64', text: expr.value };
    default: {
      const value = /^-?0x/i.test(expr.value)
        ? expr.value.startsWith('-')
          ? -BigInt(expr.value.slice(1))
          : BigInt(expr.value)
        : BigInt(expr.value);
      if (value > 9223372036854775807n || value < -9223372036854775808n)
        failAt(expr.at, `Invalid integer literal: ${expr.value}`);
      return { sql: intLiteral(value), type: INT64, literal: 'INT64', text: String(value) };
    }
  }
}

/** Translates a typed literal such as `DATE '2024-01-01'`. */
export function analyseTypedLiteral(expr: Extract<Expr, { kind: 'typed' }>): Value {
  switch (expr.type) {
    case 'NUMERIC':
    case 'BIGNUMERIC': {
      const type = expr.type === 'NUMERIC' ? NUMERIC : BIGNUMERIC;
      const exact = exactDecimal(expr.value, expr.type === 'NUMERIC' ? 9 : 18);
      if (exact === undefined) failAt(expr.at, `Invalid ${expr.type} literal: '${expr.value}'`);
      return { sql: `CAST('${exact}' AS ${duckdbType(type)})`, type };
    }
    case 'JSON': {
      const json = exactJson(expr.value);
      if (json === undefined) failAt(expr.at, `Invalid JSON literal: '${expr.value}'`);
      return { sql: `CAST(${text(json)} AS JSON)`, type: JSON_TYPE };
    }
    case 'RANGE':
      return rangeLiteral(expr);
    default:
      try {
        return { sql: constantTime(expr.value, { kind: expr.type }), type: { kind: expr.type } };
      } catch {
        return failAt(expr.at, `Invalid ${expr.type} literal`);
      }
  }
}

function rangeLiteral(expr: Extract<Expr, { kind: 'typed' }>): Value {
  const element: SqlType = expr.element === undefined ? DATE : typeOfNode(expr.element);
  return { sql: `bq_range(${text(expr.value)}, ${text(element.kind)})`, type: { kind: 'RANGE', element } };
}

/** Translates an unqualified name: a column, an alias or a variable. */
export function analyseName(expr: Extract<Expr, { kind: 'name' }>, scope: Scope): Value {
  const match = scope.find(expr.name, expr.at) ?? scope.context.variables.get(expr.name.toLowerCase());
  return match ?? failAt(expr.at, `Unrecognized name: ${expr.name}${suggestion(expr.name, scope.names())}`);
}

/** Translates `base.name`: a column of a source, a struct field or a JSON member. */
export function analyseField(expr: Extract<Expr, { kind: 'field' }>, scope: Scope): Value {
  if (expr.base.kind === 'name') {
    const match = scope.findSource(expr.base.name);
    const shadowed = match === undefined || scope.locals.has(expr.base.name.toLowerCase());
    if (!shadowed && match !== undefined && match.source.value?.type.kind !== 'JSON') {
      const column = match.source.columns.find((one) => one.name.toLowerCase() === expr.name.toLowerCase());
      const alone = match.source.value !== undefined && match.source.value.type.kind !== 'STRUCT';
      if (column !== undefined && !alone)
        return match.scope.checked(column, `${expr.base.name}.${expr.name}`, expr.base.at);
      if (match.source.value === undefined) {
        failAt(
          expr.at,
          `Name ${expr.name} not found inside ${expr.base.name}${suggestion(
            expr.name,
            match.source.columns.map((one) => one.name),
          )}`,
        );
      }
    }
  }
  return fieldOf(analyse(expr.base, scope), expr.name, expr.at);
}

/** A struct field or a member of a JSON object. */
export function fieldOf(base: Value, name: string, at: number): Value {
  if (base.type.kind === 'JSON')
    return { sql: `CAST(bq_json_member(${base.sql}, ${text(name)}) AS JSON)`, type: JSON_TYPE };
  if (base.type.kind !== 'STRUCT')
    return failAt(at, `Cannot access field ${name} on a value with type ${typeName(base.type)}`);
  const place = base.type.fields.findIndex((field) => field.name.toLowerCase() === name.toLowerCase());
  const field = base.type.fields[place];
  if (field === undefined) return failAt(at, `Field name ${name} does not exist in ${typeName(base.type)}`);
  return { sql: `struct_extract(${base.sql}, ${text(physicalField(base.type, place))})`, type: field.type };
}

/** The name that a column or struct field without an alias takes from its expression; empty if none. */
export function impliedName(expr: Expr): string {
  if (expr.kind === 'name' || expr.kind === 'field') return expr.name;
  return '';
}

function exactJson(text: string): string | undefined {
  try {
    const parsed = parseJson(text);
    return parsed === undefined ? undefined : writeJson(canonical(exact(parsed.value)));
  } catch {
    return undefined;
  }
}
