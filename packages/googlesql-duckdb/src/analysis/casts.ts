import { ELEMENT } from '../duckdb/lambda';
import { safely } from '../functions/binding';
import type { Expr, TypeNode } from '../syntax/tree';
import { arrayOf, duckdbType, type SqlType, STRING, sameType, scalarNamed, typeName } from '../types';
import { failAt } from './context';
import { analyse, analyseAs, converted } from './expressions';
import type { Scope } from './scope';
import { coerce, convertStruct, textLiteral, type Value } from './values';

/** The SQL type of a type node. */
export function typeOfNode(node: TypeNode): SqlType {
  if (node.name === 'ARRAY' && node.element !== undefined) return arrayOf(typeOfNode(node.element));
  if (node.name === 'RANGE' && node.element !== undefined) return { kind: 'RANGE', element: typeOfNode(node.element) };
  if (node.name === 'STRUCT')
    return {
      kind: 'STRUCT',
      fields: (node.fields ?? []).map((field) => ({ name: field.name ?? '', type: typeOfNode(field.type) })),
    };
  const kind = scalarNamed(node.name);
  return kind === undefined ? failAt(node.at, `Type not found: ${node.name}`) : { kind };
}

/** Translates CAST and SAFE_CAST. */
export function analyseCast(expr: Extract<Expr, { kind: 'cast' }>, scope: Scope): Value {
  const type = typeOfNode(expr.type);
  const value = analyse(expr.value, scope);
  const zone =
    expr.zone === undefined ? "'UTC'" : analyseAs(expr.zone, STRING, scope, () => 'AT TIME ZONE must be STRING').sql;
  const format =
    expr.format === undefined ? undefined : analyseAs(expr.format, STRING, scope, () => 'FORMAT must be STRING').sql;
  if (value.literal === 'NULL') return { sql: limit(`CAST(NULL AS ${duckdbType(type)})`, type, expr.type), type };
  if (!expr.safe) return { sql: limit(castSql(value, type, zone, format, expr.value.at), type, expr.type), type };
  const inside = (sql: string): Value => ({ sql, type: value.type });
  return {
    sql: safely([value.sql], ([name = '']) =>
      limit(castSql(inside(name), type, zone, format, expr.value.at), type, expr.type),
    ),
    type,
  };
}

/** Applies the type's parameters, as in `STRING(5)` and `NUMERIC(10, 2)`. */
function limit(sql: string, type: SqlType, node: TypeNode): string {
  const [first, second] = node.parameters;
  if (first === undefined) return sql;
  if (type.kind === 'STRING' || type.kind === 'BYTES')
    return `bq_limit_${type.kind.toLowerCase()}(${sql}, CAST(${Number(first)} AS BIGINT))`;
  if (type.kind !== 'NUMERIC' && type.kind !== 'BIGNUMERIC')
    return failAt(node.at, `${type.kind} does not support type parameters`);
  return `bq_limit_${type.kind.toLowerCase()}(${sql}, CAST(${Number(first)} AS BIGINT), CAST(${Number(second ?? 0)} AS BIGINT))`;
}

/** DuckDB SQL for an explicit conversion. */
export function castSql(value: Value, type: SqlType, zone: string, format: string | undefined, at: number): string {
  const from = value.type;
  if (format !== undefined) return formatted(value, type, zone, format, at);
  if (value.parts !== undefined && (type.kind === 'ARRAY' || type.kind === 'STRUCT')) {
    const implicit = converted(value, type, at);
    if (implicit !== undefined) return implicit.sql;
  }
  if (sameType(from, type) && from.kind !== 'STRUCT' && from.kind !== 'ARRAY') return value.sql;
  const direct = conversion(from.kind, type.kind);
  if (direct !== undefined) return direct.replaceAll('$z', () => zone).replaceAll('$1', () => value.sql);
  if (from.kind === 'STRUCT' && type.kind === 'STRUCT' && from.fields.length === type.fields.length) {
    const cast = (field: Value, wanted: SqlType): Value => ({
      sql: castSql(field, wanted, zone, undefined, at),
      type: wanted,
    });
    const made = coerce(value, type) ?? convertStruct(value, type, cast);
    if (made !== undefined) return made.sql;
  }
  if (from.kind === 'ARRAY' && type.kind === 'ARRAY') {
    const element = castSql({ sql: ELEMENT, type: from.element }, type.element, zone, undefined, at);
    return element === ELEMENT ? value.sql : `list_transform(${value.sql}, lambda ${ELEMENT}: ${element})`;
  }
  return failAt(at, `Invalid cast from ${typeName(from)} to ${typeName(type)}`);
}

/** DuckDB SQL by `FROM>TO`. `$1` is the value, `$z` the time zone. */
const CONVERSIONS: Readonly<Record<string, string>> = {
  'INT64>FLOAT64': 'CAST($1 AS DOUBLE)',
  'INT64>NUMERIC': 'CAST($1 AS DECIMAL(38,9))',
  'INT64>BIGNUMERIC': 'CAST($1 AS DECIMAL(38,18))',
  'INT64>BOOL': '($1 != 0)',
  'INT64>STRING': 'CAST($1 AS VARCHAR)',
  'FLOAT64>INT64': 'bq_float_to_int($1)',
  'FLOAT64>NUMERIC': 'bq_float_to_numeric($1)',
  'FLOAT64>BIGNUMERIC': 'bq_float_to_bignumeric($1)',
  'FLOAT64>STRING': 'bq_float_text($1)',
  'NUMERIC>INT64': 'bq_numeric_to_int($1)',
  'NUMERIC>FLOAT64': 'CAST($1 AS DOUBLE)',
  'NUMERIC>BIGNUMERIC': 'CAST($1 AS DECIMAL(38,18))',
  'NUMERIC>STRING': 'bq_numeric_text($1)',
  'BIGNUMERIC>INT64': 'bq_bignumeric_to_int($1)',
  'BIGNUMERIC>FLOAT64': 'CAST($1 AS DOUBLE)',
  'BIGNUMERIC>NUMERIC': 'CAST($1 AS DECIMAL(38,9))',
  'BIGNUMERIC>STRING': 'bq_bignumeric_text($1)',
  'BOOL>INT64': 'CAST($1 AS BIGINT)',
  'BOOL>STRING': 'CAST($1 AS VARCHAR)',
  'STRING>INT64': 'bq_text_to_int($1)',
  'STRING>FLOAT64': 'bq_text_to_float($1)',
  'STRING>NUMERIC': 'bq_text_to_numeric($1)',
  'STRING>BIGNUMERIC': 'bq_text_to_bignumeric($1)',
  'STRING>BOOL': 'bq_text_to_bool($1)',
  'STRING>BYTES': 'encode($1)',
  'STRING>DATE': 'bq_text_to_date($1)',
  'STRING>TIME': 'bq_text_to_time($1)',
  'STRING>DATETIME': 'bq_text_to_datetime($1)',
  'STRING>TIMESTAMP': 'bq_text_to_timestamp($1, $z)',
  'STRING>INTERVAL': 'bq_text_to_interval($1)',
  'BYTES>STRING': 'bq_bytes_to_text($1)',
  'DATE>STRING': 'bq_date_text($1)',
  'DATE>DATETIME': 'CAST($1 AS TIMESTAMP)',
  'DATE>TIMESTAMP': 'bq_moment(CAST($1 AS TIMESTAMP), $z)',
  'TIME>STRING': 'bq_time_text($1)',
  'DATETIME>STRING': 'bq_datetime_text($1)',
  'DATETIME>DATE': 'bq_date_of($1)',
  'DATETIME>TIME': 'bq_time_of($1)',
  'DATETIME>TIMESTAMP': 'bq_moment($1, $z)',
  'TIMESTAMP>STRING': 'bq_timestamp_text($1, $z)',
  'TIMESTAMP>DATE': 'bq_date_of(bq_local($1, $z))',
  'TIMESTAMP>TIME': 'bq_time_of(bq_local($1, $z))',
  'TIMESTAMP>DATETIME': 'bq_local($1, $z)',
  'INTERVAL>STRING': 'bq_interval_to_text($1)',
};

function conversion(from: string, to: string): string | undefined {
  return CONVERSIONS[`${from}>${to}`];
}

/** Whether CAST converts this type to STRING. */
export function castsToText({ kind }: SqlType): boolean {
  return kind === 'STRING' || conversion(kind, 'STRING') !== undefined;
}

function formatted(value: Value, type: SqlType, zone: string, format: string, at: number): string {
  const [from, to] = [value.type.kind, type.kind];
  if (from === 'BYTES' && to === 'STRING') return `bq_bytes_format(${value.sql}, ${format})`;
  if (from === 'STRING' && to === 'BYTES') return `bq_text_format(${value.sql}, ${format})`;
  if (to === 'STRING') {
    if (from === 'TIMESTAMP') return `bq_timestamp_to_char(${value.sql}, ${format}, ${zone})`;
    const local = from === 'DATE' ? `CAST(${value.sql} AS TIMESTAMP)` : value.sql;
    if (from === 'DATE' || from === 'DATETIME') return `bq_to_char(${local}, ${format}, ${textLiteral(from)})`;
    if (from === 'TIME') return `bq_to_char(bq_datetime_of(DATE '1970-01-01', ${value.sql}), ${format}, 'TIME')`;
  }
  if (from === 'STRING') {
    const parsed = `bq_from_char(${value.sql}, ${format})`;
    if (to === 'DATETIME') return parsed;
    if (to === 'DATE') return `bq_date_of(${parsed})`;
    if (to === 'TIME') return `bq_time_of(${parsed})`;
    if (to === 'TIMESTAMP') return `bq_timestamp_from_char(${value.sql}, ${format}, ${zone})`;
  }
  return failAt(
    at,
    `CAST with FORMAT from ${typeName(value.type)} to ${typeName(type)} is not supported by the local BigQuery`,
  );
}
