import { quoted } from '../../database';
import type { CallExpr, Expr, FromItem } from '../syntax/tree';
import { type SqlType, STRING, samePhysical, typeName } from '../types';
import { AGGREGATES } from './aggregates';
import { children } from './aggregation';
import { compare } from './comparisons';
import { failAt } from './context';
import { analyse } from './expressions';
import { analyseFrom, derived } from './from';
import { Scope, type Source } from './scope';
import { coerce, supertype, textLiteral } from './values';

type PivotItem = Extract<FromItem, { kind: 'pivot' }>;
type UnpivotItem = Extract<FromItem, { kind: 'unpivot' }>;
interface Made {
  readonly sql: string;
  readonly source: Source;
}

/** PIVOT: one group for each combination of the columns left, one column for each key and aggregate. */
export function analysePivot(item: PivotItem, outer: Scope): Made {
  const scope = new Scope(outer.context, outer.parent, outer.tables);
  const from = analyseFrom(item.source, scope);
  const used = new Set([...item.values.map((one) => one.value), item.column].flatMap(namesIn));
  const kept = scope.sources
    .flatMap((source) => source.columns)
    .filter((column) => column.hidden !== true && !used.has(column.name.toLowerCase()));
  const column = analyse(item.column, scope);
  const made = item.keys.flatMap((key) => {
    const wanted = analyse(key.value, scope);
    return item.values.map((value) => {
      if (value.value.kind !== 'call' || !AGGREGATES.has(value.value.name))
        return failAt(value.value.at, 'PIVOT expression must be an aggregate function call');
      // checks that the two compare, with the right message
      compare('=', column, wanted, key.value.at);
      const aggregate = analyse(forKey(value.value, item.column, key.value), scope);
      const keyName = key.alias ?? keyText(key.value, item);
      const name =
        value.alias === undefined
          ? item.values.length > 1
            ? failAt(value.value.at, 'PIVOT expression must have an alias when there is more than one')
            : keyName
          : `${value.alias}_${keyName}`;
      return { name, value: aggregate };
    });
  });
  const columns = [
    ...kept.map((one) => ({ name: one.name, type: one.type, sql: quoted(one.name) })),
    ...made.map((one) => ({ name: one.name, type: one.value.type, sql: quoted(one.name) })),
  ];
  const list = [
    ...kept.map((one) => `${one.sql} AS ${quoted(one.name)}`),
    ...made.map((one) => `${one.value.sql} AS ${quoted(one.name)}`),
  ].join(', ');
  const groups = kept.length === 0 ? '' : ` GROUP BY ${kept.map((one) => one.sql).join(', ')}`;
  return derived(
    { sql: `SELECT ${list} FROM ${from}${groups}`, columns, valueTable: false },
    item.alias ?? null,
    outer,
  );
}

/** The aggregate over the rows of one key: others give it NULL, which aggregates skip. */
function forKey(call: CallExpr, column: Expr, key: Expr): CallExpr {
  const test: Expr = { kind: 'binary', op: '=', left: column, right: key, at: call.at };
  const only = (value: Expr): Expr => ({ kind: 'case', whens: [{ when: test, result: value }], at: call.at });
  if (call.star) return { ...call, star: false, name: 'COUNTIF', args: [test] };
  const [first, ...rest] = call.args;
  if (first === undefined) return call;
  return { ...call, args: [only(first), ...rest], nulls: call.name === 'ARRAY_AGG' ? 'IGNORE' : call.nulls };
}

function namesIn(expr: Expr): string[] {
  return expr.kind === 'name' ? [expr.name.toLowerCase()] : children(expr).flatMap(namesIn);
}

/** Name of a key's column: its text, as a name. */
function keyText(key: Expr, item: PivotItem): string {
  if (key.kind !== 'literal' && key.kind !== 'typed') return failAt(item.at, 'PIVOT value needs an alias');
  const text = key.value;
  const name =
    key.kind === 'literal' && key.type === 'BOOL'
      ? text.toLowerCase()
      : text.replace(/^-/, 'minus_').replace(/\./g, '_point_').replaceAll('-', '_');
  return /^\d/.test(name) ? `_${name}` : name;
}

/** UNPIVOT: a row for each column. */
export function analyseUnpivot(item: UnpivotItem, outer: Scope): Made {
  const scope = new Scope(outer.context, outer.parent, outer.tables);
  const from = analyseFrom(item.source, scope);
  const columns = item.columns.map((one) => ({
    ...one,
    value: scope.find(one.column, one.at) ?? failAt(one.at, `Unrecognized name: ${one.column}`),
  }));
  const type = supertype(columns.map((one) => one.value)) ?? failAt(item.at, `UNPIVOT columns must have the same type`);
  const away = new Set(columns.map((one) => one.column.toLowerCase()));
  const kept = scope.sources
    .flatMap((source) => source.columns)
    .filter((column) => column.hidden !== true && !away.has(column.name.toLowerCase()));
  const selects = columns.map((one) => {
    const value = samePhysical(one.value.type, type)
      ? one.value
      : (coerce(one.value, type) ??
        failAt(one.at, `Column ${one.column} of type ${typeName(one.value.type)} does not fit UNPIVOT`));
    const label = one.label === undefined ? textLiteral(one.column) : analyse(one.label, scope).sql;
    const list = [
      ...kept.map((column) => `${column.sql} AS ${quoted(column.name)}`),
      `${value.sql} AS ${quoted(item.value)}`,
      `${label} AS ${quoted(item.name)}`,
    ];
    return `SELECT ${list.join(', ')} FROM ${from}${item.includeNulls ? '' : ` WHERE ${value.sql} IS NOT NULL`}`;
  });
  const labelType: SqlType = item.columns[0]?.label === undefined ? STRING : analyse(item.columns[0].label, scope).type;
  const all = [
    ...kept.map((column) => ({ name: column.name, type: column.type })),
    { name: item.value, type },
    { name: item.name, type: labelType },
  ];
  return derived(
    {
      sql: selects.join(' UNION ALL '),
      columns: all.map((column) => ({ ...column, sql: quoted(column.name) })),
      valueTable: false,
    },
    item.alias ?? null,
    outer,
  );
}
