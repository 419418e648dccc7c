import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { intervalText } from './runtime/intervals';
import { isRepeated, typeOf } from './schema/fields';
import type { TableField } from './schema/resources';

/** A cell of a row in the REST API. */
export interface Cell {
  v: unknown;
}

/** A row of the REST API. */
export interface Row {
  f: Cell[];
}

/** Formats of TIMESTAMP: seconds as a FLOAT64, whole microseconds, or ISO 8601 text. */
export const TIMESTAMP_FORMATS = ['FLOAT64', 'INT64', 'ISO8601_STRING'] as const;

/** The format of values that a client requested. */
export interface ValueFormat {
  readonly timestamps: (typeof TIMESTAMP_FORMATS)[number];
}

/** Converts a row of DuckDB values to a row of the REST API, where every value is a text. */
export function toRow(values: readonly DuckDBValue[], fields: readonly TableField[], format: ValueFormat): Row {
  return { f: fields.map((field, place) => ({ v: toCell(values[place] ?? null, field, format) })) };
}

function toCell(value: DuckDBValue, field: TableField, format: ValueFormat): unknown {
  if (isRepeated(field)) {
    const element = { ...field, mode: 'NULLABLE' };
    const items = value instanceof DuckDBListValue ? value.items : [];
    return items.map((item) => ({ v: toCell(item, element, format) }));
  }
  if (value === null) return null;
  if (value instanceof DuckDBStructValue && typeOf(field) === 'RECORD') {
    const inner = field.fields ?? [];
    const values = Object.values(value.entries);
    // With all members, match them by position, because members of a query result may have no name.
    const all = inner.length === values.length;
    return {
      f: inner.map((one, place) => ({
        v: toCell((all ? values[place] : value.entries[one.name]) ?? null, one, format),
      })),
    };
  }
  return cellText(value, format);
}

/** The cell text of a value that is neither a list nor a record. */
export function cellText(value: DuckDBValue, format: ValueFormat): string {
  if (typeof value === 'number') return floatText(value);
  if (value instanceof DuckDBTimestampTZValue) return timestampText(value.micros, format);
  if (value instanceof DuckDBTimestampValue) return datetimeText(value.micros);
  if (value instanceof DuckDBTimeValue) return timeText(value.micros);
  if (value instanceof DuckDBDecimalValue) return decimalText(value.toString());
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  if (value instanceof DuckDBDateValue) return dateText(value.days);
  if (value instanceof DuckDBIntervalValue) return intervalText(value);
  return String(value);
}

/** A FLOAT64 as BigQuery writes it: 1 is `1.0`, 1e7 is `1.0E7`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : value.toString();
  const [digits = '0', exponent = '0'] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

function timestampText(micros: bigint, format: ValueFormat): string {
  if (format.timestamps === 'ISO8601_STRING') return `${datetimeText(micros)}Z`;
  return format.timestamps === 'INT64' ? micros.toString() : floatText(Number(micros) / 1e6);
}

function datetimeText(micros: bigint): string {
  const perDay = 86_400_000_000n;
  const time = ((micros % perDay) + perDay) % perDay;
  return `${dateText(Number((micros - time) / perDay))}T${timeText(time)}`;
}

function dateText(days: number): string {
  const iso = new Date(days * 86_400_000).toISOString();
  return iso.slice(0, iso.indexOf('T'));
}

function timeText(micros: bigint): string {
  const seconds = Number(micros / 1_000_000n);
  const fraction = Number(micros % 1_000_000n);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const text = parts.map((part) => part.toString().padStart(2, '0')).join(':');
  return fraction === 0 ? text : `${text}.${fraction.toString().padStart(6, '0')}`;
}

function decimalText(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
