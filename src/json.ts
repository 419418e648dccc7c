/** JSON data as types and the few questions that all of the code asks of it. Workflow code may import this module. */

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Keys and indexes that lead to a value within JSON data, e.g. `['Dest', 'SideInputs', 0]`. */
export type JsonPath = readonly (string | number)[];

/** Whether JSON data is an object: no list and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether JSON data is a list. `Array.isArray` does not narrow read-only lists. */
export function isList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The data of a JSON text; undefined when the text is not JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A JSON object of these fields without those that are undefined. */
export function definedFields(fields: { readonly [key: string]: JsonValue | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, JsonValue] => field[1] !== undefined),
  );
}

/** Removes the undefined fields of an object, so that it equals its copy that went through JSON. */
export function present<T extends object>(value: T): T {
  for (const key of Object.keys(value)) if (Reflect.get(value, key) === undefined) Reflect.deleteProperty(value, key);
  return value;
}

/** A copy of data without the value at a path. In a list, `filler` takes the value's place, so that indexes stay. */
export function without(data: unknown, path: JsonPath, filler: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return {};
  if (Array.isArray(data))
    return data.map((item: unknown, at) =>
      at !== step ? item : rest.length > 0 ? without(item, rest, filler) : filler,
    );
  if (typeof data !== 'object' || data === null) return data;
  const kept = Object.entries(data).filter(([key]) => rest.length > 0 || key !== String(step));
  return Object.fromEntries(
    kept.map(([key, value]): [string, unknown] => [key, key === String(step) ? without(value, rest, filler) : value]),
  );
}

const MAX_DEPTH = 64;

/** Thrown for data that is nested too deeply, or contains itself (a YAML alias can do that). */
export class TooDeep extends Error {}

/**
 * A parser's result as plain JSON data: objects with text keys, no cycles. NaN, infinities and big integers become text.
 *
 * @throws TooDeep
 */
export function plainData(value: unknown, depth = 0): JsonValue {
  if (depth > MAX_DEPTH) throw new TooDeep();
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map((item) => plainData(item, depth + 1));
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainData(item, depth + 1)]));
  return String(value);
}
