import type { TableField, TableReference } from '@bqtail/googlesql-duckdb';
import { translateScript } from '@bqtail/googlesql-duckdb';
import type { Catalog } from '../catalog';
import { notImplemented } from '../errors';
import { queryCatalog } from './queryCatalog';

/**
 * DuckDB expression of a column's default value; undefined when the column has none.
 *
 * @throws BigQueryError when the default has another value for each row, as RAND has.
 */
export function defaultSql(
  catalog: Catalog,
  { projectId }: TableReference,
  { name, defaultValueExpression: expression }: TableField,
): string | undefined {
  if (expression === undefined) return undefined;
  const options = { legacy: false, parameters: [], catalog: queryCatalog(catalog, projectId, {}) };
  const [statement] = translateScript(`SELECT ${expression}`, options);
  // A subquery is evaluated once for all rows.
  const perRow = /\b(?:GENERATE_UUID|RAND)\s*\(/i.test(expression);
  if (!statement || perRow || Object.keys(statement.parameters).length > 0) {
    throw notImplemented(
      `The default value ${expression} of column ${name} is for INSERT and MERGE only in the local BigQuery.`,
    );
  }
  return `(${statement.duckdb})`;
}
