import { quoted } from '../duckdb/names';
import type { Assignment } from '../syntax/tree';
import { fromField, physicalField, typeName } from '../types';
import { fieldOf } from './atoms';
import { type Context, failAt } from './context';
import { analyse, converted } from './expressions';
import type { Scope } from './scope';
import { defaultValue, storedSql } from './storing';
import { columnOf, type Target } from './target';
import type { Value } from './values';

/** The new value of each column in SET. An assignment to a struct field rewrites the whole column. */
export function assignments(
  set: readonly Assignment[],
  target: Target,
  scope: Scope,
  context: Context,
): Array<{ column: string; sql: string }> {
  const byColumn = new Map<string, Assignment[]>();
  for (const one of set) {
    const path =
      one.path[0]?.toLowerCase() === target.scope.sources[0]?.alias?.toLowerCase() &&
      one.path.length > 1 &&
      !target.table.schema.some((field) => field.name.toLowerCase() === one.path[0]?.toLowerCase())
        ? one.path.slice(1)
        : one.path;
    const name = (path[0] ?? '').toLowerCase();
    byColumn.set(name, [...(byColumn.get(name) ?? []), { ...one, path }]);
  }
  return [...byColumn.values()].map((group) => {
    const [first] = group as [Assignment];
    const field = columnOf(target.table, first.path[0] ?? '', first.at);
    const [only] = group;
    if (group.length === 1 && only?.path.length === 1) {
      const value = only.value.kind === 'default' ? defaultValue(field, context) : analyse(only.value, scope);
      return {
        column: quoted(field.name),
        sql: storedSql(
          value,
          field,
          only.value.at,
          (type) =>
            `Value of type ${type} cannot be assigned to ${field.name}, which has type ${typeName(fromField(field))}`,
        ),
      };
    }
    if (group.some((one) => one.path.length === 1))
      failAt(first.at, `Overlapping UPDATE items between ${first.path.join('.')} and ${group.at(-1)?.path.join('.')}`);
    const current: Value = { sql: `${target.alias}.${quoted(field.name)}`, type: fromField(field) };
    return {
      column: quoted(field.name),
      sql: changedStruct(
        current,
        group.map((one) => ({ ...one, path: one.path.slice(1) })),
        scope,
      ),
    };
  });
}

/** The struct with the assigned fields replaced. */
function changedStruct(current: Value, changes: readonly Assignment[], scope: Scope): string {
  const type = current.type;
  const at = changes[0]?.at ?? 0;
  if (type.kind !== 'STRUCT')
    return failAt(at, `Cannot access field ${changes[0]?.path[0]} on a value with type ${typeName(type)}`);
  for (const change of changes) fieldOf(current, change.path[0] ?? '', change.at);
  const fields = type.fields.map((field, place) => {
    const own = changes.filter((change) => change.path[0]?.toLowerCase() === field.name.toLowerCase());
    const name = physicalField(type, place);
    const value = fieldOf(current, name, at);
    const [only] = own;
    if (only === undefined) return `${quoted(name)} := ${value.sql}`;
    if (only.path.length > 1)
      return `${quoted(name)} := ${changedStruct(
        value,
        own.map((one) => ({ ...one, path: one.path.slice(1) })),
        scope,
      )}`;
    const made = analyse(only.value, scope);
    const typed =
      converted(made, field.type, only.value.at) ??
      failAt(
        only.value.at,
        `Value of type ${typeName(made.type)} cannot be assigned to ${field.name}, which has type ${typeName(field.type)}`,
      );
    return `${quoted(name)} := ${typed.sql}`;
  });
  return `struct_pack(${fields.join(', ')})`;
}
