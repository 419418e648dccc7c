import { distance, supertype, type Value } from '../analysis/values';
import { arrayOf, duckdbType, type SqlType, scalarNamed } from '../types';
import { bound, safely } from './binding';

/**
 * Functions by name. A call uses the signature that needs the fewest conversions. A signature is `TYPES -> TYPE` and the
 * DuckDB SQL:
 * - types are GoogleSQL's; `T` is any type, the same one everywhere; `PART` is a date part (`DAY`), `STEP` an interval
 *   (`INTERVAL n DAY`, two arguments in the SQL); `?` marks an optional argument, `...` a repeated one;
 * - an argument with a name (`year:INT64?`) may be passed by name (`year => 2024`);
 * - in the SQL, `$1` is an argument, `{2|'UTC'}` an optional argument with its default, `$*` all arguments.
 */
export type FunctionTable = Readonly<Record<string, ReadonlyArray<readonly [signature: string, sql: string]>>>;

interface Parameter {
  /** Empty if the argument cannot be passed by name. */
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly repeated: boolean;
}

/** A parsed signature. */
export interface Signature {
  readonly parameters: readonly Parameter[];
  readonly result: string;
  readonly sql: string;
}

const cache = new Map<string, Signature>();

/** Parses a signature; results are cached. */
export function parseSignature(signature: string, sql: string): Signature {
  const key = `${signature}|${sql}`;
  let parsed = cache.get(key);
  if (parsed === undefined) {
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
    parsed = { parameters, result: right, sql };
    cache.set(key, parsed);
  }
  return parsed;
}

/** The type of a signature's word. `generic` is the type of `T`. */
export function typeOfWord(word: string, generic: SqlType | undefined): SqlType {
  const array = /^ARRAY<(.+)>$/.exec(word)?.[1];
  if (array !== undefined) return arrayOf(typeOfWord(array, generic));
  if (word === 'T') return generic ?? { kind: 'INT64' };
  return { kind: scalarNamed(word) ?? 'STRING' };
}

/** An argument of a call: a value, a date part or an interval. */
export type Argument =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'part'; readonly part: string; readonly value: Value | undefined }
  | { readonly kind: 'step'; readonly sql: string; readonly value: Value | undefined };

/** Arguments by parameter; undefined for an omitted one. */
export type Places = ReadonlyArray<Argument | undefined>;

/** Orders arguments by parameter, named ones too; undefined if a name is unknown or repeated. */
export function inPlaces(
  signature: Signature,
  args: readonly Argument[],
  names: ReadonlyArray<string | undefined>,
): Places | undefined {
  const places: Array<Argument | undefined> = args.filter((_, place) => names[place] === undefined);
  for (const [at, name] of names.entries()) {
    if (name === undefined) continue;
    const place = signature.parameters.findIndex((one) => one.name === name);
    if (place < 0 || places[place] !== undefined) return undefined;
    places[place] = args[at];
  }
  return Array.from(places);
}

/** A matching signature: the parameter types and the cost of the conversions. */
export interface Fit {
  readonly signature: Signature;
  readonly args: Places;
  /** Parameter type of each argument; undefined for parts and steps. */
  readonly types: ReadonlyArray<SqlType | undefined>;
  readonly result: SqlType;
  /** The type of `T`; undefined for a signature without it. */
  readonly generic?: SqlType;
  readonly cost: number;
}

/** Matches the arguments with a signature; undefined if they do not match. */
export function fitSignature(signature: Signature, args: Places): Fit | undefined {
  const parameters = args.map(
    (_, place) =>
      signature.parameters[place] ??
      (signature.parameters.at(-1)?.repeated === true ? signature.parameters.at(-1) : undefined),
  );
  if (parameters.includes(undefined)) return undefined;
  if (signature.parameters.some((one, place) => !one.optional && args[place] === undefined)) return undefined;
  const isGeneric = parameters.some((parameter) => namesGeneric(parameter));
  const generic = isGeneric ? bindGeneric(parameters as Parameter[], args) : undefined;
  if (isGeneric && generic === undefined) return undefined;
  let cost = 0;
  const types: Array<SqlType | undefined> = [];
  for (const [place, argument] of args.entries()) {
    const word = parameters[place]?.type ?? '';
    if (argument === undefined) {
      types.push(undefined);
      continue;
    }
    if (word === 'PART' || word === 'STEP') {
      if (argument.kind !== word.toLowerCase()) return undefined;
      types.push(undefined);
      continue;
    }
    const value = argument.value;
    if (value === undefined) return undefined;
    const type = typeOfWord(word, generic);
    const conversion = distance(value, type);
    if (conversion === undefined) return undefined;
    cost += conversion;
    types.push(type);
  }
  return { signature, args, types, result: typeOfWord(signature.result, generic), generic, cost };
}

function namesGeneric(parameter: Parameter | undefined): boolean {
  return parameter !== undefined && /\bT\b/.test(parameter.type);
}

/** The type of `T`; undefined if the arguments disagree. */
function bindGeneric(parameters: readonly Parameter[], args: Places): SqlType | undefined {
  const values: Value[] = [];
  for (const [place, parameter] of parameters.entries()) {
    const value = args[place]?.value;
    if (!namesGeneric(parameter) || args[place] === undefined) continue;
    if (value === undefined) return undefined;
    if (parameter.type === 'T') values.push(value);
    else if (value.type.kind === 'ARRAY') {
      // An empty array literal converts to any array type.
      if (value.parts?.length !== 0) values.push(...(value.parts ?? [{ sql: '', type: value.type.element }]));
    } else if (value.literal !== 'NULL') return undefined;
  }
  return supertype(values);
}

/**
 * The SQL of a signature with its arguments. `@` before the SQL binds the arguments (evaluated once); `?` also returns
 * NULL on errors.
 */
export function apply(
  sql: string,
  args: ReadonlyArray<string | undefined>,
  generic: SqlType | undefined,
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

/** Fills in the SQL. `$T` is the DuckDB type of `T`, `$nulls` the condition that an argument is NULL. */
function fill(sql: string, args: ReadonlyArray<string | undefined>, generic: SqlType | undefined): string {
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
