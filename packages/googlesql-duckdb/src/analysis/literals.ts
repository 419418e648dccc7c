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
import { quoted } from '../duckdb/names';
import { decimalText } from '../runtime/decimals';
import { intervalText } from '../runtime/intervals';
import { dateText, datetimeText, timeText } from '../runtime/timeText';
import { duckdbType, physicalField, type SqlType } from '../types';
import { floatLiteral, intLiteral, textLiteral, type Value } from './values';

/** Converts a result value to a literal for later statements of the script. */
export function literalOf(value: DuckDBValue, type: SqlType): Value {
  return { sql: value === null ? `CAST(NULL AS ${duckdbType(type)})` : sqlOf(value, type), type };
}

function sqlOf(value: DuckDBValue, type: SqlType): string {
  if (value === null) return `CAST(NULL AS ${duckdbType(type)})`;
  if (value instanceof DuckDBListValue && type.kind === 'ARRAY')
    return `CAST([${value.items.map((item) => sqlOf(item, type.element)).join(', ')}] AS ${duckdbType(type)})`;
  if (value instanceof DuckDBStructValue && type.kind === 'STRUCT') {
    const entries = Object.values(value.entries);
    return `struct_pack(${type.fields.map((field, place) => `${quoted(physicalField(type, place))} := ${sqlOf(entries[place] ?? null, field.type)}`).join(', ')})`;
  }
  if (typeof value === 'bigint') return intLiteral(value);
  if (typeof value === 'number') return floatLiteral(String(value));
  if (typeof value === 'boolean') return String(value);
  if (value instanceof DuckDBDecimalValue)
    return `CAST('${decimalText(value.value, value.scale)}' AS ${duckdbType(type)})`;
  if (value instanceof DuckDBDateValue) return `DATE '${dateText(value.days)}'`;
  if (value instanceof DuckDBTimeValue) return `TIME '${timeText(value.micros)}'`;
  if (value instanceof DuckDBTimestampTZValue) return `TIMESTAMPTZ '${datetimeText(value.micros)}+00'`;
  if (value instanceof DuckDBTimestampValue) return `TIMESTAMP '${datetimeText(value.micros)}'`;
  if (value instanceof DuckDBBlobValue) return `from_hex('${Buffer.from(value.bytes).toString('hex')}')`;
  if (value instanceof DuckDBIntervalValue) return `bq_text_to_interval('${intervalText(value)}')`;
  return type.kind === 'JSON' ? `CAST(${textLiteral(String(value))} AS JSON)` : textLiteral(String(value));
}
