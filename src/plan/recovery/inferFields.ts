import { isList, isObject, type JsonObject, type JsonValue } from '../../json';
import { type Field, fieldNamed } from '../schema';

/** The inferred type of a column. */
interface Guess {
  readonly name: string;
  /** Undefined if only nulls were seen. */
  readonly type: string | undefined;
  readonly repeated: boolean;
  readonly fields: readonly Guess[];
}

/**
 * Infers columns from JSON rows:
 * - A number is INTEGER if all its values are integers that fit in 64 bits, else FLOAT.
 * - An object is a RECORD with the fields of all its values; a list is REPEATED with the type of its items.
 * - Values of different types make STRING, and so do only nulls.
 * - Empty lists, empty objects and lists of lists make no column: they have no type in BigQuery.
 *
 * @example new FieldInference().add({ price: 1.5 }).fields('')[0]?.type // 'FLOAT'
 */
export class FieldInference {
  private guesses: readonly Guess[] = [];

  /** Adds the columns of one row. */
  add(row: JsonObject): this {
    this.guesses = union(this.guesses, guessesOf(row));
    return this;
  }

  /**
   * The inferred columns, all NULLABLE or REPEATED.
   *
   * @param description description of each column; empty for none.
   */
  fields(description: string): readonly Field[] {
    return this.guesses.flatMap((guess) => fieldOf(guess, description));
  }
}

/**
 * The columns of `inferred` that `existing` lacks, at any level. A record with new fields contains only these.
 *
 * @example missingFields(inferred, existing).map(({ name }) => name) // ['billable']
 */
export function missingFields(inferred: readonly Field[], existing: readonly Field[]): readonly Field[] {
  return inferred.flatMap((field) => {
    const twin = fieldNamed(existing, field.name);
    if (!twin) return [field];
    if (!field.fields || !twin.fields) return [];
    const fields = missingFields(field.fields, twin.fields);
    return fields.length > 0 ? [{ ...field, fields }] : [];
  });
}

/** Whether there is a column at a dotted path. */
export function hasPath(fields: readonly Field[], path: string): boolean {
  const [name = '', ...rest] = path.split('.');
  const field = fieldNamed(fields, name);
  if (!field) return false;
  return rest.length === 0 || hasPath(field.fields ?? [], rest.join('.'));
}

function guessesOf(row: JsonObject): readonly Guess[] {
  return Object.entries(row).flatMap(([name, value]) => guessOf(name, value));
}

function guessOf(name: string, value: JsonValue): readonly Guess[] {
  if (isList(value)) {
    if (value.some(isList)) return [];
    const [first, ...others] = value.flatMap((item) => guessOf(name, item));
    return first ? [{ ...others.reduce(merged, first), repeated: true }] : [];
  }
  if (isObject(value)) {
    const fields = guessesOf(value);
    return fields.length > 0 ? [{ name, type: 'RECORD', repeated: false, fields }] : [];
  }
  return [{ name, type: scalarType(value), repeated: false, fields: [] }];
}

function scalarType(value: JsonValue): string | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'BOOLEAN';
    case 'number':
      return Number.isSafeInteger(value) || (Number.isInteger(value) && Math.abs(value) < 2 ** 63)
        ? 'INTEGER'
        : 'FLOAT';
    case 'string':
      return 'STRING';
    default:
      return undefined;
  }
}

function union(one: readonly Guess[], other: readonly Guess[]): readonly Guess[] {
  const byName = new Map(one.map((guess) => [guess.name.toLowerCase(), guess]));
  for (const guess of other) {
    const earlier = byName.get(guess.name.toLowerCase());
    byName.set(guess.name.toLowerCase(), earlier ? merged(earlier, guess) : guess);
  }
  return [...byName.values()];
}

function merged(one: Guess, other: Guess): Guess {
  const type = mergedType(one.type, other.type);
  return {
    name: one.name,
    type,
    repeated: one.repeated || other.repeated,
    fields: type === 'RECORD' ? union(one.fields, other.fields) : [],
  };
}

function mergedType(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined || one === other) return one ?? other;
  const numbers = ['INTEGER', 'FLOAT'];
  return numbers.includes(one) && numbers.includes(other) ? 'FLOAT' : 'STRING';
}

function fieldOf(guess: Guess, description: string): readonly Field[] {
  const type = guess.type ?? 'STRING';
  const mode = guess.repeated ? 'REPEATED' : 'NULLABLE';
  const fields = guess.fields.flatMap((field) => fieldOf(field, description));
  if (type === 'RECORD' && fields.length === 0) return [];
  const source: JsonObject = { name: guess.name, type, mode, ...(description && { description }) };
  return [{ name: guess.name, type, mode, fields: type === 'RECORD' ? fields : undefined, source }];
}
