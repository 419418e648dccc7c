import type { TableInfo } from '../contract';
import { assignments } from './assignments';
import type { Context } from './context';
import { analyseFrom } from './from';
import type { DeleteNode, UpdateNode } from './insert';
import { analyseCondition } from './operators';
import { withAggregatesForbidden } from './select';
import { requirePartitionFilter } from './tables';
import { analyseTarget } from './target';

/** Translates UPDATE. With FROM, it fails when a target row matches more than one source row. */
export function analyseUpdate(node: UpdateNode, context: Context): { sql: string; table: TableInfo } {
  const target = analyseTarget(node.path, node.alias, context);
  const { table, alias, scope } = target;
  const from = node.from === undefined ? undefined : analyseFrom(node.from, scope);
  const where = withAggregatesForbidden(scope, 'WHERE clause', () =>
    analyseCondition(node.where, scope, 'WHERE clause'),
  ).sql;
  requirePartitionFilter(table, alias, context);
  context.filters.addCondition(where);
  const changes = withAggregatesForbidden(scope, 'UPDATE SET', () => assignments(node.set, target, scope, context));
  if (from === undefined) {
    return {
      sql: `UPDATE ${table.relation} AS ${alias} SET ${changes.map((one) => `${one.column} = ${one.sql}`).join(', ')} WHERE ${where}`,
      table,
    };
  }
  const values = changes.map((one, place) => `${one.sql} AS "c${place}"`).join(', ');
  const matched = `SELECT ${alias}.rowid AS "row", count(*) OVER (PARTITION BY ${alias}.rowid) AS "partners", ${values} FROM ${table.relation} AS ${alias} CROSS JOIN ${from.startsWith('LATERAL') ? from : `(SELECT 1) AS "one" CROSS JOIN ${from}`} WHERE ${where}`;
  const single = `CASE WHEN "m"."partners" > 1 THEN CAST(bq_raise('UPDATE/MERGE must match at most one source row for each target row') AS BOOLEAN) ELSE TRUE END`;
  const set = changes.map((one, place) => `${one.column} = "m"."c${place}"`).join(', ');
  return {
    sql: `UPDATE ${table.relation} AS "t" SET ${set} FROM (${matched}) AS "m" WHERE "t".rowid = "m"."row" AND ${single}`,
    table,
  };
}

/** Translates DELETE. */
export function analyseDelete(node: DeleteNode, context: Context): { sql: string; table: TableInfo } {
  const { table, alias, scope } = analyseTarget(node.path, node.alias, context);
  const where = withAggregatesForbidden(scope, 'WHERE clause', () =>
    analyseCondition(node.where, scope, 'WHERE clause'),
  ).sql;
  requirePartitionFilter(table, alias, context);
  context.filters.addCondition(where);
  return { sql: `DELETE FROM ${table.relation} AS ${alias} WHERE ${where}`, table };
}
