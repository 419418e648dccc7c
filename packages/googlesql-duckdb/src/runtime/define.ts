import type { DuckDBValue } from '@duckdb/node-api';
import type { ScalarName } from '../types';

/** Types of parameters and results, in BigQuery's names; `ANY` takes values of every type. */
export type RuntimeType =
  | Exclude<ScalarName, 'JSON' | 'GEOGRAPHY'>
  | 'STRING[]'
  | 'INT64[]'
  | 'DATE[]'
  | 'TIMESTAMP[]'
  | 'NUMERIC[]'
  | 'FLOAT64[]'
  | 'ANY'
  | 'BYTES[]'
  | 'BOOL[]';

/** A scalar function of DuckDB that is written in TypeScript, because DuckDB has none that does as BigQuery does. */
export interface RuntimeFunction {
  readonly name: string;
  readonly parameters: readonly RuntimeType[];
  readonly returns: RuntimeType;
  /** Further arguments of any type may follow. */
  readonly rest: boolean;
  /** It is called for NULL arguments too; otherwise NULL gives NULL. */
  readonly takesNull: boolean;
  readonly volatile: boolean;
  readonly run: (...args: never[]) => DuckDBValue;
}

/**
 * Defines a function by its signature.
 *
 * @example define('bq_reverse(STRING) -> STRING', (text: string) => [...text].reverse().join(''))
 * @param signature `name(TYPE, TYPE...) -> TYPE`; `+` before the name: takes NULLs, `!`: volatile, `...` last: more arguments.
 */
export function define(signature: string, run: (...args: never[]) => DuckDBValue): RuntimeFunction {
  const match = /^([+!]*)(\w+)\(([^)]*)\) -> (\S+)$/.exec(signature);
  if (match === null) throw new TypeError(`not a signature: ${signature}`);
  const list = (match[3] ?? '').split(',').map((one) => one.trim());
  const rest = list.at(-1) === '...';
  const parameters = list.filter((one) => one !== '' && one !== '...') as RuntimeType[];
  const flags = match[1] ?? '';
  return {
    name: match[2] ?? '',
    parameters,
    returns: (match[4] ?? 'STRING') as RuntimeType,
    rest,
    takesNull: flags.includes('+'),
    volatile: flags.includes('!'),
    run,
  };
}

/** An error that the query fails with. */
export function fail(message: string): never {
  throw new Error(message);
}
