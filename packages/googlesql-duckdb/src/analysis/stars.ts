import type { Expr, SelectItem, StarItem } from '../syntax/tree';
import { physicalField, type SqlType, typeName } from '../types';
import { fieldOf, impliedName } from './atoms';
import { failAt } from './context';
import { analyse } from './expressions';
import type { Scope } from './scope';
import type { Item } from './select';
import type { Value } from './values';

/** Expands an item of the SELECT list to its columns. */
export function expandStars(item: SelectItem, scope: Scope): Item[] {
  if (item.kind === 'value') {
    return [{ name: item.alias ?? impliedName(item.value), expr: item.value, make: () => analyse(item.value, scope) }];
  }
  const all = item.base === undefined ? allColumns(item, scope) : columnsOf(item.base, scope);
  for (const except of item.except) {
    if (!all.some((one) => one.name.toLowerCase() === except.name.toLowerCase()))
      failAt(except.at, `Column ${except.name} in SELECT * EXCEPT list does not exist`);
  }
  for (const replace of item.replace) {
    if (!all.some((one) => one.name.toLowerCase() === replace.name.toLowerCase()))
      failAt(replace.at, `Column ${replace.name} in SELECT * REPLACE list does not exist`);
  }
  const left = all.filter((one) => !item.except.some((except) => except.name.toLowerCase() === one.name.toLowerCase()));
  if (left.length === 0) failAt(item.at, 'SELECT * expands to zero columns after applying EXCEPT');
  return left.map((one) => {
    const replace = item.replace.find((candidate) => candidate.name.toLowerCase() === one.name.toLowerCase());
    return replace === undefined ? one : { name: one.name, make: () => analyse(replace.value, scope) };
  });
}

function allColumns(item: StarItem, scope: Scope): Item[] {
  if (scope.sources.length === 0) failAt(item.at, 'SELECT * must have a FROM clause');
  const merged = scope.merged.map((column) => ({
    name: column.name,
    make: () => scope.checked(column, column.name, item.at),
  }));
  const own = scope.sources.flatMap((source) =>
    source.columns
      .filter((column) => column.hidden !== true && column.merged !== true)
      .map((column) => ({ name: column.name, make: () => scope.checked(column, column.name, item.at) })),
  );
  return [...merged, ...own];
}

function columnsOf(base: Expr, scope: Scope): Item[] {
  const match = base.kind === 'name' ? scope.findSource(base.name) : undefined;
  if (match !== undefined && match.source.value === undefined) {
    return match.source.columns
      .filter((column) => column.hidden !== true)
      .map((column) => ({
        name: column.name,
        make: () => match.scope.checked(column, column.name, base.at),
      }));
  }
  const value = analyseUngrouped(base, scope);
  if (value.type.kind !== 'STRUCT')
    return failAt(base.at, `Dot-star is not supported for type ${typeName(value.type)}`);
  return value.type.fields.map((field, place) => {
    const name = field.name;
    return {
      name,
      make: () =>
        fieldOf(
          analyse(base, scope),
          name === '' ? physicalField(value.type as Extract<SqlType, { kind: 'STRUCT' }>, place) : name,
          base.at,
        ),
    };
  });
}

function analyseUngrouped(expr: Expr, scope: Scope): Value {
  return scope.inAggregate(() => analyse(expr, scope));
}
