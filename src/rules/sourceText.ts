import { type Document, isCollection, isMap, isNode, isPair, isScalar, type Node, parseAllDocuments } from 'yaml';
import { errorText } from '../errorText';
import { type JsonPath, plainData, TooDeep } from '../json';
import { firstJsonError } from './jsonSyntax';
import type { JsonValue } from './types';

/** Line and column, counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** The data of a rule file's text, with their positions in it. */
export interface SourceText {
  readonly kind: 'read';
  readonly data: JsonValue;
  /** How types are read: strictly for JSON, leniently for YAML, as in viant/bqtail. */
  readonly types: 'strict' | 'lenient';
  /** The text has more YAML documents, which are ignored. */
  readonly moreDocuments: boolean;
  /** Position of a value, else of the closest value around it that the text has. The path is in the file's own spelling. */
  positionOf(path: JsonPath): TextPosition | undefined;
}

export interface UnreadableText {
  readonly kind: 'unreadable';
  readonly code: 'SyntaxInvalid' | 'TooDeep';
  readonly reason: string;
  readonly position?: TextPosition;
}

/** Reads a `.json` file. */
export function readJson(text: string): SourceText | UnreadableText {
  const bare = text.replace(/^\uFEFF/, '');
  try {
    const data = plainData(JSON.parse(bare));
    return { kind: 'read', data, types: 'strict', moreDocuments: false, positionOf: positionsIn(bare) };
  } catch (error) {
    if (error instanceof TooDeep) return { kind: 'unreadable', code: 'TooDeep', reason: '' };
    const offset = firstJsonError(bare);
    const reason = errorText(error);
    return {
      kind: 'unreadable',
      code: 'SyntaxInvalid',
      reason,
      position: offset === undefined ? undefined : positionAt(bare, offset),
    };
  }
}

/** Reads a `.yaml` file: YAML 1.2 with merge keys, or JSON that is not valid YAML. */
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
        positionOf: positionsIn(text),
      };
    }
    const json = readJson(text);
    if (json.kind === 'read') return { ...json, types: 'lenient' };
    return {
      kind: 'unreadable',
      code: 'SyntaxInvalid',
      reason: firstLine(error.message),
      position: positionAt(text, error.pos[0]),
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

/** Parses the text as YAML, also JSON, to find positions; only on first use, since only problems need positions. */
function positionsIn(text: string): SourceText['positionOf'] {
  let document: Document | undefined;
  return (path) => {
    try {
      document ??= parseAllDocuments(text, yamlOptions)[0];
      const offset = document === undefined ? undefined : offsetOf(document, path);
      return offset === undefined ? undefined : positionAt(text, offset);
    } catch {
      return undefined;
    }
  };
}

function offsetOf(document: Document, path: JsonPath): number | undefined {
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

/** The position of a map's value is that of its key, where a reader looks for it. */
function childOf(node: Node, step: string | number): { node: unknown; at: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair === undefined ? undefined : { node: pair.value, at: pair.key };
  }
  if (!isCollection(node) || typeof step !== 'number') return undefined;
  const item: unknown = node.items[step];
  return item === undefined || isPair(item) ? undefined : { node: item, at: item };
}

function positionAt(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
