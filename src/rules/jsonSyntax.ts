const BLANK = /[ \t\r\n]*/y;
const TEXT = /"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\p{Cc}]*)*"/uy;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;

/**
 * Offset of the first syntax error of a JSON text; undefined when the text is valid. On the Node versions that we support,
 * messages of JSON.parse do not always contain the position.
 *
 * @example firstJsonError('{"a": tru}') // 6
 */
export function firstJsonError(text: string): number | undefined {
  let at = 0;
  const closers: string[] = [];
  const skip = (token: RegExp): boolean => {
    token.lastIndex = at;
    const length = token.exec(text)?.[0].length;
    if (length !== undefined) at += length;
    return length !== undefined;
  };
  const next = (char: string): boolean => {
    skip(BLANK);
    if (text[at] !== char) return false;
    at += 1;
    return true;
  };
  const key = (): boolean => {
    skip(BLANK);
    return skip(TEXT) && next(':');
  };

  // A loop with a stack of closing brackets, not recursion: a deeply nested text must not overflow the call stack.
  while (true) {
    if (next('{')) {
      if (!next('}')) {
        if (!key()) return at;
        closers.push('}');
        continue;
      }
    } else if (next('[')) {
      if (!next(']')) {
        closers.push(']');
        continue;
      }
    } else if (!skip(TEXT) && !skip(SCALAR)) return at;

    let closer = closers.at(-1);
    while (closer !== undefined && next(closer)) {
      closers.pop();
      closer = closers.at(-1);
    }
    if (closer === undefined) break;
    if (!next(',')) return at;
    if (closer === '}' && !key()) return at;
  }
  skip(BLANK);
  return at < text.length ? at : undefined;
}
