import {
  ANY,
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  type DuckDBConnection,
  DuckDBScalarFunction,
  type DuckDBType,
  type DuckDBValue,
  INTERVAL,
  LIST,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  VARCHAR,
} from '@duckdb/node-api';
import type { RuntimeFunction, RuntimeType } from './define';
import { RUNTIME } from './functions';

const TYPES: Readonly<Record<string, DuckDBType>> = {
  INT64: BIGINT,
  FLOAT64: DOUBLE,
  NUMERIC: DECIMAL(38, 9),
  BIGNUMERIC: DECIMAL(38, 18),
  BOOL: BOOLEAN,
  STRING: VARCHAR,
  BYTES: BLOB,
  DATE,
  TIME,
  DATETIME: TIMESTAMP,
  TIMESTAMP: TIMESTAMPTZ,
  INTERVAL,
  ANY,
};

function duckdb(type: RuntimeType): DuckDBType {
  const element = type.endsWith('[]') ? type.slice(0, -2) : type;
  const single = TYPES[element] ?? VARCHAR;
  return element === type ? single : LIST(single);
}

/**
 * Prepares a connection for translated SQL: sets the time zone UTC and registers the runtime functions. Functions belong
 * to the database instance, so for its other connections this only sets the time zone.
 */
export async function setupConnection(connection: DuckDBConnection): Promise<void> {
  await connection.run("SET TimeZone = 'UTC'");
  const registered = await connection.runAndReadAll(
    "SELECT 1 FROM duckdb_functions() WHERE function_name = 'bq_concat' LIMIT 1",
  );
  if (registered.currentRowCount > 0) return;
  for (const one of RUNTIME) connection.registerScalarFunction(scalar(one));
}

function scalar(one: RuntimeFunction): DuckDBScalarFunction {
  const run = one.run as (...args: DuckDBValue[]) => DuckDBValue;
  return DuckDBScalarFunction.create({
    name: one.name,
    parameterTypes: one.parameters.map(duckdb),
    varArgsType: one.rest ? ANY : undefined,
    returnType: duckdb(one.returns),
    specialHandling: true,
    volatile: one.volatile,
    mainFunction: (info, input, output) => {
      try {
        const columns = Array.from({ length: input.columnCount }, (_, place) => input.getColumnVector(place));
        for (let row = 0; row < input.rowCount; row += 1) {
          const args = columns.map((column) => column.getItem(row) as DuckDBValue);
          output.setItem(row, !one.takesNull && args.includes(null) ? null : run(...args));
        }
        output.flush();
      } catch (error) {
        info.setError(error instanceof Error ? error.message : String(error));
      }
    },
  });
}
