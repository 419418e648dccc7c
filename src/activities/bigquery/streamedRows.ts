import { type Field, typeName } from '../../plan/schema';
import type { JsonObject, JsonValue } from '../../rules/types';

/** A row in BigQuery's REST API: `{ f: [{ v: … }, …] }`, with timestamps in microseconds. */
export type RestRow = { readonly f: readonly { readonly v: unknown }[] };

/**
 * Converts a row of a query's result to a row of a streaming insert. Numbers become JSON numbers unless that would lose digits,
 * timestamps become RFC 3339 texts, and columns without a value are left out.
 *
 * @example insertable({ f: [{ v: '1' }] }, [newField('id', 'INTEGER')]) // { id: 1 }
 */
export function insertable(row: RestRow, fields: readonly Field[]): JsonObject {
  return Object.fromEntries(
    fields.flatMap((field, at) => {
      const value = cellValue(row.f[at]?.v, field);
      return value === null ? [] : [[field.name, value]];
    }),
  );
}

function cellValue(value: unknown, field: Field): JsonValue {
  if (value === null || value === undefined) return null;
  if (field.mode?.toUpperCase() === 'REPEATED') {
    return Array.isArray(value) ? value.map((item) => single(isCell(item) ? item.v : item, field)) : [];
  }
  return single(value, field);
}

function single(value: unknown, field: Field): JsonValue {
  if (isRow(value)) return insertable(value, field.fields ?? []);
  const text = String(value);
  switch (typeName(field)) {
    case 'INTEGER':
      return Number.isSafeInteger(Number(text)) ? Number(text) : text;
    case 'FLOAT':
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case 'BOOLEAN':
      return text === 'true';
    case 'TIMESTAMP':
      return timestamp(text);
    default:
      return text;
  }
}

/** @param micros microseconds since 1970. */
function timestamp(micros: string): string {
  const all = BigInt(micros);
  const fraction = ((all % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = (all - fraction) / 1_000_000n;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length);
  return `${text}.${fraction.toString().padStart(6, '0')}Z`;
}

function isCell(value: unknown): value is { readonly v: unknown } {
  return typeof value === 'object' && value !== null && 'v' in value;
}

function isRow(value: unknown): value is RestRow {
  return typeof value === 'object' && value !== null && 'f' in value && Array.isArray(value.f);
}
