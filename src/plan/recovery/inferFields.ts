import { isObject, type JsonObject, type JsonValue } from '../../json';
import { type Field, fieldNamed } from '../schema';

/** A type as far as values have shown it; `undefined` as long as none has. */
interface Guess {
  readonly name: string;
  readonly type: string | undefined;
  readonly repeated: boolean;
  readonly fields: readonly Guess[];
}

/**
 * Columns that JSON rows have (spec 2, section 5.4, with section 7, no. 22): a number is FLOAT unless all values seen are
 * whole and fit into 64 bits, an object is a RECORD with the fields of all its values, a list is REPEATED of what its items
 * are. A column of which only nulls were seen is STRING; lists and objects that were always empty tell nothing, and are
 * left out, as are lists of lists, which BigQuery has no type for. Values of different kinds make STRING.
 *
 * @example new FieldInference().add({ price: 1.5 }).fields('')[0]?.type // 'FLOAT'
 */
export class FieldInference {
  private guesses: readonly Guess[] = [];

  /** Takes one row into account. */
  add(row: JsonObject): this {
    this.guesses = union(this.guesses, guessesOf(row));
    return this;
  }

  /** The columns seen, all NULLABLE or REPEATED. @param description put on each; empty: none. */
  fields(description: string): readonly Field[] {
    return this.guesses.flatMap((guess) => fieldOf(guess, description));
  }
}

/**
 * The columns of `found` that `known` lacks, at any level; a record that has new fields comes with these only.
 *
 * @example missingFields(found, known).map(({ name }) => name) // ['billable']
 */
export function missingFields(found: readonly Field[], known: readonly Field[]): readonly Field[] {
  return found.flatMap((field) => {
    const twin = fieldNamed(known, field.name);
    if (!twin) return [field];
    if (!field.fields || !twin.fields) return [];
    const fields = missingFields(field.fields, twin.fields);
    return fields.length > 0 ? [{ ...field, fields }] : [];
  });
}

/** Whether a column of that dotted path is among the fields. */
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
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value;
    if (items.some((item) => Array.isArray(item))) return [];
    const [first, ...others] = items.flatMap((item) => guessOf(name, item));
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
    const known = byName.get(guess.name.toLowerCase());
    byName.set(guess.name.toLowerCase(), known ? merged(known, guess) : guess);
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
  return [{ name: guess.name, type, mode, ...(type === 'RECORD' ? { fields } : {}), source }];
}
