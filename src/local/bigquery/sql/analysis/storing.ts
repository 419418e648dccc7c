import type { TableField } from '../contract';
import { Cursor } from '../syntax/cursor';
import { parseExpr } from '../syntax/expressions';
import { duckdbType, fromField, typeName } from '../types';
import { type Context, failAt } from './context';
import { analyse, converted } from './expressions';
import { Scope } from './scope';
import { nullOf, type Value, withoutNulls } from './values';

/** The value as the column stores it: its type, its limits, no NULL arrays, no NULL where it is required. */
export function stored(value: Value, field: TableField, at: number, wording: (type: string) => string): string {
  const type = fromField(field);
  const typed = converted(value, type, at) ?? failAt(at, wording(typeName(value.type)));
  if (type.kind === 'ARRAY')
    return value.literal === 'NULL'
      ? `CAST([] AS ${duckdbType(type)})`
      : `coalesce(${withoutNulls(typed.sql, type, field.name)}, CAST([] AS ${duckdbType(type)}))`;
  const limited = limits(typed.sql, field);
  if (field.mode?.toUpperCase() !== 'REQUIRED' || (value.literal !== undefined && value.literal !== 'NULL'))
    return limited;
  return `coalesce(${limited}, CAST(bq_raise('Required field ${field.name.replaceAll("'", "''")} cannot be null') AS ${duckdbType(type)}))`;
}

function limits(sql: string, field: TableField): string {
  const type = fromField({ ...field, mode: 'NULLABLE' }).kind;
  if (field.maxLength !== undefined && (type === 'STRING' || type === 'BYTES'))
    return `bq_limit_${type.toLowerCase()}(${sql}, CAST(${Number(field.maxLength)} AS BIGINT))`;
  if (field.precision !== undefined && (type === 'NUMERIC' || type === 'BIGNUMERIC'))
    return `bq_limit_${type.toLowerCase()}(${sql}, CAST(${Number(field.precision)} AS BIGINT), CAST(${Number(field.scale ?? 0)} AS BIGINT))`;
  return sql;
}

/** What a column holds when nothing is given. */
export function defaultValue(field: TableField, context: Context): Value {
  if (field.defaultValueExpression === undefined) return nullOf(fromField(field));
  const cursor = new Cursor(field.defaultValueExpression);
  return analyse(parseExpr(cursor), new Scope(context, null, new Map()));
}
