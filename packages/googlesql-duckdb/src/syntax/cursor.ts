import { PositionedError, SqlError } from '../errors';
import { type Token, tokenize } from './lexer';
import type { Named, PathNode } from './tree';

const RESERVED = new Set(
  `ALL AND ANY ARRAY AS ASC ASSERT_ROWS_MODIFIED AT BETWEEN BY CASE CAST COLLATE CONTAINS CREATE CROSS CUBE CURRENT DEFAULT DEFINE DESC DISTINCT
   ELSE END ENUM ESCAPE EXCEPT EXCLUDE EXISTS EXTRACT FALSE FETCH FOLLOWING FOR FROM FULL GROUP GROUPING GROUPS HASH HAVING IF IGNORE IN INNER
   INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LIKE LIMIT LOOKUP MERGE NATURAL NEW NO NOT NULL NULLS OF ON OR ORDER OUTER OVER PARTITION
   PRECEDING PROTO QUALIFY RANGE RECURSIVE RESPECT RIGHT ROLLUP ROWS SELECT SET SOME STRUCT TABLESAMPLE THEN TO TREAT TRUE UNBOUNDED UNION
   UNNEST USING WHEN WHERE WINDOW WITH WITHIN`.split(/\s+/),
);

/** A reading position in the tokens of a query. */
export class Cursor {
  readonly text: string;
  private readonly tokens: readonly Token[];
  private place = 0;
  /** Number of positional parameters read so far. */
  positions = 0;

  constructor(
    text: string,
    private readonly legacy = false,
  ) {
    this.text = text;
    this.tokens = tokenize(text, legacy);
  }

  peek(ahead = 0): Token {
    const last = this.tokens[this.tokens.length - 1] as Token;
    return this.tokens[this.place + ahead] ?? last;
  }

  get at(): number {
    return this.peek().at;
  }

  /** Offset of the end of the previous token. */
  get previousEnd(): number {
    return this.place === 0 ? 0 : (this.tokens[this.place - 1]?.end ?? 0);
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.place += 1;
    return token;
  }

  mark(): number {
    return this.place;
  }

  reset(mark: number): void {
    this.place = mark;
  }

  /** Whether the next token, or one further ahead, is this keyword. */
  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'identifier' && token.value.toUpperCase() === word;
  }

  /** Whether the next tokens are these keywords. */
  areWords(...words: string[]): boolean {
    return words.every((word, ahead) => this.isWord(word, ahead));
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.value === symbol;
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.place += 1;
    return true;
  }

  takeWords(...words: string[]): boolean {
    if (!this.areWords(...words)) return false;
    this.place += words.length;
    return true;
  }

  takeSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.place += 1;
    return true;
  }

  expectWord(word: string): void {
    if (!this.takeWord(word)) this.fail(`Expected keyword ${word} but got ${this.describe()}`);
  }

  expectSymbol(symbol: string): void {
    if (this.takeSymbol(symbol)) return;
    // ">>" closes two types.
    if (symbol === '>' && this.isSymbol('>>')) {
      const token = this.peek();
      const rest: Token = { ...token, text: '>', value: '>', at: token.at + 1, glued: true };
      (this.tokens as Token[]).splice(this.place, 1, rest);
      return;
    }
    this.fail(`Expected "${symbol}" but got ${this.describe()}`);
  }

  isReserved(token = this.peek()): boolean {
    return token.kind === 'identifier' && RESERVED.has(token.value.toUpperCase());
  }

  /** Whether the token is a name. Unquoted reserved words are none. */
  isIdentifier(ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'quoted' || (token.kind === 'identifier' && !this.isReserved(token));
  }

  identifier(): string {
    if (!this.isIdentifier())
      this.fail(this.peek().kind === 'end' ? this.unexpected() : `Unexpected ${this.describe()}`);
    return this.next().value;
  }

  /** Reads an identifier with its offset. */
  named(): Named {
    return { at: this.at, name: this.identifier() };
  }

  /** Reads the name after a dot, which may be a reserved word. */
  fieldName(): string {
    const token = this.peek();
    if (token.kind !== 'identifier' && token.kind !== 'quoted') this.fail(this.unexpected());
    return this.next().value;
  }

  /** Reads `a.b.c`, where all names after the first may be reserved words. */
  dottedName(): string {
    let name = this.fieldName();
    while (this.takeSymbol('.')) name += `.${this.fieldName()}`;
    return name;
  }

  /**
   * Reads a table path in any spelling: `a.b.c`, `` `a.b.c` ``, `` `a`.b.`c` ``, `my-project.b.c`, legacy `[a:b.c]`.
   * As in BigQuery, only some parts may be separated by blanks.
   */
  path(): PathNode {
    const at = this.at;
    if (this.peek().kind === 'bracketed') {
      const token = this.next();
      return { parts: splitPath(token.value), at, text: token.value };
    }
    const parts: string[] = [];
    do {
      const quoted = this.peek().kind === 'quoted';
      if (quoted && this.legacy) throw new SqlError('invalidQuery', `Invalid table name: ${this.peek().text}${HINT}`);
      const first = parts.length === 0 ? this.identifier() : this.fieldName();
      if (quoted) {
        parts.push(...splitPath(first));
      } else {
        parts.push(first + this.dashes());
      }
    } while (this.takeSymbol('.'));
    return { parts, at, text: this.text.slice(at, this.previousEnd) };
  }

  /** Reads the `-name` parts of an unquoted project ID. */
  private dashes(): string {
    let rest = '';
    while (
      this.isSymbol('-') &&
      this.peek().glued &&
      this.peek(1).glued &&
      /^[\w]+$/.test(this.peek(1).text.replace(/\.$/, ''))
    ) {
      this.next();
      const token = this.next();
      if (token.kind === 'float' && token.text.endsWith('.')) {
        // "my-project-1.ds": the lexer read "1." as a number.
        (this.tokens as Token[]).splice(this.place, 0, {
          kind: 'symbol',
          text: '.',
          value: '.',
          at: token.end - 1,
          end: token.end,
          glued: true,
        });
        rest += `-${token.text.slice(0, -1)}`;
      } else {
        rest += `-${token.text}`;
        // "my-1a": a number followed by a name without a blank.
        if (token.kind === 'integer' && this.peek().glued && this.peek().kind === 'identifier')
          rest += this.next().text;
      }
    }
    return rest;
  }

  /** Skips `COLLATE ''`, which is the default collation. */
  skipCollation(): void {
    if (!this.takeWord('COLLATE')) return;
    if (this.peek().kind !== 'string' || this.peek().value !== '')
      this.fail('Collation is not supported by the local BigQuery');
    this.next();
  }

  end(): void {
    if (this.peek().kind !== 'end') this.fail(`Expected end of input but got ${this.describe()}`);
  }

  fail(message: string, at = this.at): never {
    throw new PositionedError(`Syntax error: ${message}`, at);
  }

  unexpected(): string {
    return this.peek().kind === 'end' ? 'Unexpected end of script' : `Unexpected ${this.describe()}`;
  }

  /** Describes the next token as BigQuery's syntax errors do. */
  describe(): string {
    const token = this.peek();
    switch (token.kind) {
      case 'end':
        return 'end of script';
      case 'identifier':
        return this.isReserved() || KEYWORDS.has(token.value.toUpperCase())
          ? `keyword ${token.value.toUpperCase()}`
          : `identifier "${token.value}"`;
      case 'quoted':
      case 'bracketed':
        return `identifier ${token.text}`;
      case 'integer':
        return `integer literal "${token.text}"`;
      case 'float':
        return `floating point literal "${token.text}"`;
      case 'string':
        return `string literal ${token.text}`;
      case 'bytes':
        return `bytes literal ${token.text}`;
      default:
        return `"${token.text}"`;
    }
  }
}

/** BigQuery's ending of legacy SQL errors. */
export const HINT =
  '\n[Try using standard SQL (https://cloud.google.com/bigquery/docs/reference/standard-sql/enabling-standard-sql)].';

/** Words that BigQuery's errors call keywords although they may be names. */
const KEYWORDS = new Set(
  `ADD ALTER BEGIN BREAK CALL CLONE CLUSTER COLUMN COMMIT CONSTRAINT CONTINUE COPY DATA DATABASE DECLARE DELETE DROP ELSEIF EXECUTE EXPORT FUNCTION
   IMMEDIATE INSERT ITERATE LEAVE LOOP MATCHED MODEL OFFSET OPTIONS PIVOT PRIMARY PROCEDURE RAISE RENAME REPEAT REPLACE RETURN ROLLBACK ROW SCHEMA
   SOURCE TABLE TARGET TEMP TEMPORARY TRANSACTION TRUNCATE UNPIVOT UNTIL UPDATE VALUE VALUES VIEW WHILE DO`.split(
    /\s+/,
  ),
);

/**
 * Splits `project:dataset.table`, `domain.com:project.dataset.table`, `project.dataset.table` or an INFORMATION_SCHEMA
 * path.
 */
export function splitPath(text: string): string[] {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return text.split('.');
  const dot = text.indexOf('.', colon);
  // In google.com:project.dataset.table, the domain belongs to the project.
  const rest = text.slice(colon + 1).split('.');
  const isDomain = text.slice(0, colon).includes('.') && !text.slice(0, colon).includes(':') && rest.length >= 3;
  if (isDomain) return [text.slice(0, dot), ...rest.slice(1)];
  return [text.slice(0, colon), ...rest];
}
