/** A number literal whose text matters, since a JavaScript number would change it. */
export class NumberText {
  constructor(readonly text: string) {}

  toJSON(): string {
    return this.text;
  }
}

const MARK = '\uE0F7#';
const LONG = /[0-9.]{16}/;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * JSON.parse, but numbers with 16 and more digits come back as `NumberText`.
 *
 * @throws SyntaxError as JSON.parse does.
 */
export function parseJson(text: string): unknown {
  if (!LONG.test(text)) return JSON.parse(text);
  // Checked before the marks go in, so that an error names what the user wrote.
  JSON.parse(text);
  const marked = text.replace(TOKEN, (token) =>
    token.length >= 16 && !token.startsWith('"') ? `"${MARK}${token}"` : token,
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? new NumberText(value.slice(MARK.length)) : value,
  );
}

/** JSON.stringify, with the text of `NumberText` as it was written. */
export function writeJson(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${writeJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
