import { listValue } from '@duckdb/node-api';
import { define, fail, type RuntimeFunction } from './define';
import { replaced } from './json';
import { parseJson } from './jsonParser';
import { parsePath, walk } from './jsonPath';
import { type Json, writeJson } from './jsonText';

/** Removes nulls, in arrays only with `arrays`. With `empty`, also removes values that become empty. */
function stripped(value: Json, arrays: boolean, empty: boolean): Json | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) {
    if (!arrays) return value.map((item) => stripped(item, arrays, empty) ?? item);
    const kept = value.map((item) => stripped(item, arrays, empty)).filter((item) => item !== undefined);
    return empty && kept.length === 0 ? undefined : kept;
  }
  if (value instanceof Map) {
    const kept = new Map<string, Json>();
    for (const [key, item] of value) {
      const left = stripped(item, arrays, empty);
      if (left !== undefined) kept.set(key, left);
    }
    return empty && kept.size === 0 ? undefined : kept;
  }
  return value;
}

/** How JSON_KEYS treats arrays. */
type Mode = 'strict' | 'lax' | 'lax recursive';

function keysOf(value: Json, depth: number, mode: Mode, prefix = ''): string[] {
  if (Array.isArray(value)) {
    const items = mode === 'lax recursive' ? flattened(value) : value.filter((item) => item instanceof Map);
    return mode === 'strict' ? [] : items.flatMap((item) => keysOf(item, depth, mode, prefix));
  }
  if (depth === 0 || !(value instanceof Map)) return [];
  return [...value].flatMap(([key, item]) => {
    const name = `${prefix}${/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key)}`;
    return [name, ...keysOf(item, depth - 1, mode, `${name}.`)];
  });
}

function modeOf(text: string): Mode {
  const mode = text.trim().toLowerCase().split(/\s+/).sort().join(' ');
  if (mode !== 'strict' && mode !== 'lax' && mode !== 'lax recursive')
    return fail(`Invalid JSON mode specified: ${text}`);
  return mode;
}

/** The items of nested arrays at any depth. */
export function flattened(value: Json): Json[] {
  return Array.isArray(value) ? value.flatMap(flattened) : [value];
}

const document = (text: string): Json => parseJson(text)?.value ?? null;

/** Functions that traverse whole documents. */
export const JSON_TREE_FUNCTIONS: readonly RuntimeFunction[] = [
  define('bq_json_keys(STRING, INT64, STRING) -> STRING[]', (text: string, depth: bigint, mode: string) => {
    if (depth < 1n) fail('max_depth must be positive.');
    return listValue([...new Set(keysOf(document(text), Number(depth), modeOf(mode)))].sort());
  }),
  define(
    'bq_json_strip_nulls(STRING, STRING, BOOL, BOOL) -> STRING',
    (text: string, path: string, arrays: boolean, empty: boolean) => {
      const steps = parsePath(path, true);
      const value = document(text);
      const result = walk(value, steps);
      if (result === undefined) return writeJson(value);
      return writeJson(replaced(value, steps, stripped(result, arrays, empty) ?? null, false));
    },
  ),
  define('bq_json_flatten(STRING) -> STRING[]', (text: string) =>
    listValue(flattened(document(text)).map((item) => writeJson(item))),
  ),
];
