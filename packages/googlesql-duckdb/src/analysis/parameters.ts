import { SqlError } from '../errors';
import { canonicalJson } from '../runtime/jsonText';
import type { QueryParameterType, QueryParameterValue } from '../schema/resources';
import type { Expr } from '../syntax/tree';
import {
  arrayOf,
  BYTES,
  duckdbType,
  FLOAT64,
  INT64,
  isNumber,
  type SqlType,
  STRING,
  scalarNamed,
  typeName,
} from '../types';
import { constantTime } from './constants';
import { type Context, failAt, usingKey } from './context';
import { construct, floatLiteral, intLiteral, nullOf, textLiteral, type Value } from './values';

/** Replaces a query parameter by a literal of its type. */
export function analyseParameter(expr: Extract<Expr, { kind: 'parameter' | 'position' }>, context: Context): Value {
  const used = context.variables.get(usingKey(expr.kind === 'position' ? expr.index : expr.name));
  if (used !== undefined) return used;
  const parameter =
    expr.kind === 'position'
      ? context.parameters[expr.index]
      : context.parameters.find((one) => one.name?.toLowerCase() === expr.name.toLowerCase());
  if (parameter === undefined) {
    if (expr.kind === 'parameter') return failAt(expr.at, `Query parameter '${expr.name}' not found`);
    return failAt(
      expr.at,
      `Query parameter number ${expr.index + 1} is not defined (${context.parameters.length} provided)`,
    );
  }
  const name = expr.kind === 'parameter' ? expr.name : String(expr.index + 1);
  return parameterValue(typeOfParameter(parameter.parameterType ?? {}), parameter.parameterValue ?? {}, name);
}

function typeOfParameter(type: QueryParameterType): SqlType {
  const name = type.type?.toUpperCase() ?? 'STRING';
  if (name === 'ARRAY') return arrayOf(typeOfParameter(type.arrayType ?? {}));
  if (name === 'STRUCT' || name === 'RECORD')
    return {
      kind: 'STRUCT',
      fields: (type.structTypes ?? []).map((field) => ({
        name: field.name ?? '',
        type: typeOfParameter(field.type ?? {}),
      })),
    };
  const kind = scalarNamed(name);
  if (kind === undefined) throw new SqlError('invalid', `Invalid value for type: ${type.type} is not a valid value`);
  return { kind };
}

function parameterValue(type: SqlType, value: QueryParameterValue, name: string): Value {
  if (type.kind === 'ARRAY') {
    const items = value.arrayValues ?? [];
    return {
      ...construct(
        items.map((item) => parameterValue(type.element, item, name)),
        type,
      ),
      parts: undefined,
    };
  }
  if (type.kind === 'STRUCT') {
    if (value.structValues === undefined || value.structValues === null) return nullOf(type);
    return {
      ...construct(
        type.fields.map((field) => parameterValue(field.type, value.structValues?.[field.name] ?? {}, name)),
        type,
      ),
      parts: undefined,
    };
  }
  const text = value.value;
  if (text === undefined || text === null) return { ...nullOf(type), literal: undefined };
  return scalarValue(type, String(text), name);
}

/** A literal of the type from the text of a REST parameter value. */
export function scalarValue(type: SqlType, text: string, name: string): Value {
  const invalid = (): never => {
    throw new SqlError(
      'invalidQuery',
      `Invalid value for parameter ${name}: Could not parse "${text}" as ${typeName(type)}`,
    );
  };
  switch (type.kind) {
    case 'STRING':
      return { sql: textLiteral(text), type: STRING, literal: 'STRING', text };
    case 'INT64':
      return /^\s*[+-]?\d+\s*$/.test(text) ? { sql: intLiteral(text.trim()), type: INT64 } : invalid();
    case 'FLOAT64': {
      const number = /^[+-]?inf(inity)?$/i.test(text) ? (text.startsWith('-') ? '-Infinity' : 'Infinity') : text;
      return Number.isNaN(Number(number)) && !/^nan$/i.test(text)
        ? invalid()
        : { sql: floatLiteral(number), type: FLOAT64 };
    }
    case 'BOOL':
      return /^(true|false)$/i.test(text) ? { sql: text.toUpperCase(), type } : invalid();
    case 'BYTES':
      return { sql: `from_hex('${Buffer.from(text, 'base64').toString('hex')}')`, type: BYTES };
    case 'JSON': {
      const json = canonicalJson(text);
      return json === undefined ? invalid() : { sql: `CAST(${textLiteral(json)} AS JSON)`, type };
    }
    case 'DATE':
    case 'TIME':
    case 'DATETIME':
    case 'TIMESTAMP':
      try {
        return { sql: constantTime(text, type), type };
      } catch {
        return invalid();
      }
    case 'GEOGRAPHY':
      return { sql: textLiteral(text), type };
    case 'INTERVAL':
      return { sql: `bq_text_to_interval(${textLiteral(text)})`, type };
    default:
      return isNumber(type) && /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text)
        ? { sql: `CAST('${text.trim()}' AS ${duckdbType(type)})`, type }
        : invalid();
  }
}

/** Replaces a system variable such as `@@row_count` by its value. */
export function analyseSystem(expr: Extract<Expr, { kind: 'system' }>, context: Context): Value {
  return context.system.value(expr.name) ?? failAt(expr.at, `Unrecognized name: @@${expr.name}`);
}
