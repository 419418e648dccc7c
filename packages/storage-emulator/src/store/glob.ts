import { invalid } from '../errors';

/** The literal text before a pattern's first special character. */
export function literalPrefix(pattern: string): string {
  return /^[^*?[\]{}\\]*/.exec(pattern)?.[0] ?? '';
}

/**
 * A pattern of `matchGlob` as a regular expression. Written here because the service's `**` stands for any text wherever
 * it is, while in the libraries it must be a whole path element.
 *
 * | pattern | stands for |
 * |---|---|
 * | `*`, `?` | any text, one character; not `/` |
 * | `**` | any text |
 * | `**` and `/` | any number of folders, none included |
 * | `[a-z]`, `[!a-z]` | one character of the set, or not of it |
 * | `{a,b}` | one of the alternatives |
 *
 * @example globExpression('data/*.{csv,json}').test('data/a.csv') // true
 */
export function globExpression(pattern: string): RegExp {
  let source = '';
  let depth = 0;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (pattern.startsWith('**/', at)) {
      source += '(?:.*/)?';
      at += 2;
    } else if (pattern.startsWith('**', at)) {
      source += '.*';
      at += 1;
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '{') {
      source += '(?:';
      depth++;
    } else if (char === '}' && depth > 0) {
      source += ')';
      depth--;
    } else if (char === ',' && depth > 0) source += '|';
    else if (char === '[') {
      const end = pattern.indexOf(']', at + 2);
      if (end < 0) throw invalid(`Invalid glob pattern: ${pattern}`, 'matchGlob');
      const set = pattern.slice(at + 1, end).replace(/[\\[\]]/g, '\\$&');
      source += `[${set.replace(/^[!^]/, '^')}]`;
      at = end;
    } else if (char === '\\' && at + 1 < pattern.length) {
      at++;
      source += escaped(pattern.charAt(at));
    } else source += escaped(char);
  }
  if (depth > 0) throw invalid(`Invalid glob pattern: ${pattern}`, 'matchGlob');
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    throw invalid(`Invalid glob pattern: ${pattern}`, 'matchGlob');
  }
}

function escaped(char: string): string {
  return char.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
