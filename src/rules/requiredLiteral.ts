/** Text that every match of an expression contains; `anchored`: every match starts with it. */
export interface RequiredLiteral {
  readonly text: string;
  readonly anchored: boolean;
}

const META = /[.*+?()[\]{}|^$\\]/;
const ESCAPED_LITERAL = /[^A-Za-z0-9]/;

/**
 * The longest plain text that a path must contain for an expression to match; undefined when there is no certain one. The index
 * only narrows the rules to try, so everything that is not clearly a literal is skipped, and unclear syntax yields nothing.
 *
 * @example requiredLiteral('^/data/case(\\d+)/') // { text: '/data/case', anchored: true }
 */
export function requiredLiteral(expression: string): RequiredLiteral | undefined {
  if (expression.includes('(?') || expression.includes('\\Q')) return undefined;
  const runs: RequiredLiteral[] = [];
  // `^{2}` is valid, but does not anchor what follows.
  const anchored = expression.startsWith('^') && quantifierAt(expression, 1) === '';
  let run = '';
  let depth = 0;
  const close = (): void => {
    if (run !== '') runs.push({ text: run, anchored: anchored && runs.length === 0 && !broken });
    run = '';
    broken = true;
  };
  // Set at the first non-literal: later literals are not at the start of the expression.
  let broken = false;

  for (let at = anchored ? 1 : 0; at < expression.length; ) {
    const token = tokenAt(expression, at);
    at += token.text.length;
    const quantifier = quantifierAt(expression, at);
    at += quantifier.length;
    if (token.text === '|' && depth === 0) return undefined;
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    const sure = token.literal !== undefined && depth === 0 && !/^[?*{]/.test(quantifier);
    if (sure) run += token.literal;
    if (!sure || quantifier !== '') close();
  }
  close();
  return longest(runs);
}

interface Token {
  readonly text: string;
  readonly literal?: string;
}

function tokenAt(expression: string, at: number): Token {
  const char = String.fromCodePoint(expression.codePointAt(at) ?? 0);
  if (char === '\\') {
    const next = String.fromCodePoint(expression.codePointAt(at + 1) ?? 0);
    return ESCAPED_LITERAL.test(next) ? { text: char + next, literal: next } : { text: classEscape(expression, at) };
  }
  if (char === '[') return { text: bracketClass(expression, at) };
  return META.test(char) ? { text: char } : { text: char, literal: char };
}

/** A whole escape such as `\d`, `\x{41}`, `\x41`, `\pL`, `\p{Greek}` or `\101`: none of it is literal. */
function classEscape(expression: string, at: number): string {
  const [text] = /^\\(?:[xpP]\{[^}]*\}|x[0-9A-Fa-f]{2}|[pP].|[0-7]{1,3}|.?)/su.exec(expression.slice(at)) ?? ['\\'];
  return text;
}

function bracketClass(expression: string, at: number): string {
  const [text] = /^\[\^?\]?(?:\\.|\[:[^\]]*:\]|[^\]\\])*\]?/su.exec(expression.slice(at)) ?? ['['];
  return text;
}

function quantifierAt(expression: string, at: number): string {
  return /^(?:[?*+]|\{\d+(?:,\d*)?\})[?+]?/.exec(expression.slice(at, at + 24))?.[0] ?? '';
}

/** Prefers an anchored literal, which the index can look up as a prefix. */
function longest(runs: readonly RequiredLiteral[]): RequiredLiteral | undefined {
  const [first] = runs;
  if (first?.anchored) return first;
  return runs.reduce<RequiredLiteral | undefined>(
    (best, candidate) => (best === undefined || candidate.text.length > best.text.length ? candidate : best),
    undefined,
  );
}
