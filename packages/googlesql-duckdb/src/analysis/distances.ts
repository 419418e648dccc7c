import { FLOAT64, typeName } from '../types';
import { count, type Special, values } from './arguments';
import { noSignature } from './calls';
import { converted } from './expressions';
import type { Value } from './values';

/** The argument as a vector: an array of numbers, or a sparse one of pairs (dimension, number). */
function vector(value: Value, at: number): Value | undefined {
  const { type } = value;
  if (type.kind === 'ARRAY' && type.element.kind === 'STRUCT') {
    const [key, number] = type.element.fields;
    const sparse = type.element.fields.length === 2 && number?.type.kind === 'FLOAT64';
    return sparse && (key?.type.kind === 'INT64' || key?.type.kind === 'STRING') ? value : undefined;
  }
  return converted(value, { kind: 'ARRAY', element: FLOAT64 }, at);
}

/** Translates COSINE_DISTANCE and EUCLIDEAN_DISTANCE; `name` is the runtime function. */
export function distance(name: string): Special {
  return (call, scope) => {
    count(call, scope, 2);
    const given = values(call, scope);
    const vectors = given.map((value) => vector(value, call.at));
    if (vectors.includes(undefined))
      return noSignature(
        call,
        given.map((value) => typeName(value.type)),
      );
    return { sql: `${name}(${vectors.map((one) => one?.sql).join(', ')})`, type: FLOAT64 };
  };
}
