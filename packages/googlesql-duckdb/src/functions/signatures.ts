import { distance, supertype, type Value } from '../analysis/values';
import { arrayOf, duckdbType, type SqlType, scalarNamed } from '../types';
import { bound, safely } from './binding';

/**
 * Functions by name; each has signatures, the closest one is taken. A signature is `TYPES -> TYPE` and the DuckDB SQL:
 * - types are BigQuery's; `T` is any type, the same one everywhere; `PART` is a date part (`DAY`), `STEP` an interval
 *   (`INTERVAL n DAY`, which stands for two arguments of the SQL); `?` marks what may be left out, `...` what may repeat;
 * - what has a name (`year:INT64?`) may be given by it (`year => 2024`);
 * - in the SQL, `$1` is an argument, `{2|'UTC'}` one that may be left out, and its default, `$*` all of them.
 */
export type FunctionTable = Readonly<Record<string, ReadonlyArray<readonly [signature: string, sql: string]>>>;

interface Parameter {
  /** Empty when arguments cannot be given by name. */
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly repeated: boolean;
}

/** A signature, taken apart. */
export interface Signature {
  readonly parameters: readonly Parameter[];
  readonly result: string;
  readonly sql: string;
}

const parsed = new Map<string, Signature>();

/** Takes a signature apart, once. */
export function parseSignature(signature: string, sql: string): Signature {
  const key = `${signature}|${sql}`;
  let found = parsed.get(key);
  if (found === undefined) {
    const [left = '', right = ''] = signature.split('->').map((side) => side.trim());
    const parameters = left
      .split(/\s+/)
      .filter((one) => one !== '')
      .map((one) => ({
        name: /^(\w+):/.exec(one)?.[1] ?? '',
        type: one.replace(/^\w+:|\?|\.\.\.$/g, ''),
        optional: one.includes('?') || one.endsWith('...'),
        repeated: one.endsWith('...'),
      }));
    found = { parameters, result: right, sql };
    parsed.set(key, found);
  }
  return found;
}

/** The type that a word of a signature means; `T` from `bound`. */
export function typeOfWord(word: string, generic: SqlType | null): SqlType {
  const array = /^ARRAY<(.+)>$/.exec(word)?.[1];
  if (array !== undefined) return arrayOf(typeOfWord(array, generic));
  if (word === 'T') return generic ?? { kind: 'INT64' };
  return { kind: scalarNamed(word) ?? 'STRING' };
}

/** An argument as calls see it: a value, or what only some functions take. */
export type Argument =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'part'; readonly part: string; readonly value: Value | null }
  | { readonly kind: 'step'; readonly sql: string; readonly value: Value | null };

/** Arguments by parameter; undefined where one is left out. */
export type Places = ReadonlyArray<Argument | undefined>;

/** Puts arguments that are given by name in their places; null when there is no such name. */
export function inPlaces(
  signature: Signature,
  args: readonly Argument[],
  names: ReadonlyArray<string | undefined>,
): Places | null {
  const places: Array<Argument | undefined> = args.filter((_, place) => names[place] === undefined);
  for (const [at, name] of names.entries()) {
    if (name === undefined) continue;
    const place = signature.parameters.findIndex((one) => one.name === name);
    if (place < 0 || places[place] !== undefined) return null;
    places[place] = args[at];
  }
  return Array.from(places);
}

/** A signature that fits: the types that the arguments must have, and how far they are from them. */
export interface Fit {
  readonly signature: Signature;
  readonly args: Places;
  /** Wanted type of each argument; null for parts and steps. */
  readonly types: ReadonlyArray<SqlType | null>;
  readonly result: SqlType;
  /** What `T` stands for. */
  readonly generic: SqlType | null;
  readonly cost: number;
}

/** Do the arguments fit? Null when they do not. */
export function fitSignature(signature: Signature, args: Places): Fit | null {
  const parameters = args.map(
    (_, place) =>
      signature.parameters[place] ??
      (signature.parameters.at(-1)?.repeated === true ? signature.parameters.at(-1) : undefined),
  );
  if (parameters.includes(undefined)) return null;
  if (signature.parameters.some((one, place) => !one.optional && args[place] === undefined)) return null;
  const generic = bindGeneric(parameters as Parameter[], args);
  if (generic === undefined) return null;
  let cost = 0;
  const types: Array<SqlType | null> = [];
  for (const [place, argument] of args.entries()) {
    const word = parameters[place]?.type ?? '';
    if (argument === undefined) {
      types.push(null);
      continue;
    }
    if (word === 'PART' || word === 'STEP') {
      if (argument.kind !== word.toLowerCase()) return null;
      types.push(null);
      continue;
    }
    const value = argument.value;
    if (value === null) return null;
    const type = typeOfWord(word, generic);
    const far = distance(value, type);
    if (far === null) return null;
    cost += far;
    types.push(type);
  }
  return { signature, args, types, result: typeOfWord(signature.result, generic), generic, cost };
}

/** What `T` stands for; null when there is none, undefined when the arguments disagree. */
function bindGeneric(parameters: readonly Parameter[], args: Places): SqlType | null | undefined {
  const values: Value[] = [];
  for (const [place, parameter] of parameters.entries()) {
    const value = args[place]?.value;
    if (!/\bT\b/.test(parameter.type) || args[place] === undefined) continue;
    if (value === null || value === undefined) return undefined;
    if (parameter.type === 'T') values.push(value);
    else if (value.type.kind === 'ARRAY') {
      // an empty array literal takes any type
      if (value.parts?.length !== 0) values.push(...(value.parts ?? [{ sql: '', type: value.type.element }]));
    } else if (value.literal !== 'NULL') return undefined;
  }
  if (!parameters.some((parameter) => /\bT\b/.test(parameter.type))) return null;
  return supertype(values) ?? undefined;
}

/** The SQL of a signature with its arguments, which are evaluated in front of it after `@`, and in safety after `?`. */
export function apply(
  sql: string,
  args: ReadonlyArray<string | undefined>,
  generic: SqlType | null,
  safe: boolean,
): string {
  const plain = sql.replace(/^[@?]/, '');
  const given = args.filter((arg) => arg !== undefined);
  const body = (names: readonly string[]) => {
    const rest = [...names];
    return fill(
      plain,
      args.map((arg) => (arg === undefined ? undefined : rest.shift())),
      generic,
    );
  };
  if (safe || sql.startsWith('?')) return safely(given, body);
  return sql.startsWith('@') ? bound(given, body) : fill(plain, args, generic);
}

/** `$T` is the generic type, `$nulls` whether an argument is NULL. */
function fill(sql: string, args: ReadonlyArray<string | undefined>, generic: SqlType | null): string {
  return sql.replace(
    /\{(\d)\|([^}]*)\}|\$(\d|\*|T|nulls)/g,
    (_all, optional: string | undefined, fallback: string, place: string) => {
      if (optional !== undefined) return args[Number(optional) - 1] ?? fallback;
      if (place === 'T') return duckdbType(generic ?? { kind: 'INT64' });
      if (place === 'nulls') return `(${args.map((arg) => `${arg} IS NULL`).join(' OR ')})`;
      return place === '*' ? args.join(', ') : (args[Number(place) - 1] ?? 'NULL');
    },
  );
}
