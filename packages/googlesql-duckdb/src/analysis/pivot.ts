import { quoted } from '../duckdb/names';
import type { CallExpr, Expr, FromItem } from '../syntax/tree';
import { STRING, samePhysical, typeName } from '../types';
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

/** Translates PIVOT: one group per combination of the remaining columns, one column per key and aggregate. */
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
      // Fails with BigQuery's message if the key and the column cannot be compared.
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
  return derived({ sql: `SELECT ${list} FROM ${from}${groups}`, columns, valueTable: false }, item.alias, outer);
}

/** The aggregate over the rows of one key. Other rows pass NULL, which aggregates skip. */
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

/** The column name of a key: its text, with other characters replaced. */
function keyText(key: Expr, item: PivotItem): string {
  if (key.kind !== 'literal' && key.kind !== 'typed') return failAt(item.at, 'PIVOT value needs an alias');
  const text = key.value;
  const name =
    key.kind === 'literal' && key.type === 'BOOL'
      ? text.toLowerCase()
      : text.replace(/^-/, 'minus_').replace(/\./g, '_point_').replaceAll('-', '_');
  return /^\d/.test(name) ? `_${name}` : name;
}

/** Translates UNPIVOT: one row per column or group of columns. */
export function analyseUnpivot(item: UnpivotItem, outer: Scope): Made {
  const scope = new Scope(outer.context, outer.parent, outer.tables);
  const from = analyseFrom(item.source, scope);
  const groups = item.groups.map((group) => {
    if (group.columns.length !== item.values.length) {
      failAt(
        group.at,
        `The number of new columns introduced as value columns must be the same as the number of columns in UNPIVOT IN clause`,
      );
    }
    const values = group.columns.map(
      (column) => scope.find(column, group.at) ?? failAt(group.at, `Unrecognized name: ${column}`),
    );
    return { ...group, values };
  });
  const types = item.values.map(
    (_name, place) =>
      supertype(groups.flatMap(({ values }) => values.slice(place, place + 1))) ??
      failAt(item.at, `UNPIVOT columns must have the same type`),
  );
  const away = new Set(groups.flatMap(({ columns }) => columns.map((column) => column.toLowerCase())));
  const kept = scope.sources
    .flatMap((source) => source.columns)
    .filter((column) => column.hidden !== true && !away.has(column.name.toLowerCase()));
  const selects = groups.map(({ columns, label, values, at }) => {
    const made = values.map((value, place) => {
      const type = types[place] ?? value.type;
      const fits = samePhysical(value.type, type) ? value : coerce(value, type);
      return fits ?? failAt(at, `Column ${columns[place]} of type ${typeName(value.type)} does not fit UNPIVOT`);
    });
    const list = [
      ...kept.map((column) => `${column.sql} AS ${quoted(column.name)}`),
      ...made.map((value, place) => `${value.sql} AS ${quoted(item.values[place] ?? '')}`),
      `${label === undefined ? textLiteral(columns.join('_')) : analyse(label, scope).sql} AS ${quoted(item.name)}`,
    ];
    const some = made.map((value) => `${value.sql} IS NOT NULL`).join(' OR ');
    return `SELECT ${list.join(', ')} FROM ${from}${item.includeNulls ? '' : ` WHERE ${some}`}`;
  });
  const label = item.groups[0]?.label;
  const all = [
    ...kept.map((column) => ({ name: column.name, type: column.type })),
    ...item.values.map((name, place) => ({ name, type: types[place] ?? STRING })),
    { name: item.name, type: label === undefined ? STRING : analyse(label, scope).type },
  ];
  return derived(
    {
      sql: selects.join(' UNION ALL '),
      columns: all.map((column) => ({ ...column, sql: quoted(column.name) })),
      valueTable: false,
    },
    item.alias,
    outer,
  );
}
