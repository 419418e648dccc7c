import { type FunctionValue, patternFunctions, textOf } from './patternFunctions';

/** A piece of a parameter expression: plain text, `$n`, or `$Name(…)`. */
type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly digits: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

export type Expression = readonly Piece[];

/** An error in an expression, with its rule code. */
export class ExpressionFault extends Error {
  constructor(
    readonly code: 'FunctionUnknown' | 'FunctionInvalid',
    readonly found: string,
    readonly allowed: string,
  ) {
    super(found);
  }
}

/**
 * Parses the Expression of a pattern parameter. Functions are parsed before group values are inserted, so a value with a comma
 * or a bracket cannot change a call.
 *
 * @example evaluate(parseExpression('$Replace($1, -, "")'), ['2019-02']) // '201902'
 * @throws ExpressionFault
 */
export function parseExpression(text: string): Expression {
  return new Reader(text).pieces(() => false);
}

/** Value of an expression for the groups of a match. Without a match, `$n` is left as it is. */
export function evaluate(expression: Expression, groups: readonly string[] | undefined): string {
  return textOf(valueFor(expression, groups));
}

/**
 * The value of a group reference such as `$1`; `digits` is the text after `$`. The longest number of an existing group counts:
 * `$12` is group 12 if there is one, else group 1 followed by `2`, as rule files of viant/bqtail expect.
 */
export function groupText(digits: string, groups: readonly string[] | undefined): string {
  for (let length = digits.length; length > 0; length -= 1) {
    const number = Number(digits.slice(0, length));
    const value = digits.startsWith('0') ? undefined : groups?.[number - 1];
    if (value !== undefined) return value + digits.slice(length);
  }
  return `$${digits}`;
}

function valueFor(expression: Expression, groups: readonly string[] | undefined): FunctionValue {
  const values = expression.map((piece) => pieceValue(piece, groups));
  const [only] = values;
  // A list with nothing next to it stays a list, so that $Join($Split(…), -) works.
  return values.length === 1 && only !== undefined ? only : values.map(textOf).join('');
}

function pieceValue(piece: Piece, groups: readonly string[] | undefined): FunctionValue {
  if (piece.kind === 'text') return piece.text;
  if (piece.kind === 'group') return groupText(piece.digits, groups);
  return patternFunctions.get(piece.name)?.call(piece.args.map((arg) => valueFor(arg, groups))) ?? '';
}

const MAX_DEPTH = 32;
const GROUP = /\$(\d+)/y;
const CALL = /\$([A-Za-z]\w*)\(/y;

class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  /** Pieces up to the first character for which `ends` is true, or to the end of the text. */
  pieces(ends: (char: string) => boolean): Expression {
    const pieces: Piece[] = [];
    let plain = '';
    const flush = (): void => {
      if (plain !== '') pieces.push({ kind: 'text', text: plain });
      plain = '';
    };
    while (this.at < this.text.length) {
      const char = this.text.charAt(this.at);
      if (ends(char)) break;
      const piece = char === '$' ? (this.group() ?? this.call()) : undefined;
      if (piece === undefined) {
        plain += char;
        this.at += 1;
      } else {
        flush();
        pieces.push(piece);
      }
    }
    flush();
    return pieces;
  }

  private group(): Piece | undefined {
    const digits = this.take(GROUP);
    return digits === undefined ? undefined : { kind: 'group', digits };
  }

  private call(): Piece | undefined {
    const name = this.take(CALL);
    if (name === undefined) return undefined;
    const definition = patternFunctions.get(name);
    if (definition === undefined)
      throw new ExpressionFault('FunctionUnknown', `$${name}`, [...patternFunctions.keys()].join(', '));
    this.depth += 1;
    if (this.depth > MAX_DEPTH)
      throw new ExpressionFault('FunctionInvalid', 'calls are nested too deeply', definition.usage);
    const args = this.args(definition.usage);
    this.depth -= 1;
    if (args.length < definition.minArgs || args.length > definition.maxArgs)
      throw new ExpressionFault('FunctionInvalid', `$${name} has ${args.length} arguments`, definition.usage);
    return { kind: 'call', name, args };
  }

  private args(usage: string): readonly Expression[] {
    const args: Expression[] = [];
    while (true) {
      args.push(this.arg(usage));
      const char = this.text.charAt(this.at);
      this.at += 1;
      if (char === ')') return args;
      if (char !== ',') throw new ExpressionFault('FunctionInvalid', 'the closing bracket of a call is missing', usage);
    }
  }

  /** An argument in quotes is taken as it is. One without quotes is trimmed, and may contain pairs of brackets. */
  private arg(usage: string): Expression {
    this.blanks();
    const quote = this.text.charAt(this.at);
    if (quote === '"' || quote === "'") {
      this.at += 1;
      const pieces = this.pieces((char) => char === quote);
      if (this.at >= this.text.length)
        throw new ExpressionFault('FunctionInvalid', 'the closing quote is missing', usage);
      this.at += 1;
      this.blanks();
      return pieces;
    }
    let open = 0;
    const pieces = this.pieces((char) => {
      if (open === 0 && (char === ',' || char === ')')) return true;
      if (char === '(') open += 1;
      if (char === ')') open -= 1;
      return false;
    });
    const last = pieces.at(-1);
    return last?.kind === 'text' ? [...pieces.slice(0, -1), { kind: 'text', text: last.text.trimEnd() }] : pieces;
  }

  private blanks(): void {
    while (/\s/.test(this.text.charAt(this.at))) this.at += 1;
  }

  private take(token: RegExp): string | undefined {
    token.lastIndex = this.at;
    const match = token.exec(this.text);
    if (match !== null) this.at = token.lastIndex;
    return match?.[1];
  }
}
