import { invalid } from '../errors';

/** The literal text before the first special character of a pattern. */
export function literalPrefix(pattern: string): string {
  return /^[^*?[\]{}\\]*/.exec(pattern)?.[0] ?? '';
}

/**
 * Translates a pattern of `matchGlob` into a regular expression. Libraries for globs do not fit: in the service `**`
 * matches any text at any place, and in the libraries only whole path elements.
 *
 * | pattern | matches |
 * |---|---|
 * | `*`, `?` | any text, one character; not `/` |
 * | `**` | any text |
 * | `**` and `/` | any number of folders, also none |
 * | `[a-z]`, `[!a-z]` | one character in the set, or outside it |
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
