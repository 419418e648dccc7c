/** Text that every match of an expression holds; at its very start when the expression is anchored. */
export interface RequiredLiteral {
  readonly text: string;
  readonly anchored: boolean;
}

const META = /[.*+?()[\]{}|^$\\]/;
const ESCAPED_LITERAL = /[^A-Za-z0-9]/;

/**
 * The longest plain text that a path must hold for an expression to match; undefined when none is sure. It only narrows the
 * rules to be tried, so whatever is not plainly a literal counts as a gap, and doubtful syntax gives nothing.
 *
 * @example requiredLiteral('^/data/case(\\d+)/') // { text: '/data/case', anchored: true }
 */
export function requiredLiteral(expression: string): RequiredLiteral | undefined {
  if (expression.includes('(?') || expression.includes('\\Q')) return undefined;
  const runs: RequiredLiteral[] = [];
  // `^{2}` is valid, and no place to start from.
  const anchored = expression.startsWith('^') && quantifierAt(expression, 1) === '';
  let run = '';
  let depth = 0;
  const close = (): void => {
    if (run !== '') runs.push({ text: run, anchored: anchored && runs.length === 0 && !broken });
    run = '';
    broken = true;
  };
  // Set at the first gap: a run after one does not begin where the expression does.
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

/** `\d`, but also `\x{41}`, `\x41`, `\pL`, `\p{Greek}`, `\101`: the whole of it is one gap. */
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

/** An anchored run is worth most: it is looked up as a prefix. */
function longest(runs: readonly RequiredLiteral[]): RequiredLiteral | undefined {
  const [first] = runs;
  if (first?.anchored) return first;
  return runs.reduce<RequiredLiteral | undefined>(
    (best, candidate) => (best === undefined || candidate.text.length > best.text.length ? candidate : best),
    undefined,
  );
}
