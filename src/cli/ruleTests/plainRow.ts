import type { JsonValue } from '../../rules/types';
import type { Row } from './testCase';

/**
 * A row of the BigQuery client as plain JSON: times as text, numbers by value, bytes in base64. A TIMESTAMP becomes
 * `2020-01-02T03:04:05+00:00`, with microseconds only when they are not zero.
 */
export function plainRow(row: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)]));
}

function plain(value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(plain);
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (typeof value !== 'object') return String(value);
  const kind = value.constructor?.name ?? '';
  if (/^Big(number)?$/i.test(kind)) return Number(value);
  if (kind === 'BigQueryTimestamp' && 'value' in value) return instant(String(value.value));
  if (/^(BigQuery|Geography)/.test(kind) && 'value' in value) return plain(value.value);
  return plainRow(Object.fromEntries(Object.entries(value)));
}

function instant(text: string): string {
  return text.replace(/(?:\.0+)?Z$/, '+00:00').replace(/Z$/, '+00:00');
}
