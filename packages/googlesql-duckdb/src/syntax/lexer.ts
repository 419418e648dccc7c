import { PositionedError } from '../errors';

export type TokenKind =
  | 'identifier'
  | 'quoted'
  | 'integer'
  | 'float'
  | 'string'
  | 'bytes'
  | 'parameter'
  | 'symbol'
  | 'bracketed'
  | 'end';

/** One token. `text` is the source, `value` the meaning: the unescaped string or the unquoted name. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly value: string;
  readonly at: number;
  readonly end: number;
  /** True if no blank separates this token from the previous one. */
  readonly glued: boolean;
}

const SYMBOLS = ['=>', '->', '<=', '>=', '<>', '!=', '||', '<<', '>>', '|>', '@@', ...'()[]{},.;:+-*/%&|^~<>=?@!$\\'];
const NUMBER = /(0[xX][0-9a-fA-F]+)|((?:\d+\.?\d*|\.\d+)[eE][+-]?\d+|\d+\.\d*|\.\d+)|(\d+)/y;
const NAME = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y;
const BLANK = /\s+|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\//y;
const STRING_START = /([rR][bB]|[bB][rR]|[rR]|[bB])?("""|'''|"|')/y;
const LEGACY_NAME = /\[[^\][\s'"]+[.:][^\][\s'"]+\]/y;

/**
 * Splits a query into tokens. In legacy SQL, `[project:dataset.table]` is one token.
 *
 * @throws PositionedError for text that is no token, e.g. an unclosed string.
 */
export function tokenize(text: string, legacy = false): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let blank = true;
  const push = (kind: TokenKind, end: number, value: string) => {
    tokens.push({ kind, text: text.slice(at, end), value, at, end, glued: !blank });
    at = end;
    blank = false;
  };
  while (at < text.length) {
    const skip = match(BLANK, text, at);
    if (skip !== null) {
      at += skip[0].length;
      blank = true;
      continue;
    }
    if (text.startsWith('/*', at)) throw new PositionedError('Syntax error: Unclosed comment', at);
    const name = match(NAME, text, at);
    const quote = match(STRING_START, text, at);
    const bracket = legacy ? match(LEGACY_NAME, text, at) : null;
    const digits = match(NUMBER, text, at);
    if (quote !== null) {
      const prefix = (quote[1] ?? '').toLowerCase();
      const literal = readString(text, at, at + quote[0].length, quote[2] ?? '', prefix);
      push(prefix.includes('b') ? 'bytes' : 'string', literal.end, literal.value);
    } else if (bracket !== null) {
      push('bracketed', at + bracket[0].length, bracket[0].slice(1, -1));
    } else if (text[at] === '`') {
      const close = text.indexOf('`', at + 1);
      if (close < 0) throw new PositionedError('Syntax error: Unclosed identifier literal', at);
      if (close === at + 1) throw new PositionedError('Syntax error: Invalid empty identifier', at);
      push('quoted', close + 1, text.slice(at + 1, close));
    } else if (digits !== null && !(text[at] === '.' && isNameEnd(tokens.at(-1), blank))) {
      push(digits[2] !== undefined ? 'float' : 'integer', at + digits[0].length, digits[0]);
    } else if (name !== null) {
      push('identifier', at + name[0].length, name[0]);
    } else {
      const symbol = SYMBOLS.find((one) => text.startsWith(one, at));
      if (symbol === undefined) {
        throw new PositionedError(`Syntax error: Illegal input character "${text[at]}"`, at);
      }
      push('symbol', at + symbol.length, symbol);
    }
  }
  tokens.push({ kind: 'end', text: '', value: '', at: text.trimEnd().length, end: text.length, glued: false });
  return tokens;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Whether a dot after this token continues a path, as in `t.x`, and does not start a number. */
function isNameEnd(token: Token | undefined, blank: boolean): boolean {
  return (
    token !== undefined &&
    !blank &&
    (token.kind === 'identifier' || token.kind === 'quoted' || token.text === ']' || token.text === ')')
  );
}

function readString(
  text: string,
  start: number,
  from: number,
  quote: string,
  prefix: string,
): { value: string; end: number } {
  const raw = prefix.includes('r');
  let value = '';
  let at = from;
  while (at < text.length) {
    if (text.startsWith(quote, at)) return { value, end: at + quote.length };
    const char = text[at] ?? '';
    if (char === '\n' && quote.length === 1) break;
    if (char !== '\\') {
      value += char;
      at += 1;
    } else if (raw) {
      value += text.slice(at, at + 2);
      at += 2;
    } else {
      const escaped = readEscape(text, at, prefix.includes('b'));
      value += escaped.value;
      at = escaped.end;
    }
  }
  throw new PositionedError(
    `Syntax error: Unclosed ${quote.length === 3 ? 'triple-quoted ' : ''}${prefix.includes('b') ? 'bytes' : 'string'} literal`,
    start,
  );
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
  '\n': '\n',
};

function readEscape(text: string, at: number, bytes: boolean): { value: string; end: number } {
  const next = text[at + 1] ?? '';
  const simple = SIMPLE_ESCAPES[next];
  if (simple !== undefined) return { value: simple, end: at + 2 };
  const number = /^(?:[xX]([0-9a-fA-F]{2})|([0-3][0-7]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(
    text.slice(at + 1, at + 10),
  );
  const digits = number?.[1] ?? number?.[3] ?? number?.[4];
  if (number === null || (bytes && /^[uU]/.test(number[0]))) {
    throw new PositionedError(`Syntax error: Illegal escape sequence: \\${next}`, at);
  }
  const code = digits === undefined ? Number.parseInt(number[2] ?? '0', 8) : Number.parseInt(digits, 16);
  if (code > 0x10ffff) throw new PositionedError(`Syntax error: Illegal escape sequence: ${number[0]}`, at);
  return { value: String.fromCodePoint(code), end: at + 1 + number[0].length };
}

/** The bytes of a `b'...'` token: escapes are single bytes, other characters UTF-8. */
export function bytesOf(token: Token): Uint8Array {
  if (/^(?:[rR]?[bB]|[bB][rR])/.test(token.text) && !token.text.includes('\\')) return Buffer.from(token.value, 'utf8');
  const raw = /^(?:[rR][bB]|[bB][rR])/.test(token.text);
  return raw
    ? Buffer.from(token.value, 'utf8')
    : Buffer.concat([...token.value].map((char) => Buffer.from(char, char <= '\u00ff' ? 'latin1' : 'utf8')));
}
