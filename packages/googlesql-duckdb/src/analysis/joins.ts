import type { Expr, FromItem } from '../syntax/tree';
import { failAt } from './context';
import { unified } from './expressions';
import { analyseFrom } from './from';
import { analyseCondition } from './operators';
import type { Column, Scope, Source } from './scope';
import { withAggregatesForbidden } from './select';
import { arrayPath } from './tables';
import type { Value } from './values';

/** Translates a join of any type. */
export function analyseJoin(join: Extract<FromItem, { kind: 'join' }>, scope: Scope): string {
  if (join.type === 'COMMA' && scope.context.legacy)
    failAt(join.at, 'The comma of legacy SQL, a union of tables, is not supported by the local BigQuery');
  const left = analyseFrom(join.left, scope);
  const before = scope.sources.length;
  const nested = join.right.kind === 'join';
  checkCondition(join, scope);
  const right = analyseFrom(join.right, scope);
  const rightSql = nested ? `(${right})` : right;
  const added = scope.sources.slice(before);
  const condition = join.using === undefined ? onSql(join, scope) : usingSql(join, join.using, scope, before, added);
  scope.context.filters.addCondition(condition ?? '');
  const type =
    join.type === 'COMMA' || join.type === 'CROSS' || condition === undefined
      ? join.type === 'LEFT'
        ? 'LEFT'
        : 'CROSS'
      : join.type;
  if (type === 'CROSS') return `${left} CROSS JOIN ${rightSql}`;
  const lateral = right.startsWith('LATERAL') && condition !== undefined && condition !== 'TRUE';
  if (lateral && type === 'LEFT') return `${left} LEFT JOIN ${filteredLateral(rightSql, condition, added)} ON TRUE`;
  return `${left} ${type} JOIN ${rightSql} ON ${condition ?? 'TRUE'}`;
}

/** Fails for a join without a condition, which BigQuery allows for arrays only. */
function checkCondition(join: Extract<FromItem, { kind: 'join' }>, scope: Scope): void {
  const { type, right, on, using } = join;
  if (type === 'COMMA' || type === 'CROSS' || on !== undefined || using !== undefined) return;
  if (right.kind === 'unnest' || (right.kind === 'table' && arrayPath(right.path, scope) !== undefined)) return;
  failAt(join.at, `${type} JOIN must have an immediately following ON or USING clause`);
}

/**
 * Moves the condition of a LEFT JOIN LATERAL into the subquery, because DuckDB allows none on the join. The columns
 * have other names there.
 */
function filteredLateral(sql: string, condition: string, added: readonly Source[]): string {
  const match = /^LATERAL (\(SELECT [\s\S]*\)) AS ("(?:[^"]|"")*")$/.exec(sql);
  if (match === null || added.length !== 1) return sql;
  return `LATERAL (SELECT * FROM ${match[1]} AS ${match[2]} WHERE ${condition}) AS ${match[2]}`;
}

function onSql(join: Extract<FromItem, { kind: 'join' }>, scope: Scope): string | undefined {
  const { on } = join;
  if (on === undefined) return undefined;
  return withAggregatesForbidden(scope, 'JOIN ON clause', () => analyseCondition(on as Expr, scope, 'JOIN ON clause'))
    .sql;
}

/** Translates USING: each pair of columns becomes one column, found by its unqualified name. */
function usingSql(
  join: Extract<FromItem, { kind: 'join' }>,
  using: ReadonlyArray<{ name: string; at: number }>,
  scope: Scope,
  before: number,
  added: readonly Source[],
): string {
  const conditions = using.map(({ name, at }) => {
    const merged = scope.merged.find((column) => column.name.toLowerCase() === name.toLowerCase());
    const left = merged ?? columnIn(scope.sources.slice(0, before), name, at, 'left');
    const right = columnIn(added, name, at, 'right');
    const { type, values } = unified(
      [
        { sql: left.sql, type: left.type },
        { sql: right.sql, type: right.type },
      ],
      [],
      at,
      'operator =',
    );
    const [one, two] = values as [Value, Value];
    const sql = join.type === 'RIGHT' ? two.sql : join.type === 'FULL' ? `coalesce(${one.sql}, ${two.sql})` : one.sql;
    const column: Column = { name: left.name, type, sql };
    if (merged === undefined) scope.merged.push(column);
    else scope.merged[scope.merged.indexOf(merged)] = column;
    return `${one.sql} = ${two.sql}`;
  });
  const hide = (source: Source): Source => ({
    ...source,
    columns: source.columns.map((column) =>
      using.some(({ name }) => name.toLowerCase() === column.name.toLowerCase()) ? { ...column, merged: true } : column,
    ),
  });
  scope.sources.splice(0, scope.sources.length, ...scope.sources.map(hide));
  return conditions.join(' AND ');
}

function columnIn(sources: readonly Source[], name: string, at: number, side: string): Column {
  const matches = sources.flatMap((source) =>
    source.columns.filter((column) => column.name.toLowerCase() === name.toLowerCase()),
  );
  if (matches.length > 1) failAt(at, `Column ${name} in USING clause is ambiguous on ${side} side of join`);
  return matches[0] ?? failAt(at, `Column ${name} in USING clause not found on ${side} side of join`);
}
