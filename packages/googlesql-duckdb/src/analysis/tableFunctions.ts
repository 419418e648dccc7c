import { quoted } from '../duckdb/names';
import type { Expr, FromItem } from '../syntax/tree';
import { failAt, freshName } from './context';
import { analyseSource } from './from';
import type { Column, Scope, Source } from './scope';
import { textLiteral } from './values';

type TableFunction = Extract<FromItem, { kind: 'function' }>;

/** Translates RANGE_SESSIONIZE, the only table function: the input rows with the session of each range. */
export function analyseTableFunction(item: TableFunction, scope: Scope): { sql: string; source: Source } {
  if (item.name.toUpperCase() !== 'RANGE_SESSIONIZE')
    return failAt(item.at, `Table-valued function not found: ${item.name}`);
  const [rangeArg, keysArg, optionArg] = item.args;
  const { input } = item;
  if ((input?.kind !== 'table' && input?.kind !== 'query') || rangeArg === undefined || keysArg?.kind !== 'array')
    return failAt(item.at, 'No matching signature for table-valued function RANGE_SESSIONIZE');
  const option = optionArg === undefined ? 'MEETS' : textOf(optionArg).toUpperCase();
  if (option !== 'MEETS' && option !== 'OVERLAPS')
    failAt(optionArg?.at ?? item.at, `Invalid sessionize option: ${option}; must be MEETS or OVERLAPS`);
  const { sql, source } = analyseSource(input, scope);
  const columns = source.columns.filter((column) => column.hidden !== true);
  const range = columnOf(columns, rangeArg);
  if (range.type.kind !== 'RANGE') return failAt(rangeArg.at, `Column ${range.name} is not a RANGE`);
  const keys = keysArg.items.map((key) => columnOf(columns, key).sql);
  const partition = keys.length === 0 ? '' : `PARTITION BY ${keys.join(', ')}`;
  const session = `bq_range_session(${range.sql}, list(${range.sql}) OVER (${partition}), ${textLiteral(range.type.element.kind)}, ${option === 'MEETS'})`;
  const made: Column[] = [
    ...columns.map((column) => ({ ...column })),
    { name: 'session_range', type: range.type, sql: session },
  ];
  const relation = quoted(freshName(scope.context, item.alias ?? 'sessions'));
  return {
    sql: `(SELECT ${made.map((column) => `${column.sql} AS ${quoted(column.name)}`).join(', ')} FROM ${sql}) AS ${relation}`,
    source: {
      alias: item.alias,
      columns: made.map(({ name, type }) => ({ name, type, sql: `${relation}.${quoted(name)}` })),
    },
  };
}

function textOf(expr: Expr): string {
  return expr.kind === 'literal' && expr.type === 'STRING'
    ? expr.value
    : failAt(expr.at, 'Arguments of RANGE_SESSIONIZE must be STRING literals');
}

function columnOf(columns: readonly Column[], expr: Expr): Column {
  const name = textOf(expr);
  return (
    columns.find((column) => column.name.toLowerCase() === name.toLowerCase()) ??
    failAt(expr.at, `Unrecognized name: ${name}`)
  );
}
