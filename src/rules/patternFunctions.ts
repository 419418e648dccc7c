/** What a function of a pattern parameter takes and gives. */
export type FunctionValue = string | readonly string[];

interface PatternFunction {
  /** Shown when it is called wrongly. */
  readonly usage: string;
  readonly least: number;
  readonly most: number;
  call(args: readonly FunctionValue[]): FunctionValue;
}

/**
 * Functions in `Dest.Parameters[].Expression` (spec 1, section 4.2): those of the original's list that make sense on the
 * texts that a pattern's groups are.
 */
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
  ['Length', { usage: '$Length(text or list)', least: 1, most: 1, call: length }],
  ['Len', { usage: '$Len(text or list)', least: 1, most: 1, call: length }],
  ['IndexOf', { usage: '$IndexOf(text, fragment)', least: 2, most: 2, call: indexOf }],
  ['Replace', { usage: '$Replace(text, old, new)', least: 3, most: 3, call: replace }],
  ['Split', { usage: '$Split(text, separator)', least: 2, most: 2, call: split }],
  ['Join', { usage: '$Join(list, separator)', least: 2, most: 2, call: join }],
  ['Concat', { usage: '$Concat(part, part, …)', least: 1, most: Number.POSITIVE_INFINITY, call: concat }],
]);

/** A function's result as text; a list that was not joined shows as JSON, as any list inside a text does. */
export function textOf(value: FunctionValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function onText(name: string, change: (text: string) => string): PatternFunction {
  return { usage: `$${name}(text)`, least: 1, most: 1, call: ([value = '']) => change(textOf(value)) };
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

/** A text that is no number stays as it is: a file must not fail for its name. */
function asNumber(text: string): string {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? String(Number(text)) : text;
}

function asInt(text: string): string {
  return /^\s*[+-]?\d+(?:\.\d+)?\s*$/.test(text) ? BigInt(text.trim().replace(/^\+|\..*$/g, '')).toString() : text;
}

/** As Go's url.QueryEscape: a blank becomes +, and the marks that encodeURIComponent leaves are escaped too. */
function queryEscape(text: string): string {
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD')).replaceAll('%20', '+');
  return escaped.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function queryUnescape(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'));
  } catch {
    return text;
  }
}
