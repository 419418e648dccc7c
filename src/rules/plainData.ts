import type { JsonValue } from './types';

const MAX_DEPTH = 64;

/** Thrown for data that is nested too deeply, or within itself (a YAML alias can do that). */
export class TooDeep extends Error {}

/**
 * What a parser gave, as plain JSON data: maps with text keys, no cycle, no NaN.
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
