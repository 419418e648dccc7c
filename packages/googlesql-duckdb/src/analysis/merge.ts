import type { TableField, TableInfo } from '../contract';
import { quoted } from '../duckdb/names';
import { PARTITION_TIME } from '../schema/partitions';
import type { MergeAction, MergeWhen, StatementNode } from '../syntax/tree';
import { assignments } from './assignments';
import { type Context, failAt } from './context';
import { analyseFrom } from './from';
import { insertedValue, omittedColumns } from './insert';
import { analyseCondition } from './operators';
import { Scope } from './scope';
import { withAggregatesForbidden } from './select';
import { storedSql } from './storing';
import { requirePartitionFilter } from './tables';
import { analyseTarget, type Target } from './target';

type MergeNode = Extract<StatementNode, { kind: 'merge' }>;

/** A translated MERGE. */
export interface Merge {
  readonly sql: string;
  readonly table: TableInfo;
  /** Query of one BOOL: true when a target row matches several source rows. Undefined when that is no error. */
  readonly check: string | undefined;
}

/** Translates MERGE to DuckDB's MERGE INTO. */
export function analyseMerge(node: MergeNode, context: Context): Merge {
  const target = analyseTarget(node.path, node.alias, context);
  const { table, alias } = target;
  const source = new Scope(context);
  const using = analyseFrom(node.using, source).replace(/^LATERAL /, '');
  const both = new Scope(context);
  both.sources.push(...target.scope.sources, ...source.sources);
  both.merged.push(...source.merged);
  const on = withAggregatesForbidden(both, 'MERGE ON clause', () =>
    analyseCondition(node.on, both, 'MERGE ON clause'),
  ).sql;
  const whens = node.whens.map((when) => ({ ...when, ...whenSql(when, target, source, both, context) }));
  requirePartitionFilter(table, alias, context);
  context.filters.addCondition([on, ...whens.map((when) => when.test ?? '')].join(' '));
  // A clause after an unconditional one of its kind is never reached, and DuckDB refuses it.
  const reached = whens.filter(
    ({ matched }, place) => !whens.slice(0, place).some((one) => one.matched === matched && one.test === undefined),
  );
  const from =
    node.using.kind === 'join'
      ? failAt(node.using.at, 'MERGE USING a join is not supported by the local BigQuery: use a subquery')
      : using;
  const sql = `MERGE INTO ${table.relation} AS ${alias} USING ${from} ON ${on} ${reached.map((when) => when.sql).join(' ')} RETURNING merge_action`;
  const matched = reached.filter((when) => when.matched === 'MATCHED').map((when) => when.test ?? 'TRUE');
  const several = `SELECT 1 FROM ${table.relation} AS ${alias} JOIN ${using} ON ${on} WHERE ${matched.join(' OR ')} GROUP BY ${alias}.rowid HAVING count(*) > 1`;
  return { sql, table, check: matched.length === 0 || isFalse(on) ? undefined : `SELECT EXISTS (${several})` };
}

function isFalse(sql: string): boolean {
  return sql.toUpperCase() === 'FALSE';
}

function whenSql(
  when: MergeWhen,
  target: Target,
  source: Scope,
  both: Scope,
  context: Context,
): { sql: string; test: string | undefined } {
  const scope = when.matched === 'MATCHED' ? both : when.matched === 'NOT MATCHED' ? source : target.scope;
  const condition =
    when.condition === undefined
      ? undefined
      : withAggregatesForbidden(scope, 'WHEN clause', () =>
          analyseCondition(when.condition as NonNullable<typeof when.condition>, scope, 'WHEN clause'),
        ).sql;
  const kind = when.matched === 'NOT MATCHED' ? 'NOT MATCHED BY TARGET' : when.matched;
  return {
    sql: `WHEN ${kind}${condition === undefined ? '' : ` AND ${condition}`} THEN ${actionSql(when.action, target, scope, source, context)}`,
    test: condition,
  };
}

function actionSql(action: MergeAction, target: Target, scope: Scope, source: Scope, context: Context): string {
  if (action.kind === 'delete') return 'DELETE';
  if (action.kind === 'update') {
    const set = assignments(action.set, target, scope, context);
    // DuckDB 1.5 crashes (segmentation fault) if the UPDATE of WHEN NOT MATCHED BY SOURCE omits columns.
    const rest = scope === target.scope ? untouched(target, new Set(set.map((one) => one.column))) : [];
    return `UPDATE SET ${[...set.map((one) => `${one.column} = ${one.sql}`), ...rest].join(', ')}`;
  }
  return insertSql(action, target.table, source, context);
}

function untouched({ table, alias }: Target, set: ReadonlySet<string>): string[] {
  const { timePartitioning, schema } = table;
  const hidden = timePartitioning !== undefined && !timePartitioning.field ? [PARTITION_TIME] : [];
  return [...schema.map((field) => field.name), ...hidden]
    .map(quoted)
    .filter((column) => !set.has(column))
    .map((column) => `${column} = ${alias}.${column}`);
}

function insertSql(
  action: Extract<MergeAction, { kind: 'insert' }>,
  table: TableInfo,
  source: Scope,
  context: Context,
): string {
  const fields =
    action.columns === undefined
      ? [...table.schema]
      : action.columns.map(
          (column) =>
            table.schema.find((field) => field.name.toLowerCase() === column.name.toLowerCase()) ??
            failAt(
              column.at,
              `Column ${column.name} is not present in table ${table.projectId}.${table.datasetId}.${table.tableId}`,
            ),
        );
  const values =
    action.values === undefined
      ? rowOf(fields, source)
      : action.values.map((expr, place) => {
          const field =
            fields[place] ??
            failAt(
              expr.at,
              `Inserted row has wrong column count; Has ${action.values?.length}, expected ${fields.length}`,
            );
          return insertedValue(expr, field, source, context);
        });
  if (values.length !== fields.length)
    failAt(
      action.values?.[0]?.at ?? 0,
      `Inserted row has wrong column count; Has ${values.length}, expected ${fields.length}`,
    );
  const omitted = omittedColumns(fields, table, context);
  const names = [...fields.map((field) => quoted(field.name)), ...omitted.map(([name]) => name)];
  const all = [...values, ...omitted.map(([, sql]) => sql)];
  return `INSERT (${names.join(', ')}) VALUES (${all.join(', ')})`;
}

/** The values of INSERT ROW: the source columns by position. */
function rowOf(fields: readonly TableField[], source: Scope): string[] {
  const columns = source.sources.flatMap((one) => one.columns).filter((column) => column.hidden !== true);
  if (columns.length !== fields.length)
    failAt(0, `Inserted row has wrong column count; Has ${columns.length}, expected ${fields.length}`);
  return columns.map((column, place) =>
    storedSql(
      { sql: column.sql, type: column.type },
      fields[place] as TableField,
      0,
      (type) => `Value has type ${type} which cannot be inserted into column ${fields[place]?.name}`,
    ),
  );
}
