import { lambdaParameter } from '../duckdb/lambda';

const ARGUMENTS = lambdaParameter('arguments');

/** A constant. It needs no binding: evaluating it twice costs nothing, and lambdas may contain it. */
const CONSTANT = /^(?:'(?:[^']|'')*'|CAST\('?-?[\d.]+'? AS [A-Z]+\))$/;

/** A column. It needs no binding; in a lambda, DuckDB would not find the columns of a correlated subquery. */
const COLUMN = /^"(?:[^"]|"")*"\."(?:[^"]|"")*"$/;

/** The count and part of an interval, which are two arguments in the SQL. */
const STEP = /^(\([\s\S]*\)), ('[A-Z]+')$/;

/**
 * An expression whose arguments are evaluated once, before its body. DuckDB has no LET, so a list of one struct replaces
 * it. The body contains no aggregates, windows or subqueries, which DuckDB refuses in lambdas and TRY.
 */
export function bound(args: readonly string[], body: (names: readonly string[]) => string): string {
  if (args.every((arg) => CONSTANT.test(arg) || COLUMN.test(arg))) return body(args);
  const packed: string[] = [];
  const names = args.map((arg) => {
    if (CONSTANT.test(arg)) return arg;
    const step = STEP.exec(arg);
    const name = `a${packed.length + 1}`;
    packed.push(`"${name}" := ${step?.[1] ?? arg}`);
    return step === null ? `${ARGUMENTS}.${name}` : `${ARGUMENTS}.${name}, ${step[2]}`;
  });
  return `list_transform([struct_pack(${packed.join(', ')})], lambda ${ARGUMENTS}: ${body(names)})[1]`;
}

/** An expression that is NULL if its body fails. If an argument fails, the query fails. */
export function safely(args: readonly string[], body: (names: readonly string[]) => string): string {
  return bound(args, (names) => `TRY(${body(names)})`);
}
