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

/** Reading position in a list of tokens. */
export class Cursor {
  readonly text: string;
  private readonly tokens: readonly Token[];
  private place = 0;
  /** Positional parameters met so far. */
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

  /** Where the token before ends. */
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

  /** Is the token at hand (or some ahead) this keyword? */
  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'identifier' && token.value.toUpperCase() === word;
  }

  /** Are the next tokens these keywords? */
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
    // ">>" closes two types at once
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

  /** A name that may be anything but a reserved word. */
  isIdentifier(ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'quoted' || (token.kind === 'identifier' && !this.isReserved(token));
  }

  identifier(): string {
    if (!this.isIdentifier())
      this.fail(this.peek().kind === 'end' ? this.unexpected() : `Unexpected ${this.describe()}`);
    return this.next().value;
  }

  /** An identifier and its place. */
  named(): Named {
    return { at: this.at, name: this.identifier() };
  }

  /** The name after a dot, where reserved words are allowed. */
  fieldName(): string {
    const token = this.peek();
    if (token.kind !== 'identifier' && token.kind !== 'quoted') this.fail(this.unexpected());
    return this.next().value;
  }

  /** `a.b.c`, of names where the later ones may be reserved words. */
  dottedName(): string {
    let name = this.fieldName();
    while (this.takeSymbol('.')) name += `.${this.fieldName()}`;
    return name;
  }

  /**
   * A table's path in all its spellings: `a.b.c`, `` `a.b.c` ``, `` `a`.b.`c` ``, `my-project.b.c`, legacy `[a:b.c]`.
   * A path goes on after blanks only where the service lets it.
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

  /** `-name` parts of a project written without quotes, and the `*` or `$id` after a table's name is not allowed there. */
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
        // "my-project-1.ds": the lexer took "1." for a number
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
        // "my-1a": a number glued to a name
        if (token.kind === 'integer' && this.peek().glued && this.peek().kind === 'identifier')
          rest += this.next().text;
      }
    }
    return rest;
  }

  /** `COLLATE ''`, which says what is so anyway. */
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

  /** The token at hand in the words of the service's syntax errors. */
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

/** How errors of legacy SQL end. */
export const HINT =
  '\n[Try using standard SQL (https://cloud.google.com/bigquery/docs/reference/standard-sql/enabling-standard-sql)].';

/** Words that the service calls keywords in errors although they may be names. */
const KEYWORDS = new Set(
  `ADD ALTER BEGIN BREAK CALL CLONE CLUSTER COLUMN COMMIT CONSTRAINT CONTINUE COPY DATA DATABASE DECLARE DELETE DROP ELSEIF EXECUTE EXPORT FUNCTION
   IMMEDIATE INSERT ITERATE LEAVE LOOP MATCHED MODEL OFFSET OPTIONS PIVOT PRIMARY PROCEDURE RAISE RENAME REPEAT REPLACE RETURN ROLLBACK ROW SCHEMA
   SOURCE TABLE TARGET TEMP TEMPORARY TRANSACTION TRUNCATE UNPIVOT UNTIL UPDATE VALUE VALUES VIEW WHILE DO`.split(
    /\s+/,
  ),
);

/** Parts of `project:dataset.table` or `domain.com:project.dataset.table` or `project.dataset.table`; of INFORMATION_SCHEMA names too. */
export function splitPath(text: string): string[] {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return text.split('.');
  const dot = text.indexOf('.', colon);
  // google.com:project.dataset.table keeps its domain in the project
  const rest = text.slice(colon + 1).split('.');
  const isDomain = text.slice(0, colon).includes('.') && !text.slice(0, colon).includes(':') && rest.length >= 3;
  if (isDomain) return [text.slice(0, dot), ...rest.slice(1)];
  return [text.slice(0, colon), ...rest];
}
