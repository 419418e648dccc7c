import type { TableField } from '@bqtail/googlesql-duckdb';
import { cellText, typeOf } from '@bqtail/googlesql-duckdb';
import type { DuckDBValue } from '@duckdb/node-api';

/** A value as text in exported files: as in the REST API, except that timestamps are written as date and time. */
export function exportText(value: DuckDBValue, field: TableField): string {
  if (typeof value === 'number' && Number.isFinite(value)) return value.toString();
  const text = cellText(value, { timestamps: 'INT64' });
  return typeOf(field) === 'TIMESTAMP' ? momentText(BigInt(text)) : text;
}

/** `2024-01-02 03:04:05.678 UTC`, with as many decimals as it takes. */
function momentText(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = Number((micros - fraction) / 1_000_000n);
  const iso = new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const decimals = fraction === 0n ? '' : `.${fraction.toString().padStart(6, '0').replace(/0+$/, '')}`;
  return `${iso}${decimals} UTC`;
}
