import type { Expr, GroupItem } from '../syntax/tree';
import { isGroupable, typeName } from '../types';
import { hasAggregate } from './aggregation';
import { failAt } from './context';
import { analyse } from './expressions';
import type { Scope } from './scope';
import type { Item } from './select';
import type { Value } from './values';

/** A key of GROUP BY, or a grouping set. */
export interface GroupKey {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** Translates the keys of GROUP BY: expressions, and aliases or positions of SELECT items. */
export function groupKeys(groupBy: readonly GroupItem[] | 'ALL', items: readonly Item[], scope: Scope): GroupKey[] {
  if (groupBy === 'ALL') {
    return items
      .filter((item) => item.expr === undefined || (!hasAggregate([item.expr]) && item.expr.kind !== 'literal'))
      .map((item) => keyOf(item.make()));
  }
  return groupBy.map((item) => {
    if (item.kind === 'value') return keyOf(groupValue(item.value, items, scope));
    const sets = item.sets.map((set) => set.map((expr) => groupValue(expr, items, scope)));
    const inner = sets.map((set) =>
      item.type === 'GROUPING SETS' || set.length > 1
        ? `(${set.map((value) => value.sql).join(', ')})`
        : (set[0]?.sql ?? '()'),
    );
    return { sql: `${item.type} (${inner.join(', ')})`, values: sets.flat() };
  });
}

function keyOf(value: Value): GroupKey {
  return { sql: value.sql, values: [value] };
}

function groupValue(expr: Expr, items: readonly Item[], scope: Scope): Value {
  const value = resolve(expr, items, scope);
  if (!isGroupable(value.type))
    failAt(expr.at, `Grouping by expressions of type ${typeName(value.type)} is not allowed`);
  return value;
}

function resolve(expr: Expr, items: readonly Item[], scope: Scope): Value {
  if (expr.kind === 'literal' && expr.type === 'INT64') {
    const item = items[Number(expr.value) - 1];
    if (item === undefined)
      return failAt(
        expr.at,
        `GROUP BY column number item is out of range. Column numbers must be between one and the number of columns in the SELECT list. Column number item was ${expr.value}, and number of columns was ${items.length}`,
      );
    return ofItem(
      item,
      expr.at,
      `Column ${expr.value} contains an aggregation function, which is not allowed in GROUP BY`,
    );
  }
  if (expr.kind === 'name') {
    const item = items.find((one) => one.expr !== undefined && one.name.toLowerCase() === expr.name.toLowerCase());
    if (item !== undefined)
      return ofItem(
        item,
        expr.at,
        `Column ${expr.name} contains an aggregation function, which is not allowed in GROUP BY`,
      );
  }
  return analyse(expr, scope);
}

function ofItem(item: Item, at: number, wording: string): Value {
  if (item.expr !== undefined && hasAggregate([item.expr])) failAt(at, wording);
  return item.make();
}

/** ` GROUP BY ...`. Empty without keys: aggregates alone return one row in DuckDB too, even for no input rows. */
export function groupingSql(keys: readonly GroupKey[]): string {
  return keys.length === 0 ? '' : ` GROUP BY ${keys.map((key) => key.sql).join(', ')}`;
}
