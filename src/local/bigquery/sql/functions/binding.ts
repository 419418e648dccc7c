/** What may stand in a lambda and be evaluated twice. */
const SIMPLE = /^(?:"(?:[^"]|"")*"\."(?:[^"]|"")*"|'(?:[^']|'')*'|CAST\('?-?[\d.]+'? AS [A-Z]+\)|s\."?\w+"?)$/;

/** An interval's count and part, which stand for two arguments. */
const STEP = /^(\([\s\S]*\)), ('[A-Z]+')$/;

/**
 * An expression over arguments that are evaluated once, in front of it: DuckDB has no LET, but a list of one struct does.
 * The body may not see what lambdas and TRY refuse to hold: aggregates, windows, subqueries.
 */
export function bound(args: readonly string[], body: (names: readonly string[]) => string): string {
  const packed: string[] = [];
  const names = args.map((arg) => {
    if (SIMPLE.test(arg)) return arg;
    const step = STEP.exec(arg);
    const name = `a${packed.length + 1}`;
    packed.push(`"${name}" := ${step?.[1] ?? arg}`);
    return step === null ? `s.${name}` : `s.${name}, ${step[2]}`;
  });
  return packed.length === 0
    ? body(names)
    : `list_transform([struct_pack(${packed.join(', ')})], lambda s: ${body(names)})[1]`;
}

/** NULL where the expression fails; where its arguments fail, the query does. */
export function safely(args: readonly string[], body: (names: readonly string[]) => string): string {
  return bound(args, (names) => `TRY(${body(names)})`);
}
