import { z } from 'zod';
import { isList } from '../json';
import type { OwnPath } from './sourceText';
import type { JsonValue } from './types';
import { hasVariable } from './variables';

/** A remark made while fitting; paths are in canonical spelling. */
export interface FitRemark {
  readonly code: 'KeyUnknown' | 'KeyRepeated';
  readonly path: OwnPath;
  /** Keys that the schema knows at this place. */
  readonly known: readonly string[];
}

/** Data with the schema's spelling of the keys, and the way back to the file's own. */
export interface Fitted {
  readonly value: unknown;
  readonly remarks: readonly FitRemark[];
  /** A canonical path in the file's own spelling. */
  ownPath(path: OwnPath): OwnPath;
}

/**
 * How types are taken: `strict` as in JSON, `lenient` as in YAML, `request` as in the request of an action, which is lenient
 * and may hold a variable in place of any value.
 */
export type Types = 'strict' | 'lenient' | 'request';

/**
 * Brings data into the spelling of a schema: keys match in any case at every level, nulls are dropped as absent, unknown
 * keys are kept aside as remarks. Taken leniently, types give way as in the original: `'1'` for a
 * number, `'true'` for a flag, a scalar for a list (spec 1, section 1.5). Types that do not fit are left for zod to refuse.
 */
export function fitToSchema(schema: z.ZodType, data: JsonValue, types: Types): Fitted {
  const lenient = types !== 'strict';
  const spelling = new WeakMap<object, ReadonlyMap<string, string>>();
  const remarks: FitRemark[] = [];

  const conform = (type: z.ZodType, value: JsonValue, path: OwnPath): unknown => {
    if (types === 'request' && isVariable(value)) return value;
    const inner = unwrap(type);
    if (inner instanceof z.ZodObject) return isMapping(value) ? fitObject(inner, value, path) : value;
    if (inner instanceof z.ZodRecord) return isMapping(value) ? fitRecord(inner, value, path) : value;
    if (inner instanceof z.ZodArray) return fitList(inner, value, path);
    return lenient ? fitScalar(inner, value) : value;
  };

  const fitObject = (type: z.ZodObject, value: Mapping, path: OwnPath): object => {
    const known = Object.keys(type.shape);
    const byLowerCase = new Map(known.map((key) => [key.toLowerCase(), key]));
    const own = new Map<string, string>();
    const fitted = new Map<string, unknown>();
    for (const [key, item] of Object.entries(value)) {
      const canonical = byLowerCase.get(key.toLowerCase());
      const field: unknown = canonical === undefined ? undefined : type.shape[canonical];
      if (canonical === undefined || !(field instanceof z.ZodType)) {
        remarks.push({ code: 'KeyUnknown', path: [...path, key], known });
        continue;
      }
      if (own.has(canonical)) remarks.push({ code: 'KeyRepeated', path: [...path, canonical], known });
      own.set(canonical, key);
      if (item === null) fitted.delete(canonical);
      else fitted.set(canonical, conform(field, item, [...path, canonical]));
    }
    const result = Object.fromEntries(fitted);
    spelling.set(result, own);
    return result;
  };

  const fitRecord = (type: z.ZodRecord, value: Mapping, path: OwnPath): object => {
    const item = type.valueType;
    const entries = Object.entries(value).filter(([, entry]) => entry !== null);
    if (!(item instanceof z.ZodType)) return Object.fromEntries(entries);
    return Object.fromEntries(entries.map(([key, entry]) => [key, conform(item, entry, [...path, key])]));
  };

  const fitList = (type: z.ZodArray, value: JsonValue, path: OwnPath): unknown => {
    const { element } = type;
    if (!(element instanceof z.ZodType)) return value;
    if (isList(value)) {
      // `[$LoadURIs, gs://b/x]` is one list once its variable has become one.
      const items = lenient && element instanceof z.ZodString ? value.flat() : value;
      return items.map((item, index) => conform(element, item, [...path, index]));
    }
    return lenient && typeof value !== 'object' ? [conform(element, value, [...path, 0])] : value;
  };

  const value = conform(schema, data, []);
  return { value, remarks, ownPath: (path) => ownPath(value, path, spelling) };
}

/** Whether a value is a text that a variable may still turn into anything. */
export function isVariable(value: unknown): boolean {
  return typeof value === 'string' && hasVariable(value);
}

type Mapping = { readonly [key: string]: JsonValue };

function isMapping(value: JsonValue): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unwrap(type: z.ZodType): z.ZodType {
  if (!(type instanceof z.ZodOptional)) return type;
  const inner = type.unwrap();
  return inner instanceof z.ZodType ? unwrap(inner) : type;
}

const TRUE = /^(?:true|yes|on|y|1)$/i;
const FALSE = /^(?:false|no|off|n|0)$/i;
const NUMBER = /^\s*[+-]?\d+(?:\.\d+)?\s*$/;

/** The original reads YAML 1.1 and converts scalars, so `yes`, `'1'` and 1 are all good for a flag. */
function fitScalar(type: z.ZodType, value: JsonValue): unknown {
  if (typeof value === 'object') return value;
  const text = String(value);
  if (type instanceof z.ZodString || type instanceof z.ZodEnum) return text;
  if (type instanceof z.ZodBoolean) return TRUE.test(text) ? true : FALSE.test(text) ? false : value;
  if (type instanceof z.ZodNumber) return NUMBER.test(text) ? Number(text) : value;
  return value;
}

function ownPath(root: unknown, path: OwnPath, spelling: WeakMap<object, ReadonlyMap<string, string>>): OwnPath {
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
