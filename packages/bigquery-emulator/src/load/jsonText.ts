/** A number literal kept as text, because a JavaScript number would lose digits. */
export class NumberText {
  constructor(readonly text: string) {}

  toJSON(): string {
    return this.text;
  }
}

/** Prefix of strings that replace number literals. */
const NUMBER = '\uE0F7#';
/** Prefix of keys that their object has already. */
const REPEATED = '\uE0F8#';
const LONG = /[0-9.]{16}|[0-9][eE]/;
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const KEY_END = /"\s*:/g;
const KEY_OR_BRACKET = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g;
const SURROGATE = /\\u[dD][89a-fA-F]/;
const SURROGATES = /\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}/g;
const PAIR = '\\ud83d\\ude00'.length;
/** The service's limit of JSON values. */
const DEEPEST = 500;

/**
 * JSON.parse, except that:
 * - numbers that a JavaScript number cannot hold become `NumberText`;
 * - unpaired surrogates become U+FFFD;
 * - a key that its object has already stays, with a prefix: see `keyOf`.
 *
 * @throws SyntaxError as JSON.parse does.
 */
export function parseJson(given: string): unknown {
  const text = SURROGATE.test(given) ? given.replace(SURROGATES, wellFormed) : given;
  const value: unknown = JSON.parse(text);
  const numbers = LONG.test(text);
  const repeats = (text.match(KEY_END)?.length ?? 0) > keysIn(value) && repeatedKeysMarked(text);
  if (!numbers && !repeats) return value;
  const marked = repeats || text;
  if (!numbers) return JSON.parse(marked);
  const prefixed = marked.replace(TOKEN, (token) =>
    isNumber(token) && !isExact(token) ? `"${NUMBER}${token}"` : token,
  );
  return JSON.parse(prefixed, (_key, one: unknown) =>
    typeof one === 'string' && one.startsWith(NUMBER) ? new NumberText(one.slice(NUMBER.length)) : one,
  );
}

const isNumber = (token: string): boolean => !token.startsWith('"');
const isExact = (number: string): boolean => number.length < 16 && Number.isFinite(Number(number));

function wellFormed(escaped: string): string {
  return escaped === '\\\\' || escaped.length === PAIR ? escaped : '\\ufffd';
}

/** Number of keys in a value at all depths. */
function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += keysIn(item);
    return count;
  }
  for (const member of Object.values(value)) count += 1 + keysIn(member);
  return count;
}

/** The text with a prefix before each key that its object has already; undefined without such keys. */
function repeatedKeysMarked(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let repeats = false;
  const marked = text.replace(KEY_OR_BRACKET, (token: string, key?: string, colon?: string) => {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    if (key === undefined || colon === undefined) return token;
    const name: string = JSON.parse(key);
    const names = open.at(-1);
    if (!names?.has(name)) {
      names?.add(name);
      return token;
    }
    repeats = true;
    return `"${REPEATED}${key.slice(1)}${colon}`;
  });
  return repeats ? marked : undefined;
}

/** The name of a key, and whether its object has it already. */
export function keyOf(key: string): { name: string; repeated: boolean } {
  return key.startsWith(REPEATED)
    ? { name: key.slice(REPEATED.length), repeated: true }
    : { name: key, repeated: false };
}

/**
 * JSON.stringify, except that `NumberText` is written as its text, and of a repeated key only the first value.
 *
 * @throws RangeError for a value that is nested deeper than the service allows.
 */
export function writeJson(value: unknown, depth = 0): string {
  if (depth > DEEPEST) throw new RangeError(`The value has more than ${DEEPEST} levels.`);
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map((item) => writeJson(item, depth + 1)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).flatMap(([key, member]) =>
      keyOf(key).repeated ? [] : [`${JSON.stringify(key)}:${writeJson(member, depth + 1)}`],
    );
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
