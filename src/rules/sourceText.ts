import { type Document, isCollection, isMap, isNode, isPair, isScalar, type Node, parseAllDocuments } from 'yaml';
import { errorText } from '../errorText';
import { plainData, TooDeep } from '../json';
import { firstJsonError } from './jsonSyntax';
import type { JsonValue } from './types';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Steps from the root of the data to a value, in the file's own spelling. */
export type OwnPath = readonly (string | number)[];

/** A rule file's text, read: its data, and where each part of them stands. */
export interface SourceText {
  readonly kind: 'read';
  readonly data: JsonValue;
  /** How its types are to be taken (spec 1, section 1.5). */
  readonly types: 'strict' | 'lenient';
  /** There are further YAML documents, which nobody reads. */
  readonly moreDocuments: boolean;
  /** Place of a value, or of the nearest one around it that the text has. */
  place(path: OwnPath): Place | undefined;
}

export interface UnreadableText {
  readonly kind: 'unreadable';
  readonly code: 'SyntaxInvalid' | 'TooDeep';
  readonly reason: string;
  readonly place?: Place;
}

/** Reads a `.json` file. */
export function readJson(text: string): SourceText | UnreadableText {
  const bare = text.replace(/^\uFEFF/, '');
  try {
    const data = plainData(JSON.parse(bare));
    return { kind: 'read', data, types: 'strict', moreDocuments: false, place: placesIn(bare) };
  } catch (error) {
    if (error instanceof TooDeep) return { kind: 'unreadable', code: 'TooDeep', reason: '' };
    const offset = firstJsonError(bare);
    const reason = errorText(error);
    return {
      kind: 'unreadable',
      code: 'SyntaxInvalid',
      reason,
      ...(offset !== undefined && { place: placeOf(bare, offset) }),
    };
  }
}

/** Reads a `.yaml` file, YAML 1.2 with merge keys; a text that is JSON rather than YAML is read too. */
export function readYaml(text: string): SourceText | UnreadableText {
  try {
    const documents = parseAllDocuments(text, yamlOptions);
    const [first] = documents;
    const [error] = first?.errors ?? [];
    if (error === undefined) {
      const data = plainData(first?.toJS({ maxAliasCount: 1000 }));
      return {
        kind: 'read',
        data,
        types: 'lenient',
        moreDocuments: documents.length > 1,
        place: placesIn(text),
      };
    }
    const json = readJson(text);
    if (json.kind === 'read') return { ...json, types: 'lenient' };
    return {
      kind: 'unreadable',
      code: 'SyntaxInvalid',
      reason: firstLine(error.message),
      place: placeOf(text, error.pos[0]),
    };
  } catch (error) {
    if (error instanceof TooDeep || error instanceof RangeError)
      return { kind: 'unreadable', code: 'TooDeep', reason: '' };
    return {
      kind: 'unreadable',
      code: 'SyntaxInvalid',
      reason: errorText(error),
    };
  }
}

const yamlOptions = { version: '1.2', merge: true, uniqueKeys: false, logLevel: 'silent' } as const;

/** JSON is YAML for this purpose: only the places of its nodes are wanted, and only once something is wrong. */
function placesIn(text: string): SourceText['place'] {
  let document: Document | undefined;
  return (path) => {
    try {
      document ??= parseAllDocuments(text, yamlOptions)[0];
      const offset = document === undefined ? undefined : offsetOf(document, path);
      return offset === undefined ? undefined : placeOf(text, offset);
    } catch {
      return undefined;
    }
  };
}

function offsetOf(document: Document, path: OwnPath): number | undefined {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const step of path) {
    if (!isCollection(node)) break;
    const child: { node: unknown; at: unknown } | undefined = childOf(node, step);
    if (child === undefined) break;
    node = child.node;
    offset = isNode(child.at) ? (child.at.range?.[0] ?? offset) : offset;
  }
  return offset;
}

/** A value of a map is placed at its key, which is where the eye looks. */
function childOf(node: Node, step: string | number): { node: unknown; at: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair === undefined ? undefined : { node: pair.value, at: pair.key };
  }
  if (!isCollection(node) || typeof step !== 'number') return undefined;
  const item: unknown = node.items[step];
  return item === undefined || isPair(item) ? undefined : { node: item, at: item };
}

function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
