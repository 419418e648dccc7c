import type { TableField } from '@bqtail/googlesql-duckdb';
import type { DuckDBValue } from '@duckdb/node-api';
import { exportText } from './exportText';

/** A row of CSV: NULL is an empty value; a text is quoted only if it is empty or contains special characters. */
export function csvLine(row: readonly DuckDBValue[], fields: readonly TableField[], delimiter: string): string {
  return fields
    .map((field, place) => {
      const value = row[place] ?? null;
      if (value === null) return '';
      const text = exportText(value, field);
      const isQuoted = text === '' || text.includes(delimiter) || /["\r\n]/.test(text);
      return isQuoted ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(delimiter);
}
