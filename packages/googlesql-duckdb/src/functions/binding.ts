import { lambdaParameter } from '../duckdb/lambda';

const ARGUMENTS = lambdaParameter('arguments');

/** What may be evaluated twice, at no cost: a constant, which may stand in a lambda, too. */
const CONSTANT = /^(?:'(?:[^']|'')*'|CAST\('?-?[\d.]+'? AS [A-Z]+\))$/;

/** A column. DuckDB does not find those of a subquery in a lambda when the subquery is correlated. */
const COLUMN = /^"(?:[^"]|"")*"\."(?:[^"]|"")*"$/;

/** An interval's count and part, which stand for two arguments. */
const STEP = /^(\([\s\S]*\)), ('[A-Z]+')$/;

/**
 * An expression over arguments that are evaluated once, in front of it: DuckDB has no LET, but a list of one struct does.
 * The body may not see what lambdas and TRY refuse to hold: aggregates, windows, subqueries.
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

/** NULL where the expression fails; where its arguments fail, the query does. */
export function safely(args: readonly string[], body: (names: readonly string[]) => string): string {
  return bound(args, (names) => `TRY(${body(names)})`);
}
