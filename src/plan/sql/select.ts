import { type Field, fieldNamed, isNested, sameName } from '../schema';
import { type OutputColumn, outputColumns } from './columns';
import { identifier } from './identifiers';
import { joins } from './joins';
import type { Selection } from './selection';

/**
 * The SELECT that takes rows out of a temporary table (spec 2, section 2.3). With unique columns one row of each key is
 * left: by GROUP BY where every column can be grouped, else by ROW_NUMBER.
 *
 * @example select({ ...selection, where: ' WHERE t.id > 3' }) // 'SELECT t.id AS id \nFROM `p.temp.t_777` t   WHERE t.id > 3'
 */
export function select(selection: Selection): string {
  if (selection.uniqueColumns.length === 0) return plain(selection);
  return isNested(selection.columns) ? numbered(selection) : grouped(selection);
}

/** Names of the columns that `select` gives, in its order. */
export function selectedNames(selection: Selection): readonly string[] {
  return outputColumns(selection).map(({ name }) => name);
}

function plain(selection: Selection): string {
  const { from, alias, sideInputs, where } = selection;
  const columns = outputColumns(selection).map((column) => `${valueIn(column, alias)} AS ${identifier(column.name)}`);
  return `SELECT ${columns.join(', ')} \nFROM ${from} ${alias} ${joins(sideInputs)} ${where}`;
}

function grouped(selection: Selection): string {
  const { from, alias, sideInputs, where, uniqueColumns } = selection;
  const output = outputColumns(selection);
  const qualified = sideInputs.length > 0;
  const columns = output.map((column) => {
    const name = identifier(column.name);
    if (isKey(column, uniqueColumns)) return qualified ? `${alias}.${name} AS ${name}` : name;
    return `MAX(${valueIn(column, alias)}) AS ${name}`;
  });
  // A key that is transformed or not wanted has no position of its own among the columns.
  const keys = uniqueColumns.map((unique) => {
    const position = output.findIndex((column) => isKey(column, [unique]));
    return position < 0 ? `${alias}.${identifier(unique)}` : String(position + 1);
  });
  const tail = `FROM ${from} ${alias} ${joins(sideInputs)}\n${where}\nGROUP BY ${keys.join(', ')}`;
  return `SELECT ${columns.join(', ')} \n${tail}`;
}

function numbered(selection: Selection): string {
  const { from, alias, columns, sideInputs, where, uniqueColumns } = selection;
  const outer = outputColumns(selection).map((column) => `${valueIn(column, alias)} AS ${identifier(column.name)}`);
  const inner = columns.map(({ name }) => identifier(name)).join(', ');
  const keys = uniqueColumns.map((name) => identifier(spelled(columns, name))).join(',');
  // The condition stands inside, where columns have no alias; one that uses it gets it.
  const source = new RegExp(String.raw`(?<![\w.])${alias}\.`).test(where) ? `${from} ${alias}` : from;
  return (
    `SELECT ${outer.join(', ')}\nFROM (\n  SELECT\n      ${inner},\n` +
    `      ROW_NUMBER() OVER (PARTITION BY ${keys}) row_number\n  FROM ${source} ${where}\n) ${alias} ` +
    `${joins(sideInputs)}\nWHERE row_number = 1`
  );
}

function isKey({ name, source, expression }: OutputColumn, uniqueColumns: readonly string[]): boolean {
  return source !== undefined && expression === undefined && uniqueColumns.some((unique) => sameName(unique, name));
}

function valueIn({ name, expression }: OutputColumn, alias: string): string {
  return expression ?? `${alias}.${identifier(name)}`;
}

function spelled(columns: readonly Field[], name: string): string {
  return fieldNamed(columns, name)?.name ?? name;
}
