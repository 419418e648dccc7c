import { z } from 'zod';
import { isList, isObject, type JsonObject, type JsonPath, type JsonValue } from '../json';

/** An unknown or repeated key. */
export interface FitRemark {
  readonly code: 'KeyUnknown' | 'KeyRepeated';
  /** In the spelling of the schema. */
  readonly path: JsonPath;
  /** Keys of the schema at this place. */
  readonly knownKeys: readonly string[];
}

/** Data in the spelling of a schema. */
export interface Fitted {
  readonly value: unknown;
  readonly remarks: readonly FitRemark[];
  /** Translates a path from the spelling of the schema to that of the file. */
  ownPath(path: JsonPath): JsonPath;
}

/** How values are converted. */
export interface FitOptions {
  /**
   * Converts values as the YAML 1.1 reader of viant/bqtail does: `'1'` for a number, `'yes'` for a flag, a number for a text, one
   * value for a list. Otherwise, values keep their JSON types.
   */
  readonly lenient?: boolean;
  /** Values to keep as they are, whatever the schema says, such as a variable that a later step expands. */
  readonly keep?: (value: JsonValue) => boolean;
}

/**
 * Brings data into the spelling of a schema: keys match in any case at every level, null counts as absent, and unknown keys
 * are left out with a remark. Values of a wrong type stay, so that zod reports them.
 *
 * @example fitToSchema(z.object({ Dest: z.string() }), { DEST: 'a', Typo: 1 }).value // { Dest: 'a' }
 */
export function fitToSchema(schema: z.ZodType, data: JsonValue, { lenient = false, keep }: FitOptions = {}): Fitted {
  const spelling = new WeakMap<object, ReadonlyMap<string, string>>();
  const remarks: FitRemark[] = [];

  const conform = (type: z.ZodType, value: JsonValue, path: JsonPath): unknown => {
    if (keep?.(value)) return value;
    const inner = unwrapped(type);
    if (inner instanceof z.ZodObject) return isObject(value) ? fitObject(inner, value, path) : value;
    if (inner instanceof z.ZodRecord) return isObject(value) ? fitRecord(inner, value, path) : value;
    if (inner instanceof z.ZodArray) return fitList(inner, value, path);
    return lenient ? fitScalar(inner, value) : value;
  };

  const fitObject = (type: z.ZodObject, value: JsonObject, path: JsonPath): object => {
    const knownKeys = Object.keys(type.shape);
    const byLowerCase = new Map(knownKeys.map((key) => [key.toLowerCase(), key]));
    const own = new Map<string, string>();
    const fitted = new Map<string, unknown>();
    for (const [key, item] of Object.entries(value)) {
      const canonical = byLowerCase.get(key.toLowerCase());
      const field: unknown = canonical === undefined ? undefined : type.shape[canonical];
      if (canonical === undefined || !(field instanceof z.ZodType)) {
        remarks.push({ code: 'KeyUnknown', path: [...path, key], knownKeys });
        continue;
      }
      if (own.has(canonical)) remarks.push({ code: 'KeyRepeated', path: [...path, canonical], knownKeys });
      own.set(canonical, key);
      if (item === null) fitted.delete(canonical);
      else fitted.set(canonical, conform(field, item, [...path, canonical]));
    }
    const result = Object.fromEntries(fitted);
    spelling.set(result, own);
    return result;
  };

  const fitRecord = (type: z.ZodRecord, value: JsonObject, path: JsonPath): object => {
    const item = type.valueType;
    const entries = Object.entries(value).filter(([, entry]) => entry !== null);
    if (!(item instanceof z.ZodType)) return Object.fromEntries(entries);
    return Object.fromEntries(entries.map(([key, entry]) => [key, conform(item, entry, [...path, key])]));
  };

  const fitList = (type: z.ZodArray, value: JsonValue, path: JsonPath): unknown => {
    const { element } = type;
    if (!(element instanceof z.ZodType)) return value;
    if (isList(value)) {
      // A variable in a list of texts may have become a list itself: `[$LoadURIs, gs://b/x]`.
      const items = lenient && element instanceof z.ZodString ? value.flat() : value;
      return items.map((item, index) => conform(element, item, [...path, index]));
    }
    return lenient && typeof value !== 'object' ? [conform(element, value, [...path, 0])] : value;
  };

  const value = conform(schema, data, []);
  return { value, remarks, ownPath: (path) => ownPath(value, path, spelling) };
}

/** The type of a field without `optional` and defaults. */
export function unwrapped(type: z.core.$ZodType): z.core.$ZodType {
  if (!(type instanceof z.ZodOptional || type instanceof z.ZodDefault || type instanceof z.ZodPrefault)) return type;
  const inner = type.unwrap();
  return inner instanceof z.ZodType ? unwrapped(inner) : type;
}

const TRUE = /^(?:true|yes|on|y|1)$/i;
const FALSE = /^(?:false|no|off|n|0)$/i;
const NUMBER = /^\s*[+-]?\d+(?:\.\d+)?\s*$/;

function fitScalar(type: z.core.$ZodType, value: JsonValue): unknown {
  if (typeof value === 'object') return value;
  const text = String(value);
  if (type instanceof z.ZodString || type instanceof z.ZodEnum) return text;
  if (type instanceof z.ZodBoolean) return TRUE.test(text) ? true : FALSE.test(text) ? false : value;
  if (type instanceof z.ZodNumber) return NUMBER.test(text) ? Number(text) : value;
  return value;
}

function ownPath(root: unknown, path: JsonPath, spelling: WeakMap<object, ReadonlyMap<string, string>>): JsonPath {
  let node: unknown = root;
  const own: (string | number)[] = [];
  for (const step of path) {
    if (typeof node !== 'object' || node === null) {
      own.push(step);
      continue;
    }
    own.push(spelling.get(node)?.get(String(step)) ?? step);
    node = Object.getOwnPropertyDescriptor(node, step)?.value;
  }
  return own;
}

/** The value at a path; undefined when nothing is there. */
export function valueAt(data: unknown, path: JsonPath): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}
