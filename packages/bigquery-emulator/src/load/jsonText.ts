/** A number literal kept as text, because a JavaScript number would lose digits. */
export class NumberText {
  constructor(readonly text: string) {}

  toJSON(): string {
    return this.text;
  }
}

/** Prefix of strings that replace long number literals. */
const PREFIX = '\uE0F7#';
const LONG = /[0-9.]{16}/;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * JSON.parse, except that numbers with 16 or more digits become `NumberText`.
 *
 * @throws SyntaxError as JSON.parse does.
 */
export function parseJson(text: string): unknown {
  if (!LONG.test(text)) return JSON.parse(text);
  // Check the original text first, so that an error quotes it.
  JSON.parse(text);
  const prefixed = text.replace(TOKEN, (token) =>
    token.length >= 16 && !token.startsWith('"') ? `"${PREFIX}${token}"` : token,
  );
  return JSON.parse(prefixed, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(PREFIX) ? new NumberText(value.slice(PREFIX.length)) : value,
  );
}

/** JSON.stringify, except that `NumberText` is written as its text. */
export function writeJson(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${writeJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
