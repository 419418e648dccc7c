import { quoted } from '../duckdb/names';
import type { SqlType } from '../types';
import { type CommonTables, type Context, failAt } from './context';
import type { Value } from './values';

/** A column of a FROM item. */
export interface Column {
  readonly name: string;
  readonly type: SqlType;
  readonly sql: string;
  /** True for pseudo columns such as _PARTITIONTIME, which `*` does not include. */
  readonly hidden?: boolean;
  /** One side of a USING column, which only a qualified name finds. */
  readonly merged?: boolean;
}

/** A table, subquery or UNNEST in FROM. */
export interface Source {
  readonly alias?: string;
  readonly columns: readonly Column[];
  /** The row itself, for UNNEST and value tables: the alias names it. */
  readonly value?: Value;
}

interface Grouping {
  /** DuckDB SQL of the grouping keys. */
  readonly keys: ReadonlySet<string>;
  active: boolean;
}

/** The names that an expression can use: those of its SELECT, then those of the enclosing queries. */
export class Scope {
  readonly context: Context;
  readonly sources: Source[] = [];
  readonly parent?: Scope;
  readonly tables: CommonTables;
  /** Columns merged by USING. Unqualified names find them first. */
  readonly merged: Column[] = [];
  /** Aliases of the SELECT list, set for clauses that may use them (ORDER BY, HAVING, QUALIFY). */
  aliases?: ReadonlyMap<string, Value>;
  grouping?: Grouping;
  /** Arguments of lambdas and SQL functions, and WITH(...) variables, by name in lower case. */
  readonly locals = new Map<string, Value>();
  /** SQL of the named windows, by name in lower case. */
  windows: ReadonlyMap<string, string> = new Map();
  /** The clause that forbids aggregate and window functions. */
  withoutAggregates?: string;
  insideAggregate = false;

  constructor(context: Context, parent?: Scope, tables: CommonTables = new Map()) {
    this.context = context;
    this.parent = parent;
    this.tables = tables;
  }

  /** The column, alias or source with that name, here or in an enclosing scope. */
  find(name: string, at: number): Value | undefined {
    const wanted = name.toLowerCase();
    const local = this.locals.get(wanted);
    if (local !== undefined) return local;
    const alias = this.insideAggregate ? undefined : this.aliases?.get(wanted);
    if (alias !== undefined) return alias;
    const merged = this.merged.find((column) => column.name.toLowerCase() === wanted);
    if (merged !== undefined) return this.checked(merged, name, at);
    const columns = this.sources.flatMap((source) =>
      source.columns.filter((column) => column.merged !== true && column.name.toLowerCase() === wanted),
    );
    const values = this.sources.filter(
      (source) => source.alias?.toLowerCase() === wanted && source.value !== undefined,
    );
    if (columns.length + values.length > 1 && values.length !== 1) failAt(at, `Column name ${name} is ambiguous`);
    const value = values[0]?.value;
    if (value !== undefined) return this.checked({ name, type: value.type, sql: value.sql }, name, at);
    const column = columns[0];
    if (column !== undefined) return this.checked(column, name, at);
    const source = this.sources.find((one) => one.alias?.toLowerCase() === wanted);
    if (source !== undefined) return this.row(source, name, at);
    return this.parent?.find(name, at);
  }

  /** The source with that alias, here or in an enclosing scope. */
  findSource(alias: string): { source: Source; scope: Scope } | undefined {
    const wanted = alias.toLowerCase();
    const source = this.sources.find((one) => one.alias?.toLowerCase() === wanted);
    if (source !== undefined) return { source, scope: this };
    return this.parent?.findSource(alias);
  }

  /** The value of a column; fails in a grouped query if the column is no grouping key. */
  checked(column: Column, name: string, at: number): Value {
    const grouping = this.grouping;
    if (grouping?.active === true && !this.insideAggregate && !grouping.keys.has(column.sql)) {
      failAt(at, `SELECT list expression references column ${name} which is neither grouped nor aggregated`);
    }
    return { sql: column.sql, type: column.type };
  }

  /** A whole row of a source as a struct. */
  row(source: Source, name: string, at: number): Value {
    const columns = source.columns.filter((column) => column.hidden !== true);
    const values = columns.map((column) => this.checked(column, name, at));
    const type: SqlType = {
      kind: 'STRUCT',
      fields: columns.map((column) => ({ name: column.name, type: column.type })),
    };
    return {
      sql: `struct_pack(${columns.map((column, place) => `${quoted(column.name)} := ${values[place]?.sql}`).join(', ')})`,
      type,
    };
  }

  /** Runs `work` inside an aggregate function, where columns need not be grouping keys. */
  inAggregate<T>(work: () => T): T {
    const before = this.insideAggregate;
    this.insideAggregate = true;
    try {
      return work();
    } finally {
      this.insideAggregate = before;
    }
  }

  /** All names that an expression can use, for "Did you mean". */
  names(): string[] {
    const own = this.sources.flatMap((source) => [
      ...(source.alias === undefined ? [] : [source.alias]),
      ...source.columns.filter((one) => one.hidden !== true).map((column) => column.name),
    ]);
    return [...own, ...(this.parent?.names() ?? [])];
  }
}

/** BigQuery's `; Did you mean x?` when one of the names is similar, else an empty text. */
export function suggestion(name: string, names: readonly string[]): string {
  // Every single letter is one edit from every other.
  const limit = name.length < 2 ? 0 : Math.ceil(name.length * 0.2);
  let best: { name: string; distance: number } | undefined;
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name: candidate, distance };
  }
  return best === undefined ? '' : `; Did you mean ${best.name}?`;
}

function editDistance(one: string, two: string): number {
  let row = Array.from({ length: two.length + 1 }, (_, place) => place);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= two.length; j += 1) {
      const cost = one[i - 1] === two[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row[two.length] ?? 0;
}
