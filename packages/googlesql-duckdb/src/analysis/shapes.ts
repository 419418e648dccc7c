import type { SqlType } from '../types';

/** A type as JSON data for the runtime functions, with the fields of a struct as entries to keep their order. */
export type Shape = string | { readonly array: Shape } | { readonly fields: ReadonlyArray<readonly [string, Shape]> };

function shape(type: SqlType): Shape {
  if (type.kind === 'ARRAY') return { array: shape(type.element) };
  if (type.kind === 'STRUCT') return { fields: type.fields.map((field) => [field.name, shape(field.type)] as const) };
  return type.kind;
}

/** The shape of a type as JSON text. */
export function shapeOf(type: SqlType): string {
  return JSON.stringify(shape(type));
}
