import type { SortItem } from '../syntax/tree';
import { isOrderable, typeName } from '../types';
import { failAt } from './context';
import { analyse } from './expressions';
import type { Scope } from './scope';
import type { Value } from './values';

/** ` ORDER BY ...`, or an empty text without items. */
export function orderKeys(items: readonly SortItem[], scope: Scope): string {
  if (items.length === 0) return '';
  return ` ORDER BY ${items.map((item) => sortKey(analyse(item.value, scope), item)).join(', ')}`;
}

/** One sort key. By default NULLs sort first when ascending and last when descending. NaN is the smallest number. */
export function sortKey(value: Value, item: SortItem): string {
  if (!isOrderable(value.type))
    failAt(item.value.at, `ORDER BY does not support expressions of type ${typeName(value.type)}`);
  const direction = item.descending ? 'DESC' : 'ASC';
  const nulls = item.nulls ?? (item.descending ? 'LAST' : 'FIRST');
  const key = `${value.sql} ${direction} NULLS ${nulls}`;
  if (value.type.kind !== 'FLOAT64') return key;
  return `isnan(${value.sql}) ${item.descending ? 'ASC' : 'DESC'} NULLS ${nulls}, ${key}`;
}
