import type { TableField } from '@bqtail/googlesql-duckdb';
import type { DuckDBValue } from '@duckdb/node-api';
import { exportText } from './exportText';

/** A row of CSV; NULL is nothing, and a text is quoted when it must be. */
export function csvLine(row: readonly DuckDBValue[], fields: readonly TableField[], delimiter: string): string {
  return fields
    .map((field, place) => {
      const value = row[place] ?? null;
      if (value === null) return '';
      const text = exportText(value, field);
      const needs = text === '' || text.includes(delimiter) || /["\r\n]/.test(text);
      return needs ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(delimiter);
}
