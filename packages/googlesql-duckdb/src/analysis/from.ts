import { quoted } from '../duckdb/names';
import type { FromItem } from '../syntax/tree';
import { INT64, type SqlType, typeName } from '../types';
import { failAt, freshName } from './context';
import { analyse } from './expressions';
import { analyseJoin } from './joins';
import { analysePivot, analyseUnpivot } from './pivot';
import { analyseQuery } from './queries';
import type { Column, Scope, Source } from './scope';
import { analyseTableFunction } from './tableFunctions';
import { analyseTable, arrayPath } from './tables';
import type { Value } from './values';

/** Translates a FROM clause and adds its sources to the scope. */
export function analyseFrom(item: FromItem, scope: Scope): string {
  switch (item.kind) {
    case 'join':
      return analyseJoin(item, scope);
    case 'sample':
      return `${analyseFrom(item.source, scope)} TABLESAMPLE ${analyse(item.percent, scope).sql.replace(/^CAST\('?([\d.]+)'? AS \w+\)$/, '$1')} PERCENT (system)`;
    default: {
      const { sql, source } = analyseSource(item, scope);
      addSource(scope, source, item.at);
      return sql;
    }
  }
}

type Single = Exclude<FromItem, { kind: 'join' | 'sample' }>;

/** Translates one FROM item that is not a join. */
export function analyseSource(item: Single, scope: Scope): { sql: string; source: Source; lateral?: boolean } {
  switch (item.kind) {
    case 'table': {
      const path = arrayPath(item.path, scope);
      return path === undefined
        ? analyseTable(item, scope)
        : analyseUnnest(
            {
              kind: 'unnest',
              value: path,
              alias: item.alias ?? item.path.parts.at(-1),
              offset: item.offset,
              at: item.at,
            },
            scope,
          );
    }
    case 'unnest':
      return analyseUnnest(item, scope);
    case 'query': {
      const result = analyseQuery(item.query, scope.context, scope.parent, scope.tables);
      return derived(result, item.alias, scope);
    }
    case 'function':
      return analyseTableFunction(item, scope);
    case 'pivot':
      return analysePivot(item, scope);
    default:
      return analyseUnpivot(item, scope);
  }
}

/** A translated query as a source. */
export function derived(
  result: {
    sql: string;
    columns: ReadonlyArray<{ name: string; sql: string; type: SqlType; partitions?: readonly number[] }>;
    valueTable: boolean;
  },
  alias: string | undefined,
  scope: Scope,
): { sql: string; source: Source } {
  const relation = quoted(freshName(scope.context, alias ?? 'q'));
  for (const { sql, partitions } of result.columns) scope.context.filters.addName(partitions, `${relation}.${sql}`);
  const [only] = result.columns;
  if (result.valueTable && only !== undefined) {
    return {
      sql: `(${result.sql}) AS ${relation}`,
      source: valueSource(alias, { sql: `${relation}.${only.sql}`, type: only.type }),
    };
  }
  const columns = result.columns.map(
    (column): Column => ({ name: column.name, type: column.type, sql: `${relation}.${column.sql}` }),
  );
  return { sql: `(${result.sql}) AS ${relation}`, source: { alias, columns } };
}

/** A source whose rows are values. The fields of a struct are its columns. */
export function valueSource(alias: string | undefined, value: Value): Source {
  const type = value.type;
  if (type.kind !== 'STRUCT') return { alias, columns: [{ name: alias ?? '', type, sql: value.sql }], value };
  const columns = type.fields.map(
    (field, place): Column => ({
      name: field.name,
      type: field.type,
      sql: `struct_extract(${value.sql}, '${(field.name || `_field_${place + 1}`).replaceAll("'", "''")}')`,
    }),
  );
  return { alias, columns, value };
}

function analyseUnnest(
  item: Extract<FromItem, { kind: 'unnest' }>,
  scope: Scope,
): { sql: string; source: Source; lateral: boolean } {
  const array = analyse(item.value, scope);
  if (array.type.kind !== 'ARRAY')
    return failAt(
      item.value.at,
      `Values referenced in UNNEST must be arrays. UNNEST contains expression of type ${typeName(array.type)}`,
    );
  const relation = quoted(freshName(scope.context, item.alias ?? 'u'));
  const value: Value = { sql: `${relation}."value"`, type: array.type.element };
  const source = valueSource(item.alias, value);
  if (item.offset === undefined)
    return { sql: `LATERAL (SELECT unnest(${array.sql}) AS "value") AS ${relation}`, source, lateral: true };
  const offset: Column = { name: item.offset.alias ?? 'offset', type: INT64, sql: `${relation}."offset"` };
  const sql = `LATERAL (SELECT unnest(${array.sql}) AS "value", unnest(range(0, len(${array.sql}))) AS "offset") AS ${relation}`;
  return { sql, source: { ...source, columns: [...source.columns, offset] }, lateral: true };
}

function addSource(scope: Scope, source: Source, at: number): void {
  const alias = source.alias?.toLowerCase();
  if (alias !== undefined && scope.sources.some((one) => one.alias?.toLowerCase() === alias))
    failAt(at, `Duplicate table alias ${source.alias} in the same FROM clause`);
  scope.sources.push(source);
}
