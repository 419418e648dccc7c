import { ELEMENT } from '../duckdb/lambda';
import type { Expr, Query } from '../syntax/tree';
import { arrayOf, duckdbType, INT64, JSON_TYPE, physicalField, type SqlType, typeName } from '../types';
import { impliedName } from './atoms';
import { typeOfNode } from './casts';
import { failAt } from './context';
import { analyse, converted } from './expressions';
import { analyseQuery } from './queries';
import type { Scope } from './scope';
import { construct, supertype, textLiteral as text, type Value } from './values';

/** Translates a scalar subquery. */
export function analyseSubquery(query: Query, scope: Scope, at: number): Value {
  const result = analyseQuery(query, scope.context, scope, scope.tables);
  const [column] = result.columns;
  if (column === undefined || result.columns.length !== 1)
    failAt(at, 'Scalar subquery cannot have more than one column unless using SELECT AS STRUCT to build STRUCT values');
  return { sql: `(${result.sql})`, type: column.type };
}

/** Translates `ARRAY(SELECT ...)`. */
export function analyseArrayQuery(query: Query, scope: Scope, at: number): Value {
  const result = analyseQuery(query, scope.context, scope, scope.tables);
  const [column] = result.columns;
  if (column === undefined || result.columns.length !== 1)
    failAt(at, 'ARRAY subquery cannot have more than one column unless using SELECT AS STRUCT to build STRUCT values');
  if (column.type.kind === 'ARRAY')
    failAt(
      at,
      `Cannot use array subquery with column of type ${typeName(column.type)} because nested arrays are not supported`,
    );
  return { sql: `ARRAY(${result.sql})`, type: arrayOf(column.type) };
}

/** Translates `[a, b]` and `ARRAY<T>[a, b]`. */
export function analyseArray(expr: Extract<Expr, { kind: 'array' }>, scope: Scope): Value {
  const wanted = expr.type?.element === undefined ? undefined : typeOfNode(expr.type.element);
  const items = expr.items.map((item) => analyse(item, scope));
  if (wanted !== undefined) {
    const values = items.map(
      (item, place) =>
        converted(item, wanted, expr.items[place]?.at ?? expr.at) ??
        failAt(
          expr.items[place]?.at ?? expr.at,
          `Array element type ${typeName(item.type)} does not coerce to ${typeName(wanted)}`,
        ),
    );
    return { ...construct(values, arrayOf(wanted)), parts: undefined };
  }
  if (items.length === 0) return { sql: 'CAST([] AS BIGINT[])', type: arrayOf(INT64), parts: [] };
  const type = supertype(items);
  if (type === undefined)
    return failAt(
      expr.at,
      `Array elements of types {${[...new Set(items.map((item) => typeName(item.type)))].join(', ')}} do not have a common supertype`,
    );
  if (type.kind === 'ARRAY')
    return failAt(
      expr.at,
      `Cannot construct array with element type ${typeName(type)} because nested arrays are not supported`,
    );
  return construct(
    items.map((item, place) => converted(item, type, expr.items[place]?.at ?? expr.at) ?? item),
    arrayOf(type),
  );
}

/** Translates `STRUCT(a AS x)`, `STRUCT<x T>(a)` and `(a, b)`. */
export function analyseStruct(expr: Extract<Expr, { kind: 'struct' }>, scope: Scope): Value {
  const values = expr.fields.map((field) => analyse(field.value, scope));
  if (expr.type !== undefined) {
    const type = typeOfNode(expr.type);
    if (type.kind !== 'STRUCT' || type.fields.length !== values.length)
      return failAt(
        expr.at,
        `STRUCT type has ${type.kind === 'STRUCT' ? type.fields.length : 0} fields but constructor call has ${values.length} fields`,
      );
    const fields = values.map((value, place) => {
      const wanted = type.fields[place]?.type ?? value.type;
      return (
        converted(value, wanted, expr.at) ??
        failAt(
          expr.fields[place]?.value.at ?? expr.at,
          `Struct field ${place + 1} has type ${typeName(value.type)} which does not coerce to ${typeName(wanted)}`,
        )
      );
    });
    return construct(fields, type);
  }
  const fields = expr.fields.map((field, place) => ({
    name: field.name ?? (expr.tuple ? '' : impliedName(field.value)),
    type: values[place]?.type ?? INT64,
  }));
  return construct(values, { kind: 'STRUCT', fields });
}

/** Translates `array[OFFSET(i)]` in all its forms, `json[...]` and `struct[i]`. */
export function analyseIndex(expr: Extract<Expr, { kind: 'index' }>, scope: Scope): Value {
  const base = analyse(expr.base, scope);
  const index = analyse(expr.index, scope);
  if (base.type.kind === 'JSON') {
    if (index.type.kind === 'STRING')
      return { sql: `CAST(bq_json_member(${base.sql}, ${index.sql}) AS JSON)`, type: JSON_TYPE };
    return { sql: `CAST(bq_json_item(${base.sql}, ${index.sql}) AS JSON)`, type: JSON_TYPE };
  }
  const place = converted(index, INT64, expr.index.at);
  if (place === undefined)
    return failAt(
      expr.index.at,
      `Array position must be coercible to INT64 type, but has type ${typeName(index.type)}`,
    );
  if (base.type.kind === 'STRUCT')
    return structItem(base, base.type, expr.mode, Number(place.text ?? Number.NaN), expr.at);
  if (base.type.kind !== 'ARRAY')
    return failAt(expr.at, `Subscript access using [INT64] is not supported on values of type ${typeName(base.type)}`);
  const ordinal = expr.mode.endsWith('ORDINAL');
  const inside = `CASE WHEN ${ELEMENT}.i >= 1 AND ${ELEMENT}.i <= len(${ELEMENT}.a) THEN list_extract(${ELEMENT}.a, ${ELEMENT}.i)`;
  const outside = expr.mode.startsWith('SAFE')
    ? ''
    : ` WHEN ${ELEMENT}.i IS NOT NULL AND ${ELEMENT}.a IS NOT NULL THEN CAST(bq_raise(concat('Array index ', ${ELEMENT}.i${ordinal ? '' : ' - 1'}, ' is out of bounds (', CASE WHEN ${ELEMENT}.i < 1 THEN 'underflow' ELSE 'overflow' END, ')')) AS ${duckdbType(base.type.element)})`;
  // A list of one element makes DuckDB evaluate the array and the position once.
  const once = `[{'a': ${base.sql}, 'i': ${place.sql} + ${ordinal ? 0 : 1}}]`;
  return { sql: `list_transform(${once}, lambda ${ELEMENT}: ${inside}${outside} END)[1]`, type: base.type.element };
}

function structItem(
  base: Value,
  type: Extract<SqlType, { kind: 'STRUCT' }>,
  mode: string,
  index: number,
  at: number,
): Value {
  const place = mode.endsWith('ORDINAL') ? index - 1 : index;
  const field = type.fields[place];
  if (field === undefined) return failAt(at, `Field ordinal out of bounds in ${typeName(type)}`);
  return { sql: `struct_extract(${base.sql}, ${text(physicalField(type, place))})`, type: field.type };
}
