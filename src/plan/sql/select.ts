import { parseTableName, standardName } from '../../rules/tableReference';
import type { SideInput } from '../../rules/types';
import { type Field, fieldNamed, isNested, sameName } from '../schema';

/** The source and the columns of a generated SELECT. */
export interface Selection {
  /** The table in backticks. */
  readonly from: string;
  readonly alias: string;
  /** Columns of `from`. */
  readonly columns: readonly Field[];
  /** Columns of the destination, the only ones to select; undefined if unknown: then all of `columns` are selected. */
  readonly wanted?: readonly Field[];
  /** Column → SQL expression. */
  readonly transform: Readonly<Record<string, string>>;
  readonly uniqueColumns: readonly string[];
  readonly sideInputs: readonly SideInput[];
  /** Text that starts with ` WHERE`; empty for all rows. */
  readonly where: string;
}

/** A column of the result. */
interface OutputColumn {
  readonly name: string;
  /** Column of `from` with that name; undefined for a column that only Transform names. */
  readonly source?: Field;
  /** Expression of Transform; undefined for a column that is copied unchanged. */
  readonly expression?: string;
}

/**
 * The SELECT that takes the rows out of a temporary table. With unique columns it keeps one row per key: by GROUP BY if
 * every column can be grouped, otherwise by ROW_NUMBER (docs/compatibility.md#dedupe).
 *
 * @example select({ ...selection, where: ' WHERE t.id > 3' }) // 'SELECT t.id AS id \nFROM `p.temp.t_777` t   WHERE t.id > 3'
 */
export function select(selection: Selection): string {
  if (selection.uniqueColumns.length === 0) return plain(selection);
  return isNested(selection.columns) ? numbered(selection) : grouped(selection);
}

/** Names of the columns of `select`, in its order. */
export function selectedNames(selection: Selection): readonly string[] {
  return outputColumns(selection).map(({ name }) => name);
}

function plain(selection: Selection): string {
  const { from, alias, sideInputs, where } = selection;
  const columns = outputColumns(selection).map((column) => `${valueIn(column, alias)} AS ${identifier(column.name)}`);
  return `SELECT ${columns.join(', ')} \nFROM ${from} ${alias} ${joins(sideInputs)} ${where}`;
}

function grouped(selection: Selection): string {
  const { from, alias, columns: source, sideInputs, where, uniqueColumns } = selection;
  const output = outputColumns(selection);
  const qualified = sideInputs.length > 0;
  const columns = output.map((column) => {
    const name = identifier(column.name);
    if (isKey(column, uniqueColumns)) return qualified ? `${alias}.${name} AS ${name}` : name;
    return `MAX(${valueIn(column, alias)}) AS ${name}`;
  });
  // A key that is transformed or not selected has no position in the projection.
  const keys = uniqueColumns.map((unique) => {
    const position = output.findIndex((column) => isKey(column, [unique]));
    return position < 0 ? keyExpression(unique, source, alias) : String(position + 1);
  });
  const tail = `FROM ${from} ${alias} ${joins(sideInputs)}\n${where}\nGROUP BY ${keys.join(', ')}`;
  return `SELECT ${columns.join(', ')} \n${tail}`;
}

function numbered(selection: Selection): string {
  const { from, alias, columns, sideInputs, where, uniqueColumns } = selection;
  const outer = outputColumns(selection).map((column) => `${valueIn(column, alias)} AS ${identifier(column.name)}`);
  const inner = columns.map(({ name }) => identifier(name)).join(', ');
  const keys = uniqueColumns.map((unique) => keyExpression(unique, columns)).join(',');
  // Condition and keys are part of the inner query, which declares the alias only if one of them uses it.
  const source = new RegExp(String.raw`(?<![\w.])${alias}\.`).test(`${keys} ${where}`) ? `${from} ${alias}` : from;
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

/**
 * A unique column in SQL: a column, a field of a record with each part of its path quoted, or any other expression as the rule
 * writes it.
 *
 * @param alias qualifies the column, if given.
 * @example keyExpression('event.group', columns) // 'event.`group`'
 */
function keyExpression(unique: string, columns: readonly Field[], alias?: string): string {
  const parts = unique.split('.');
  const column = fieldNamed(columns, parts[0] ?? '');
  if (!column || !parts.every((part) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(part))) return unique;
  const path = [column.name, ...parts.slice(1)].map(identifier).join('.');
  return alias === undefined ? path : `${alias}.${path}`;
}

/**
 * The columns of the result, in order: the selected columns of `from` in the table's order, then the other keys of Transform
 * in ascending order. BigQuery ignores the case of column names, so a key `Name` transforms the column `name`.
 */
function outputColumns({ columns, wanted, transform }: Selection): readonly OutputColumn[] {
  const selected = wanted ? columns.filter(({ name }) => fieldNamed(wanted, name)) : columns;
  const transforms = Object.entries(transform);
  const ofTable = selected.map((source): OutputColumn => {
    const [, expression] = transforms.find(([key]) => sameName(key, source.name)) ?? [];
    return { name: source.name, source, expression };
  });
  const extra = transforms
    .filter(([key]) => !fieldNamed(selected, key))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, expression]): OutputColumn => ({ name, expression }));
  return [...ofTable, ...extra];
}

/** The JOIN clauses of side inputs; empty without side inputs. */
function joins(sideInputs: readonly SideInput[]): string {
  return sideInputs
    .map(({ table, from, alias, on, inner }) => {
      const source = table === undefined ? `(${from ?? ''})` : joinedTable(table);
      return ` ${inner ? '' : 'LEFT'} JOIN ${source} ${alias} ON ${on}`;
    })
    .join('\n  ');
}

/** A table as the rule writes it. `project:dataset.table`, which standard SQL does not accept, is rewritten. */
function joinedTable(text: string): string {
  const name = text.includes(':') ? parseTableName(text) : undefined;
  return name ? `\`${standardName(name)}\`` : text;
}

/**
 * The name of a column in SQL, in backticks only if it needs them.
 *
 * @example identifier('group') // '`group`'
 */
export function identifier(name: string): string {
  const plain = /^[A-Za-z_]\w*$/.test(name) && !RESERVED.has(name.toUpperCase());
  return plain ? name : `\`${name}\``;
}

/** Reserved words of GoogleSQL. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'ALL AND ANY ARRAY AS ASC ASSERT_ROWS_MODIFIED AT BETWEEN BY CASE CAST COLLATE CONTAINS CREATE CROSS CUBE CURRENT ' +
    'DEFAULT DEFINE DESC DISTINCT ELSE END ENUM ESCAPE EXCEPT EXCLUDE EXISTS EXTRACT FALSE FETCH FOLLOWING FOR FROM FULL ' +
    'GROUP GROUPING GROUPS HASH HAVING IF IGNORE IN INNER INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LIKE LIMIT LOOKUP ' +
    'MERGE NATURAL NEW NO NOT NULL NULLS OF ON OR ORDER OUTER OVER PARTITION PRECEDING PROTO QUALIFY RANGE RECURSIVE ' +
    'RESPECT RIGHT ROLLUP ROWS SELECT SET SOME STRUCT TABLESAMPLE THEN TO TREAT TRUE UNBOUNDED UNION UNNEST USING WHEN ' +
    'WHERE WINDOW WITH WITHIN'
  ).split(' '),
);
