import { DuckDBListValue, DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';
import type { Shape } from '../analysis/shapes';
import { define, type RuntimeFunction } from './define';
import { textOf } from './format';
import { parseJson } from './jsonParser';
import { type Json, JsonNumber } from './jsonText';
import { readShape } from './toJson';

const fold = (text: string) => text.normalize('NFKC').toLowerCase();

/** OR of tests: null if none is true and one is null. */
function some(tests: ReadonlyArray<boolean | null>): boolean | null {
  return tests.includes(true) ? true : tests.includes(null) ? null : false;
}

function inJson(value: Json, wanted: string, scope: string): boolean | null {
  if (value === null) return null;
  if (Array.isArray(value)) return some(value.map((item) => inJson(item, wanted, scope)));
  if (value instanceof Map) {
    const keys = scope === 'JSON_VALUES' ? [] : [...value.keys()].map((key) => fold(key).includes(wanted));
    const below = [...value.values()].map((item) => inJson(item, wanted, scope));
    return some([...keys, ...below]);
  }
  return scope !== 'JSON_KEYS' && fold(value instanceof JsonNumber ? value.text : String(value)).includes(wanted);
}

function inValue(value: DuckDBValue, shape: Shape, wanted: string, scope: string): boolean | null {
  if (value === null) return null;
  if (typeof shape !== 'string') {
    if ('array' in shape && value instanceof DuckDBListValue)
      return some(value.items.map((item) => inValue(item, shape.array, wanted, scope)));
    if ('fields' in shape && value instanceof DuckDBStructValue) {
      const items = Object.values(value.entries);
      return some(shape.fields.map(([, inner], place) => inValue(items[place] ?? null, inner, wanted, scope)));
    }
  }
  if (shape === 'JSON') return inJson(parseJson(String(value))?.value ?? null, wanted, scope);
  return fold(textOf(value, String(shape))).includes(wanted);
}

/** The function of CONTAINS_SUBSTR. */
export const SEARCH_FUNCTIONS: readonly RuntimeFunction[] = [
  define(
    '+bq_contains_substr(ANY, STRING, STRING, STRING) -> BOOL',
    (value: DuckDBValue, shape: string, wanted: string | null, scope: string | null) =>
      wanted === null || scope === null ? null : inValue(value, readShape(shape), fold(wanted), scope),
  ),
];
