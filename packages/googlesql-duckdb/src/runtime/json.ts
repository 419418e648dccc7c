import { type DuckDBListValue, type DuckDBValue, listValue } from '@duckdb/node-api';
import { define, fail, type RuntimeFunction } from './define';
import { parseFloat64, parseInt64 } from './floats';
import { parseJson } from './jsonParser';
import { laxPath, parsePath, type Step, walk } from './jsonPath';
import { canonical, canonicalNumber, exact, type Json, JsonNumber, writeJson } from './jsonText';

function scalarText(value: Json | undefined): string | null {
  if (value === undefined || value === null || Array.isArray(value) || value instanceof Map) return null;
  return value instanceof JsonNumber ? value.text : String(value);
}

function at(text: string, path: string, standard: boolean): Json | undefined {
  const steps = parsePath(path, standard);
  const parsed = parseJson(text);
  return parsed === undefined ? undefined : walk(parsed.value, steps);
}

function document(text: string): Json {
  return parseJson(text)?.value ?? null;
}

const strict = (name: string, kind: string, test: (value: Json) => DuckDBValue | undefined) =>
  define(`bq_json_${name}(STRING) -> ${kind}`, (text: string) => {
    const value = document(text);
    if (kind === 'INT64' && value instanceof JsonNumber && test(value) === undefined)
      return fail(`The provided JSON number: ${value.text} cannot be converted to an integer`);
    const result = value === null ? undefined : test(value);
    return result === undefined ? fail(`The provided JSON input is not ${kindName(kind)}`) : result;
  });

function kindName(kind: string): string {
  return (
    { INT64: 'an integer', FLOAT64: 'a number', BOOL: 'a boolean', STRING: 'a string' }[kind] ??
    'an array of the right type'
  );
}

const asInt = (value: Json) => {
  if (!(value instanceof JsonNumber)) return undefined;
  const number = Number(value.text);
  return /^-?\d+$/.test(value.text)
    ? parseInt64(value.text)
    : Number.isInteger(number) && Math.abs(number) < 2 ** 63
      ? BigInt(number)
      : undefined;
};
const asFloat = (value: Json) => (value instanceof JsonNumber ? Number(value.text) : undefined);
const asBool = (value: Json) => (typeof value === 'boolean' ? value : undefined);
const asString = (value: Json) => (typeof value === 'string' ? value : undefined);

function laxInt(value: Json): bigint | null {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  const number =
    typeof value === 'string' ? parseFloat64(value) : value instanceof JsonNumber ? Number(value.text) : undefined;
  const whole = parseInt64(typeof value === 'string' ? value : value instanceof JsonNumber ? value.text : 'x');
  if (whole !== undefined || number === undefined || !Number.isFinite(number)) return whole ?? null;
  const rounded = Math.sign(number) * Math.round(Math.abs(number));
  return Math.abs(rounded) < 2 ** 63 ? BigInt(rounded) : null;
}

function laxFloat(value: Json): number | null {
  if (typeof value === 'string') return parseFloat64(value) ?? null;
  return value instanceof JsonNumber ? Number(value.text) : null;
}

function laxBool(value: Json): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return /^true$/i.test(value) ? true : /^false$/i.test(value) ? false : null;
  return value instanceof JsonNumber ? Number(value.text) !== 0 : null;
}

function laxString(value: Json): string | null {
  return value instanceof JsonNumber ? canonicalNumber(value.text).replace(/\.0$/, '') : scalarText(value);
}

/** The LAX_ functions of one type: for a value, and for the items of an array. */
function lax(name: string, kind: string, convert: (value: Json) => DuckDBValue): RuntimeFunction[] {
  return [
    define(`bq_lax_${name}(STRING) -> ${kind}`, (text: string) => convert(document(text))),
    define(`bq_lax_${name}_array(STRING) -> ${kind}[]`, (text: string) => {
      const value = document(text);
      return Array.isArray(value) ? listValue(value.map(convert)) : null;
    }),
  ];
}

function items<T extends DuckDBValue>(convert: (value: Json) => T | undefined) {
  return (value: Json): DuckDBListValue | undefined => {
    if (!Array.isArray(value)) return undefined;
    const converted = value.map(convert);
    return converted.includes(undefined) ? undefined : listValue(converted as DuckDBValue[]);
  };
}

/** Removes the value at a path. */
function removed(value: Json, steps: readonly Step[]): Json {
  const [first, ...rest] = steps;
  if (first === undefined) return value;
  if (Array.isArray(value) && typeof first === 'number') {
    if (rest.length === 0) return value.filter((_, place) => place !== first);
    return value.map((item, place) => (place === first ? removed(item, rest) : item));
  }
  if (value instanceof Map && typeof first === 'string') {
    const copy = new Map(value);
    const member = copy.get(first);
    if (rest.length === 0) copy.delete(first);
    else if (member !== undefined) copy.set(first, removed(member, rest));
    return copy;
  }
  return value;
}

/** Sets the value at a path. With `create`, missing members and items are created. */
export function replaced(value: Json, steps: readonly Step[], made: Json, create: boolean): Json {
  const [first, ...rest] = steps;
  if (first === undefined) return made;
  if (typeof first === 'number') {
    if (value !== null && !Array.isArray(value)) return value;
    const copy = [...(value ?? [])];
    if (first >= copy.length && !create) return value;
    while (copy.length < first) copy.push(null);
    copy[first] = replaced(copy[first] ?? null, rest, made, create);
    return copy;
  }
  if (value !== null && !(value instanceof Map)) return value;
  if (!create && (value === null || !value.has(first))) return value;
  return new Map(value ?? []).set(first, replaced(value?.get(first) ?? null, rest, made, create));
}

function inserted(value: Json, steps: readonly Step[], made: Json, each: boolean): Json {
  const place = steps.at(-1);
  const parent = steps.slice(0, -1);
  const list = walk(value, parent);
  if (typeof place !== 'number' || (list !== null && list !== undefined && !Array.isArray(list)) || list === undefined)
    return value;
  const copy = [...(list ?? [])];
  while (copy.length < place) copy.push(null);
  copy.splice(place, 0, ...(each && Array.isArray(made) ? made : [made]));
  return replaced(value, parent, copy, true);
}

function appended(value: Json, steps: readonly Step[], made: Json, each: boolean): Json {
  const list = walk(value, steps);
  if (list === undefined || (list !== null && !Array.isArray(list))) return value;
  return replaced(value, steps, [...(list ?? []), ...(each && Array.isArray(made) ? made : [made])], true);
}

type Change = (value: Json, steps: readonly Step[], made: Json, flag: boolean) => Json;

function change(name: string, apply: Change): RuntimeFunction {
  return define(
    `bq_${name}(STRING, BOOL, STRING[]) -> STRING`,
    (text: string, flag: boolean, list: DuckDBListValue) => {
      let value = document(text);
      for (let place = 0; place < list.items.length; place += 2) {
        const [path, made] = [list.items[place], list.items[place + 1]];
        if (typeof path !== 'string') return text;
        value = apply(value, parsePath(path, true), document(String(made)), flag);
      }
      return writeJson(canonical(value));
    },
  );
}

function contains(value: Json, wanted: Json): boolean {
  if (writeJson(value) === writeJson(wanted)) return true;
  if (Array.isArray(value)) return value.some((item) => contains(item, wanted));
  return value instanceof Map && [...value.values()].some((item) => contains(item, wanted));
}

/** An object from keys and JSON texts of values. Of equal keys, the first is used. */
function objectOf(items: readonly DuckDBValue[]): Json {
  const members = new Map<string, Json>();
  for (let place = 0; place < items.length; place += 2) {
    const key = items[place];
    if (typeof key !== 'string') return fail('The key of JSON_OBJECT must not be NULL');
    if (!members.has(key)) members.set(key, document(String(items[place + 1])));
  }
  return canonical(members);
}

/** Functions of JSON. */
export const JSON_RUNTIME: readonly RuntimeFunction[] = [
  define('bq_parse_json(STRING, STRING) -> STRING', (text: string, mode: string) => {
    if (mode !== 'exact' && mode !== 'round') fail(`Invalid wide_number_mode: ${mode}; must be 'exact' or 'round'`);
    const parsed =
      parseJson(text) ?? fail(`syntax error while parsing value - invalid literal; last read: '${text.slice(0, 20)}'`);
    return writeJson(canonical(mode === 'exact' ? exact(parsed.value) : parsed.value));
  }),
  define('bq_json_value(STRING, STRING, BOOL) -> STRING', (text: string, path: string, standard: boolean) =>
    scalarText(at(text, path, standard)),
  ),
  define(
    'bq_json_query(STRING, STRING, BOOL, BOOL) -> STRING',
    (text: string, path: string, standard: boolean, json: boolean) => {
      const lax = json ? laxPath(path) : undefined;
      if (lax !== undefined) return writeJson(lax(document(text)));
      const result = at(text, path, standard);
      return result === undefined || (result === null && !json) ? null : writeJson(result);
    },
  ),
  define('bq_json_value_array(STRING, STRING, BOOL) -> STRING[]', (text: string, path: string, standard: boolean) => {
    const result = at(text, path, standard);
    if (!Array.isArray(result) || result.some((item) => Array.isArray(item) || item instanceof Map)) return null;
    return listValue(result.map(scalarText));
  }),
  define('bq_json_query_array(STRING, STRING, BOOL) -> STRING[]', (text: string, path: string, standard: boolean) => {
    const result = at(text, path, standard);
    return Array.isArray(result) ? listValue(result.map((item) => writeJson(item))) : null;
  }),
  define('bq_json_type(STRING) -> STRING', (text: string) => {
    const value = document(text);
    if (value === null) return 'null';
    if (value instanceof JsonNumber) return 'number';
    return Array.isArray(value) ? 'array' : value instanceof Map ? 'object' : typeof value;
  }),
  define('bq_json_member(STRING, STRING) -> STRING', (text: string, name: string) => {
    const value = document(text);
    const member = value instanceof Map ? value.get(name) : undefined;
    return member === undefined ? null : writeJson(member);
  }),
  define('bq_json_item(STRING, INT64) -> STRING', (text: string, place: bigint) => {
    const value = document(text);
    const item = Array.isArray(value) ? value[Number(place)] : undefined;
    return item === undefined ? null : writeJson(item);
  }),
  define('bq_json_remove(STRING, STRING, ...) -> STRING', (text: string, ...paths: string[]) =>
    writeJson(
      paths.reduce((value, path) => {
        const steps = parsePath(path, true);
        return steps.length === 0 ? fail("The JSONPath cannot be '$'") : removed(value, steps);
      }, document(text)),
    ),
  ),
  define('bq_json_contains(STRING, STRING) -> BOOL', (text: string, wanted: string) =>
    contains(document(text), document(wanted)),
  ),
  define(
    'bq_json_object_of(STRING[], STRING[]) -> STRING',
    ({ items: keys }: DuckDBListValue, { items: made }: DuckDBListValue) => {
      if (keys.length !== made.length) fail('The number of keys and values must match');
      return writeJson(objectOf(keys.flatMap((key, place) => [key, made[place] ?? 'null'])));
    },
  ),
  define('bq_json_object(STRING[]) -> STRING', (list: DuckDBListValue) => writeJson(objectOf(list.items))),
  change('json_set', (value, steps, made, create) => replaced(value, steps, made, create)),
  change('json_array_append', appended),
  change('json_array_insert', inserted),
  strict('int', 'INT64', asInt),
  strict('bool', 'BOOL', asBool),
  strict('string', 'STRING', asString),
  strict('int_array', 'INT64[]', items(asInt)),
  strict('float_array', 'FLOAT64[]', items(asFloat)),
  strict('bool_array', 'BOOL[]', items(asBool)),
  strict('string_array', 'STRING[]', items(asString)),
  ...lax('int', 'INT64', laxInt),
  ...lax('float', 'FLOAT64', laxFloat),
  ...lax('bool', 'BOOL', laxBool),
  ...lax('string', 'STRING', laxString),
  define('bq_json_float_by(STRING, STRING) -> FLOAT64', (text: string, mode: string) => {
    const value = document(text);
    if (mode !== 'exact' && mode !== 'round') fail(`Invalid wide_number_mode: ${mode}; must be 'exact' or 'round'`);
    const number = asFloat(value) ?? fail('The provided JSON input is not a number');
    if (
      mode === 'exact' &&
      /^-?\d+$/.test((value as JsonNumber).text) &&
      BigInt((value as JsonNumber).text) !== BigInt(number)
    )
      fail(
        `The provided JSON number: ${(value as JsonNumber).text} cannot be converted to double without loss of precision`,
      );
    return number;
  }),
];
