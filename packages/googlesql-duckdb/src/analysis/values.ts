import { ELEMENT, lambdaParameter } from '../duckdb/lambda';
import { literal, quoted } from '../duckdb/names';
import { duckdbType, INT64, isNumber, physicalField, type SqlType, samePhysical, sameType } from '../types';
import { constantTime } from './constants';

const [ARRAY, STRUCT] = [lambdaParameter('array'), lambdaParameter('struct')];

/** The kinds of literals, which convert to more types than other values. */
export type LiteralKind = 'NULL' | 'INT64' | 'FLOAT64' | 'STRING';

/** A typed DuckDB expression. */
export interface Value {
  readonly sql: string;
  readonly type: SqlType;
  /** Set for literals and parameters, which convert to more types than other values. */
  readonly literal?: LiteralKind;
  /** Text of the literal. */
  readonly text?: string;
  /** Values of a struct or array constructor, which are converted one by one. */
  readonly parts?: readonly Value[];
}

/** NULL with a type. */
export function nullOf(type: SqlType): Value {
  return { sql: `CAST(NULL AS ${duckdbType(type)})`, type, literal: 'NULL' };
}

/** A DuckDB string literal for any text. */
export function textLiteral(text: string): string {
  // DuckDB ends a string literal at a NUL character.
  return text.includes('\0') ? `concat(${text.split('\0').map(literal).join(', chr(0), ')})` : literal(text);
}

/** A DuckDB literal for an INT64. */
export function intLiteral(value: string | number | bigint): string {
  return `CAST(${value} AS BIGINT)`;
}

/** A DuckDB literal for a FLOAT64. */
export function floatLiteral(value: string): string {
  const number = Number(value);
  if (!Number.isFinite(number)) return `CAST('${value}' AS DOUBLE)`;
  return `CAST('${Object.is(number, -0) ? '-0' : number}' AS DOUBLE)`;
}

const WIDER: Readonly<Record<string, readonly string[]>> = {
  INT64: ['FLOAT64', 'NUMERIC', 'BIGNUMERIC'],
  NUMERIC: ['BIGNUMERIC', 'FLOAT64'],
  BIGNUMERIC: ['FLOAT64'],
  DATE: ['DATETIME'],
};

const FROM_STRING = new Set(['DATE', 'DATETIME', 'TIME', 'TIMESTAMP']);

/**
 * The cost of converting a value to a type: 0 for its own type, more for implicit conversions, undefined when
 * impossible.
 */
export function distance(value: Value, target: SqlType): number | undefined {
  if (sameType(value.type, target)) return 0;
  if (value.literal === 'NULL') return 1;
  if (value.parts !== undefined && value.type.kind === target.kind) {
    const costs = value.parts.map((part, place) => distance(part, elementOf(target, place)));
    return costs.some((one) => one === undefined) ? undefined : 1 + Math.max(0, ...costs.map((one) => one ?? 0));
  }
  if (value.literal === 'STRING' && FROM_STRING.has(target.kind)) return 2;
  if (value.literal === 'FLOAT64' && (target.kind === 'NUMERIC' || target.kind === 'BIGNUMERIC')) return 2;
  const wider = WIDER[value.type.kind]?.indexOf(target.kind) ?? -1;
  if (wider >= 0) return wider + 1;
  if (value.type.kind === 'STRUCT' && target.kind === 'STRUCT' && value.type.fields.length === target.fields.length) {
    const fields = value.type.fields;
    const costs = target.fields.map((field, place) =>
      distance({ sql: '', type: fields[place]?.type ?? INT64 }, field.type),
    );
    return costs.some((one) => one === undefined) ? undefined : 1 + Math.max(0, ...costs.map((one) => one ?? 0));
  }
  return undefined;
}

function elementOf(type: SqlType, place: number): SqlType {
  if (type.kind === 'ARRAY') return type.element;
  return type.kind === 'STRUCT' ? (type.fields[place]?.type ?? INT64) : INT64;
}

/** Converts a value implicitly; undefined when BigQuery has no implicit conversion to `target`. */
export function coerce(value: Value, target: SqlType): Value | undefined {
  if (samePhysical(value.type, target) && sameType(value.type, target))
    return value.parts === undefined ? value : { ...value, type: target };
  if (distance(value, target) === undefined) return undefined;
  if (value.literal === 'NULL') return nullOf(target);
  if (value.parts !== undefined) {
    const parts = value.parts.map((part, place) => coerce(part, elementOf(target, place)));
    const convertedParts = parts.filter((part) => part !== undefined);
    return convertedParts.length === parts.length ? construct(convertedParts, target) : undefined;
  }
  if (value.literal === 'STRING' && FROM_STRING.has(target.kind)) {
    return { sql: constantTime(value.text ?? '', target), type: target };
  }
  if (value.literal !== undefined && isNumber(target)) return numberLiteral(value, target);
  if (value.type.kind === 'STRUCT' && target.kind === 'STRUCT') return convertStruct(value, target);
  return { sql: `CAST(${value.sql} AS ${duckdbType(target)})`, type: target };
}

function numberLiteral(value: Value, target: SqlType): Value {
  const text = value.text ?? '0';
  if (target.kind === 'FLOAT64') return { ...value, sql: floatLiteral(text), type: target, literal: 'FLOAT64' };
  return { sql: `CAST('${text}' AS ${duckdbType(target)})`, type: target };
}

/** The array; the query fails with BigQuery's error if the array contains NULL. */
export function withoutNulls(sql: string, type: SqlType, column: string): string {
  if (/^"(?:[^"]|"")*"\."(?:[^"]|"")*"$/.test(sql)) return sql;
  const message = textLiteral(`Array cannot have a null element; error in writing field ${column}`);
  return `list_transform([${sql}], lambda ${ARRAY}: CASE WHEN len(list_filter(${ARRAY}, lambda ${ELEMENT}: ${ELEMENT} IS NULL)) > 0 THEN CAST(bq_raise(${message}) AS ${duckdbType(type)}) ELSE ${ARRAY} END)[1]`;
}

/** Builds a struct or array of values that already have the element types. */
export function construct(parts: readonly Value[], type: SqlType): Value {
  if (type.kind === 'ARRAY') {
    return { sql: `CAST([${parts.map((part) => part.sql).join(', ')}] AS ${duckdbType(type)})`, type, parts };
  }
  if (type.kind !== 'STRUCT') throw new TypeError('only arrays and structs are constructed');
  const fields = parts.map((part, place) => `${quoted(physicalField(type, place))} := ${part.sql}`);
  return { sql: `struct_pack(${fields.join(', ')})`, type, parts };
}

/** Converts a struct by position, where DuckDB would convert by name. The struct is evaluated once. */
export function convertStruct(
  value: Value,
  target: Extract<SqlType, { kind: 'STRUCT' }>,
  convert: (field: Value, type: SqlType) => Value | undefined = coerce,
): Value | undefined {
  const from = value.type;
  if (from.kind !== 'STRUCT') return undefined;
  const fields = from.fields.map((field, place) => {
    const sql = `struct_extract(${STRUCT}, ${textLiteral(physicalField(from, place))})`;
    return convert({ sql, type: field.type }, elementOf(target, place));
  });
  const convertedParts = fields.filter((field) => field !== undefined);
  if (convertedParts.length !== fields.length) return undefined;
  const packed = construct(convertedParts, target).sql;
  return {
    sql: `list_transform([${value.sql}], lambda ${STRUCT}: CASE WHEN ${STRUCT} IS NULL THEN NULL ELSE ${packed} END)[1]`,
    type: target,
  };
}

/** The type that all values convert to, or undefined. Literals adapt to the other values. */
export function supertype(values: readonly Value[]): SqlType | undefined {
  const typed = values.filter((value) => value.literal !== 'NULL');
  const firm = typed.filter((value) => value.literal === undefined);
  const candidates = [...firm, ...typed].map((value) => value.type);
  if (candidates.some(isNumber)) candidates.push({ kind: 'NUMERIC' }, { kind: 'BIGNUMERIC' }, { kind: 'FLOAT64' });
  const merged = mergeParts(typed);
  if (merged !== undefined) candidates.unshift(merged);
  for (const candidate of candidates) {
    if (typed.every((value) => distance(value, candidate) !== undefined)) return candidate;
  }
  return typed.length === 0 ? INT64 : undefined;
}

/** The supertype of structs, field by field; undefined unless all values are structs of one size. */
function mergeParts(values: readonly Value[]): SqlType | undefined {
  const first = values[0]?.type;
  if (
    first?.kind !== 'STRUCT' ||
    !values.every((value) => value.type.kind === 'STRUCT' && value.type.fields.length === first.fields.length)
  )
    return undefined;
  const fields = first.fields.map((field, place) => {
    const parts = values.map(
      (value): Value =>
        value.parts?.[place] ?? {
          sql: '',
          type: value.type.kind === 'STRUCT' ? (value.type.fields[place]?.type ?? INT64) : INT64,
        },
    );
    const names = values.map((value) => (value.type.kind === 'STRUCT' ? (value.type.fields[place]?.name ?? '') : ''));
    return { name: names.find((name) => name !== '') ?? field.name, type: supertype(parts) ?? field.type };
  });
  return { kind: 'STRUCT', fields };
}
