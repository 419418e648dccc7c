import type { StackFrame } from './contract';

/** The `reason` values of BigQuery errors that a query can fail with. */
export type SqlErrorReason = 'invalidQuery' | 'notFound' | 'invalid' | 'notImplemented' | 'duplicate' | 'accessDenied';

/** A query error with BigQuery's reason, message and location, as in `errorResult` of a query job. */
export class SqlError extends Error {
  readonly reason: SqlErrorReason;
  /** `query` for errors in the query text; undefined for others, such as a missing table. */
  readonly location: string | undefined;

  constructor(reason: SqlErrorReason, message: string, location?: string) {
    super(message);
    this.name = 'SqlError';
    this.reason = reason;
    this.location = location ?? (reason === 'invalidQuery' ? 'query' : undefined);
  }
}

/** An error at an offset of the query text. `withLineAndColumn` converts it to an SqlError with `at [line:column]`. */
export class PositionedError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** An error of a statement in a script, with the stack of running statements. */
export class ScriptError extends SqlError {
  /** The value of `@@error.message`. */
  readonly variableMessage: string;
  /** The innermost statement first. */
  readonly frames: readonly StackFrame[];

  constructor(error: SqlError, frames: readonly StackFrame[]) {
    const [leaf] = frames;
    const isRaised = error instanceof RaisedError;
    const isPlaced = leaf === undefined || (!isRaised && / at \[\d+:\d+\]$/.test(error.message));
    const message = isPlaced ? error.message : `${error.message} at [${leaf.startLine}:${leaf.startColumn}]`;
    const whole = error.reason === 'invalidQuery' ? `Query error: ${message}` : message;
    super(error.reason, whole, error.location);
    this.variableMessage = isRaised ? error.message : whole;
    this.frames = frames;
  }
}

/** The error of RAISE USING MESSAGE. */
export class RaisedError extends SqlError {
  constructor(message: string) {
    super('invalidQuery', message);
  }
}

/** Line and column of an offset, both from 1. As in BigQuery, a tab moves to the next multiple of 8. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let column = 1;
  for (const char of text.slice(0, offset)) {
    if (char === '\n') {
      line += 1;
      column = 1;
    } else {
      column = char === '\t' ? column + 8 - ((column - 1) % 8) : column + 1;
    }
  }
  return { line, column };
}

/** `[line:column]` of an offset. */
function positionOf(text: string, offset: number): string {
  const { line, column } = lineAndColumn(text, offset);
  return `[${line}:${column}]`;
}

/** Converts a PositionedError to an SqlError with its line and column. Returns other errors unchanged. */
export function withLineAndColumn(error: unknown, text: string): unknown {
  if (!(error instanceof PositionedError)) return error;
  return new SqlError('invalidQuery', `${error.message} at ${positionOf(text, error.at)}`);
}

/** Text of a NUMERIC from its units of 10^-9. */
function numericText(units = '0'): string {
  const digits = units.replace('-', '').padStart(10, '0');
  return `${units.startsWith('-') ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, '');
}

const DUCKDB_WORDINGS: ReadonlyArray<readonly [RegExp, (match: RegExpExecArray) => string]> = [
  [
    /Overflow in (?:addition|subtraction|multiplication) of INT64 \((-?\d+) ([-+*]) (-?\d+)\)/,
    (m) => `int64 overflow: ${m[1]} ${m[2]} ${m[3]}`,
  ],
  [/Overflow in negation of (?:integer|INT64|numeric value)/, () => 'int64 overflow: -(-9223372036854775808)'],
  [/(?:Conversion|Out of Range) Error: .*(?:HUGEINT|INT128).*INT64/, () => 'int64 overflow in SUM'],
  [/More than one row returned by a subquery/, () => 'Scalar subquery produced more than one element'],
  [/Could not convert string '([^']*)' to INT64/, (m) => `Bad int64 value: ${m[1]}`],
  [
    /Overflow in (?:addition|subtraction) of DECIMAL\(38\) \((-?\d+) ([-+]) (-?\d+)\)/,
    (m) => `numeric overflow: ${numericText(m[1])} ${m[2]} ${numericText(m[3])}`,
  ],
  [/DECIMAL\(38.*out of range|decimal.*out of range/i, () => 'numeric overflow'],
];

/**
 * The message of an unknown error. DuckDB's errors may come from another realm, so `instanceof Error` is not enough.
 */
function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

/** Converts an error from running a translated statement in DuckDB to BigQuery's error. */
export function toSqlError(error: unknown): SqlError {
  if (error instanceof SqlError) return error;
  const text = messageOf(error);
  const ours = /^Invalid Input Error: ([\s\S]*)$/.exec(text)?.[1];
  for (const [pattern, wording] of DUCKDB_WORDINGS) {
    const match = pattern.exec(text);
    if (match !== null) return new SqlError('invalidQuery', wording(match));
  }
  if (ours !== undefined) return new SqlError('invalidQuery', ours);
  const refused = /^(?:Binder|Parser|Catalog|Not implemented|INTERNAL) Error: [^\n]*/i.test(text);
  return new SqlError(
    'invalidQuery',
    refused ? `This query is not supported by the local BigQuery: ${text.split('\n')[0]}` : text,
  );
}
