import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  type DuckDBListValue,
  type DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Shape } from '../analysis/shapes';
import { decimalText } from './decimals';
import { define, type RuntimeFunction } from './define';
import { floatText } from './floats';
import { intervalText } from './intervals';
import { parseJson } from './jsonParser';
import { canonical, type Json, JsonNumber, writeJson } from './jsonText';
import { dateText, datetimeText, timeText } from './timeText';

/** How numbers are written. */
export interface JsonStyle {
  readonly stringify: boolean;
  /** Writes FLOAT64 as CAST does, 1.0 as 1. */
  readonly plainFloats?: boolean;
}

/** Converts a value to JSON by its type. */
export function toJson(value: DuckDBValue, shape: Shape, style: JsonStyle): Json {
  if (value === null) return typeof shape === 'object' && 'array' in shape ? [] : null;
  if (typeof shape !== 'string') {
    if ('array' in shape) return (value as DuckDBListValue).items.map((item) => toJson(item, shape.array, style));
    const entries = Object.values((value as DuckDBStructValue).entries);
    return new Map(shape.fields.map(([name, inner], place) => [name, toJson(entries[place] ?? null, inner, style)]));
  }
  return scalar(value, shape, style);
}

function scalar(value: DuckDBValue, type: string, style: JsonStyle): Json {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint') {
    const wide = value > 9007199254740992n || value < -9007199254740992n;
    return wide && style.stringify ? String(value) : new JsonNumber(String(value));
  }
  if (typeof value === 'number')
    return Number.isFinite(value)
      ? new JsonNumber(style.plainFloats === true ? floatText(value) : jsonFloat(value))
      : Number.isNaN(value)
        ? 'NaN'
        : value > 0
          ? 'Infinity'
          : '-Infinity';
  if (value instanceof DuckDBDecimalValue) {
    const text = decimalText(value.value, value.scale);
    const exact = String(Number(text)) === text;
    return style.stringify && !exact ? text : new JsonNumber(text);
  }
  if (type === 'JSON') return parseJson(String(value))?.value ?? null;
  return plainText(value);
}

function jsonFloat(value: number): string {
  const text = floatText(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** The JSON text of dates, times, bytes and other scalars. */
export function plainText(value: DuckDBValue): string {
  if (value instanceof DuckDBDateValue) return dateText(value.days);
  if (value instanceof DuckDBTimeValue) return timeText(value.micros);
  if (value instanceof DuckDBTimestampTZValue) return `${datetimeText(value.micros, 'T')}Z`;
  if (value instanceof DuckDBTimestampValue) return datetimeText(value.micros, 'T');
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  if (value instanceof DuckDBIntervalValue) return intervalText(value);
  return String(value);
}

const shapes = new Map<string, Shape>();

/** Parses a shape from JSON; results are cached. */
export function readShape(text: string): Shape {
  let shape = shapes.get(text);
  if (shape === undefined) {
    shape = JSON.parse(text) as Shape;
    if (shapes.size > 1000) shapes.clear();
    shapes.set(text, shape);
  }
  return shape;
}

/** The functions of TO_JSON and TO_JSON_STRING. */
export const TO_JSON_FUNCTIONS: readonly RuntimeFunction[] = [
  // TO_JSON_STRING(NULL) is the text `null`.
  define(
    '+bq_to_json_string(ANY, STRING, BOOL) -> STRING',
    (value: DuckDBValue, shape: string, pretty: boolean | null) =>
      writeJson(toJson(value, readShape(shape), { stringify: true, plainFloats: true }), pretty === true),
  ),
  define('+bq_to_json_value(ANY, STRING, BOOL) -> STRING', (value: DuckDBValue, shape: string, wide: boolean | null) =>
    value === null ? 'null' : writeJson(canonical(toJson(value, readShape(shape), { stringify: wide === true }))),
  ),
];
