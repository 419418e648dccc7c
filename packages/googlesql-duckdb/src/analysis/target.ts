import type { TableField, TableInfo } from '../contract';
import { quoted } from '../duckdb/names';
import { SqlError } from '../errors';
import type { PathNode } from '../syntax/tree';
import { type Context, failAt, freshName, notFoundTable, tableName, tableRefOf } from './context';
import { Scope } from './scope';
import { tableColumns } from './tables';

/** The table that a DML statement writes, and a scope with its columns. */
export interface Target {
  readonly table: TableInfo;
  /** Alias in the DuckDB statement, quoted. */
  readonly alias: string;
  readonly scope: Scope;
}

/** Looks up the table that a DML statement writes; fails for views. */
export function analyseTarget(path: PathNode, alias: string | undefined, context: Context): Target {
  const ref = tableRefOf(path.parts, context);
  const table = context.catalog.table(ref) ?? notFoundTable(ref, context);
  if (table.type === 'VIEW')
    throw new SqlError(
      'invalidQuery',
      `Table ${tableName(ref)} is a view, DML statements over views are not supported`,
    );
  const relation = quoted(freshName(context, table.tableId));
  const scope = new Scope(context);
  scope.sources.push({
    alias: alias ?? path.parts[path.parts.length - 1] ?? table.tableId,
    columns: tableColumns(table, relation),
  });
  return { table, alias: relation, scope };
}

/** The field with that name; fails if the table has none. */
export function columnOf(table: TableInfo, name: string, at: number): TableField {
  return (
    table.schema.find((field) => field.name.toLowerCase() === name.toLowerCase()) ??
    failAt(at, `Column ${name} is not present in table ${tableName(table)}`)
  );
}
