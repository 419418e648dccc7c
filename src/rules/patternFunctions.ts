/** Argument and result of a function in a pattern parameter. */
export type FunctionValue = string | readonly string[];

interface PatternFunction {
  /** For messages about wrong calls. */
  readonly usage: string;
  readonly minArgs: number;
  readonly maxArgs: number;
  call(args: readonly FunctionValue[]): FunctionValue;
}

/** Functions for `Dest.Parameters[].Expression`: those of viant/bqtail that are useful on text, which a pattern's groups are. */
export const patternFunctions: ReadonlyMap<string, PatternFunction> = new Map<string, PatternFunction>([
  ['ToUpper', onText('ToUpper', (text) => text.toUpperCase())],
  ['ToLower', onText('ToLower', (text) => text.toLowerCase())],
  ['TrimSpace', onText('TrimSpace', (text) => text.trim())],
  ['QueryEscape', onText('QueryEscape', queryEscape)],
  ['QueryUnescape', onText('QueryUnescape', queryUnescape)],
  ['Base64Encode', onText('Base64Encode', (text) => Buffer.from(text, 'utf8').toString('base64'))],
  ['Base64Decode', onText('Base64Decode', decode)],
  ['Base64DecodeText', onText('Base64DecodeText', decode)],
  ['AsString', onText('AsString', (text) => text)],
  ['AsInt', onText('AsInt', asInt)],
  ['AsFloat', onText('AsFloat', asNumber)],
  ['AsNumber', onText('AsNumber', asNumber)],
  ['AsBool', onText('AsBool', (text) => String(/^(?:1|t|true|yes)$/i.test(text.trim())))],
  ['Length', { usage: '$Length(text or list)', minArgs: 1, maxArgs: 1, call: length }],
  ['Len', { usage: '$Len(text or list)', minArgs: 1, maxArgs: 1, call: length }],
  ['IndexOf', { usage: '$IndexOf(text, fragment)', minArgs: 2, maxArgs: 2, call: indexOf }],
  ['Replace', { usage: '$Replace(text, old, new)', minArgs: 3, maxArgs: 3, call: replace }],
  ['Split', { usage: '$Split(text, separator)', minArgs: 2, maxArgs: 2, call: split }],
  ['Join', { usage: '$Join(list, separator)', minArgs: 2, maxArgs: 2, call: join }],
  ['Concat', { usage: '$Concat(part, part, …)', minArgs: 1, maxArgs: Number.POSITIVE_INFINITY, call: concat }],
]);

/** A function's result as text. A list becomes JSON, as any list within a text does. */
export function textOf(value: FunctionValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function onText(name: string, change: (text: string) => string): PatternFunction {
  return { usage: `$${name}(text)`, minArgs: 1, maxArgs: 1, call: ([value = '']) => change(textOf(value)) };
}

function length([value = '']: readonly FunctionValue[]): string {
  return String(value.length);
}

function indexOf([value = '', fragment = '']: readonly FunctionValue[]): string {
  return String(typeof value === 'string' ? value.indexOf(textOf(fragment)) : value.indexOf(textOf(fragment)));
}

function replace([value = '', old = '', fresh = '']: readonly FunctionValue[]): string {
  return textOf(value).replaceAll(textOf(old), () => textOf(fresh));
}

function split([value = '', separator = '']: readonly FunctionValue[]): readonly string[] {
  return textOf(value)
    .split(textOf(separator))
    .map((part) => part.trim());
}

function join([value = '', separator = '']: readonly FunctionValue[]): string {
  return typeof value === 'string' ? value : value.join(textOf(separator));
}

function concat(values: readonly FunctionValue[]): FunctionValue {
  return values.some((value) => typeof value !== 'string') ? values.flat() : values.join('');
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

/** A text that is not a number stays as it is: a file must not fail because of its name. */
function asNumber(text: string): string {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? String(Number(text)) : text;
}

function asInt(text: string): string {
  return /^\s*[+-]?\d+(?:\.\d+)?\s*$/.test(text) ? BigInt(text.trim().replace(/^\+|\..*$/g, '')).toString() : text;
}

/** As Go's url.QueryEscape: a space becomes +, and the punctuation that encodeURIComponent keeps is escaped too. */
function queryEscape(text: string): string {
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD')).replaceAll('%20', '+');
  return escaped.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function queryUnescape(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'));
  } catch {
    return text;
  }
}
