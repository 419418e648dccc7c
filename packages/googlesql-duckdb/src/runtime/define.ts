import type { DuckDBValue } from '@duckdb/node-api';
import type { ScalarName } from '../types';

/** GoogleSQL names of parameter and result types. `ANY` accepts every type. */
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

/** A DuckDB scalar function in TypeScript, for BigQuery functions without an equivalent in DuckDB. */
export interface RuntimeFunction {
  readonly name: string;
  readonly parameters: readonly RuntimeType[];
  readonly returns: RuntimeType;
  /** True if any number of further arguments of any type may follow. */
  readonly rest: boolean;
  /** True if it is called with NULL arguments. Otherwise a NULL argument makes the result NULL. */
  readonly takesNull: boolean;
  readonly volatile: boolean;
  readonly run: (...args: never[]) => DuckDBValue;
}

/**
 * Defines a function by its signature.
 *
 * @example define('bq_reverse(STRING) -> STRING', (text: string) => [...text].reverse().join(''))
 * @param signature `name(TYPE, TYPE...) -> TYPE`. Before the name, `+` means takesNull and `!` volatile. A final `...`
 *   means rest.
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

/** Makes the query fail with a message. */
export function fail(message: string): never {
  throw new Error(message);
}
