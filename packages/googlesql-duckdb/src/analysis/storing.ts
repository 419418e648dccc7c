import type { TableField } from '../contract';
import { PositionedError } from '../errors';
import { Cursor } from '../syntax/cursor';
import { parseExpr } from '../syntax/expressions';
import { duckdbType, fromField, typeName } from '../types';
import { type Context, failAt } from './context';
import { analyse, converted } from './expressions';
import { Scope } from './scope';
import { nullOf, type Value, withoutNulls } from './values';

/**
 * Converts a value for storage: the column's type and limits, empty arrays for NULL arrays, an error for NULL in
 * REQUIRED columns.
 */
export function storedSql(value: Value, field: TableField, at: number, wording: (type: string) => string): string {
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

/** Fails for a default value that does not convert to the column's type, or that reads tables. */
export function checkDefault(field: TableField, at: number, context: Context): void {
  if (field.defaultValueExpression === undefined) return;
  if (/\bSELECT\b/i.test(field.defaultValueExpression))
    failAt(at, `The default of column ${field.name} must be a literal or one of the functions that are allowed there`);
  storedSql(
    withErrorsAt(at, () => defaultValue(field, context)),
    field,
    at,
    (type) => `The default of column ${field.name} has type ${type}, which is not that of the column`,
  );
}

/** Moves errors to an offset of the statement, because a default value is parsed as a separate text. */
function withErrorsAt<T>(at: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PositionedError) throw new PositionedError(error.message, at);
    throw error;
  }
}

/** The default value of a column; NULL without a DEFAULT. */
export function defaultValue(field: TableField, context: Context): Value {
  if (field.defaultValueExpression === undefined) return nullOf(fromField(field));
  const cursor = new Cursor(field.defaultValueExpression);
  return analyse(parseExpr(cursor), new Scope(context));
}
