import { quoted } from '../duckdb/names';
import type { Expr, SelectBody, SortItem } from '../syntax/tree';
import { INT64, isGroupable, isOrderable, physicalField, type SqlType, typeName } from '../types';
import { hasAggregate } from './aggregation';
import { type CommonTables, type Context, failAt } from './context';
import { analyse } from './expressions';
import { analyseFrom } from './from';
import { groupingSql, groupKeys } from './grouping';
import { limitSql, ordinal } from './limits';
import { analyseCondition } from './operators';
import { sortKey } from './ordering';
import type { QueryResult, ResultColumn, Tail } from './queries';
import { Scope } from './scope';
import { expandStars } from './stars';
import type { Value } from './values';
import { windowSql } from './windows';

/** An item of the SELECT list after stars are expanded. */
export interface Item {
  readonly name: string;
  /** The expression, for items that are not columns of a star. */
  readonly expr?: Expr;
  readonly make: () => Value;
}

/** Translates one SELECT. `tail` is the ORDER BY and LIMIT that apply to it. */
export function analyseSelect(
  select: SelectBody,
  tail: Tail | undefined,
  context: Context,
  outer: Scope | undefined,
  tables: CommonTables,
): QueryResult {
  const scope = new Scope(context, outer, tables);
  const from = select.from === undefined ? '' : ` FROM ${analyseFrom(select.from, scope)}`;
  const where =
    select.where === undefined
      ? ''
      : ` WHERE ${withAggregatesForbidden(scope, 'WHERE clause', () => analyseCondition(select.where as Expr, scope, 'WHERE clause')).sql}`;
  context.filters.addCondition(where);
  const items = select.items.flatMap((item) => expandStars(item, scope));
  const grouped =
    select.groupBy !== undefined ||
    hasAggregate([
      ...select.items.map((item) => (item.kind === 'value' ? item.value : undefined)),
      select.having,
      ...(tail?.orderBy.map((item) => item.value) ?? []),
      ...(select.qualify === undefined ? [] : [select.qualify]),
    ]);
  const keys = grouped ? groupKeys(select.groupBy ?? [], items, scope) : [];
  if (grouped)
    scope.grouping = { keys: new Set(keys.flatMap((key) => key.values.map((value) => value.sql))), active: true };
  for (const window of select.windows)
    scope.windows = new Map(scope.windows).set(window.name.toLowerCase(), windowSql(window.spec, scope));
  const values = items.map((item) => item.make());
  for (const [place, value] of values.entries()) {
    if (select.distinct && !isGroupable(value.type))
      failAt(
        items[place]?.expr?.at ?? select.at,
        `Column ${items[place]?.name || place + 1} of type ${value.type.kind} cannot be used in SELECT DISTINCT`,
      );
  }
  const groupBy = grouped ? groupingSql(keys) : '';
  const after = aliasScope(scope, items, values);
  const having =
    select.having === undefined ? '' : ` HAVING ${analyseCondition(select.having, after, 'HAVING clause').sql}`;
  const qualify =
    select.qualify === undefined ? '' : ` QUALIFY ${analyseCondition(select.qualify, after, 'QUALIFY clause').sql}`;
  const { columns: named, cells, valueTable } = selectList(select, items, values);
  const columns = named.map((column, place) => ({
    ...column,
    partitions: context.filters.partitionsIn(cells[place] ?? ''),
  }));
  const list = columns.map((column, place) => `${cells[place]} AS ${column.sql}`).join(', ');
  const order = tail === undefined ? '' : selectOrder(tail.orderBy, select, columns, values, after);
  const limit = tail === undefined ? '' : limitSql(tail, new Scope(context, outer, tables));
  return {
    sql: `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list}${from}${where}${groupBy}${having}${qualify}${order}${limit}`,
    columns,
    valueTable,
    rows: isRow(select, tail, grouped, cells) ? [cells] : undefined,
  };
}

/** Whether the query is one row of constants. */
function isRow(select: SelectBody, tail: Tail | undefined, grouped: boolean, cells: readonly string[]): boolean {
  const { from, where, having, qualify, distinct } = select;
  if (from ?? where ?? having ?? qualify ?? tail?.limit) return false;
  if (distinct || grouped || (tail?.orderBy.length ?? 0) > 0) return false;
  return !cells.some((cell) => /"\."|\b(?:SELECT|OVER)\b/.test(cell));
}

/** Runs `work` with aggregate and window functions forbidden. `where` names the clause in errors. */
export function withAggregatesForbidden<T>(scope: Scope, where: string, work: () => T): T {
  const before = scope.withoutAggregates;
  scope.withoutAggregates = where;
  try {
    return work();
  } finally {
    scope.withoutAggregates = before;
  }
}

function aliasScope(scope: Scope, items: readonly Item[], values: readonly Value[]): Scope {
  const aliases = new Map<string, Value>();
  for (const [place, item] of items.entries()) {
    const value = values[place];
    if (item.name !== '' && value !== undefined && item.expr !== undefined)
      aliases.set(item.name.toLowerCase(), { sql: value.sql, type: value.type });
  }
  scope.aliases = aliases;
  return scope;
}

function selectOrder(
  orderBy: readonly SortItem[],
  select: SelectBody,
  columns: readonly ResultColumn[],
  values: readonly Value[],
  scope: Scope,
): string {
  if (orderBy.length === 0) return '';
  const keys = orderBy.map((item) => {
    const place =
      ordinal(item.value, values.length) ??
      (item.value.kind === 'name'
        ? columns.findIndex(
            (column) => item.value.kind === 'name' && column.name.toLowerCase() === item.value.name.toLowerCase(),
          )
        : -1);
    const value = values[place];
    const column = columns[place];
    if (value !== undefined && column !== undefined && select.as === undefined) {
      if (!isOrderable(value.type))
        failAt(item.value.at, `ORDER BY does not support expressions of type ${typeName(value.type)}`);
      return sortKey(
        { sql: value.type.kind === 'FLOAT64' || !select.distinct ? value.sql : column.sql, type: value.type },
        item,
      );
    }
    return sortKey(value !== undefined && select.as !== undefined ? value : analyse(item.value, scope), item);
  });
  return ` ORDER BY ${keys.join(', ')}`;
}

/** Translates the SELECT list: the result columns and the SQL of each. */
function selectList(
  select: SelectBody,
  items: readonly Item[],
  values: readonly Value[],
): { columns: ResultColumn[]; cells: string[]; valueTable: boolean } {
  if (select.as === 'VALUE') {
    const [value] = values;
    if (value === undefined || values.length !== 1)
      failAt(select.at, 'SELECT AS VALUE query must have exactly one column');
    return {
      columns: [{ name: items[0]?.name ?? '', sql: '"value"', physical: 'value', type: value.type }],
      cells: [value.sql],
      valueTable: true,
    };
  }
  if (select.as === 'STRUCT') {
    const type: Extract<SqlType, { kind: 'STRUCT' }> = {
      kind: 'STRUCT',
      fields: items.map((item, place) => ({ name: item.name, type: values[place]?.type ?? INT64 })),
    };
    const packed = values.map((value, place) => `${quoted(physicalField(type, place))} := ${value.sql}`).join(', ');
    return {
      columns: [{ name: '', sql: '"value"', physical: 'value', type }],
      cells: [`struct_pack(${packed})`],
      valueTable: true,
    };
  }
  const used = new Set<string>();
  const columns = items.map((item, place): ResultColumn => {
    let physical = item.name === '' ? `f${place}_` : item.name;
    while (used.has(physical.toLowerCase())) physical += '~';
    used.add(physical.toLowerCase());
    return { name: item.name, physical, sql: quoted(physical), type: values[place]?.type ?? INT64 };
  });
  return {
    columns,
    cells: values.map((value) => value.sql),
    valueTable: false,
  };
}
