import { duckdbType, fromField, restName, scalarNamed } from '../types';
import type { TableField } from './resources';

/** The REST API's name of a field's type: INTEGER for INT64, RECORD for STRUCT. */
export function typeOf(field: TableField): string {
  const name = field.type.toUpperCase();
  if (name === 'STRUCT') return 'RECORD';
  const scalar = scalarNamed(name);
  return scalar === undefined ? name : restName(scalar);
}

/** Whether the field is an array. */
export function isRepeated(field: TableField): boolean {
  return field.mode?.toUpperCase() === 'REPEATED';
}

/** Longer lists of fields are indexed, because tables have up to 10,000 columns. */
const MOST_SEARCHED = 50;
const indexes = new WeakMap<
  readonly TableField[],
  { readonly length: number; readonly byName: Map<string, TableField> }
>();

/** The field with that name, ignoring case. A list may grow between calls, but the fields in it must stay. */
export function fieldNamed(fields: readonly TableField[], name: string): TableField | undefined {
  const wanted = name.toLowerCase();
  if (fields.length <= MOST_SEARCHED) return fields.find((field) => field.name.toLowerCase() === wanted);
  let index = indexes.get(fields);
  if (index?.length !== fields.length) {
    const byName = new Map([...fields].reverse().map((field) => [field.name.toLowerCase(), field]));
    index = { length: fields.length, byName };
    indexes.set(fields, index);
  }
  return index.byName.get(wanted);
}

/** Whether a type in a REST schema exists, under any of its names. */
export function isTypeName(name: string): boolean {
  return ['RECORD', 'STRUCT', 'RANGE'].includes(name.toUpperCase()) || scalarNamed(name) !== undefined;
}

/** The DuckDB column type of a field. */
export function storedType(field: TableField): string {
  return duckdbType(fromField(field));
}
