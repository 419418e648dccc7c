import { invalid } from '../errors';
import { type Database, endOf, keyOf } from './database';
import { globExpression, literalPrefix } from './glob';
import type { ObjectRecord } from './records';

/** Items and prefixes of one page together. */
const MAX_RESULTS = 1000;
/** Names that one page may read. Such a page ends early, so that a listing does not delay other calls for long. */
const MAX_SCANNED = 20_000;

export interface ListQuery {
  readonly bucket: string;
  readonly prefix?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly includeTrailingDelimiter?: boolean | undefined;
  readonly startOffset?: string | undefined;
  readonly endOffset?: string | undefined;
  readonly matchGlob?: string | undefined;
  readonly maxResults?: number | undefined;
  readonly pageToken?: string | undefined;
}

export interface Page {
  readonly items: readonly ObjectRecord[];
  readonly prefixes: readonly string[];
  readonly nextPageToken?: string;
}

/**
 * One page of a listing, in the order of the UTF-8 bytes of the names. The cost of a page depends on its results only: it
 * starts where the previous page ended, and skips all names under a common prefix at once.
 */
export function listObjects(db: Database, query: ListQuery): Page {
  const { bucket, delimiter, matchGlob } = query;
  if (matchGlob !== undefined && delimiter !== undefined && delimiter !== '/')
    throw invalid('Delimiter must be "/" when matchGlob is used.', 'delimiter');
  const prefix = query.prefix ?? '';
  const glob = matchGlob === undefined ? undefined : globExpression(matchGlob);
  const limit = Math.max(1, Math.min(query.maxResults ?? MAX_RESULTS, MAX_RESULTS));
  const end = endKey(query, prefix);
  let start: Buffer | undefined = startKey(query, prefix);
  const items: ObjectRecord[] = [];
  const prefixes: string[] = [];
  let scanned = 0;
  let last: Buffer | undefined;

  while (start !== undefined) {
    const range = db.objects.getRange({ start, end });
    start = undefined;
    for (const { value: object } of range) {
      if (items.length + prefixes.length >= limit || scanned >= MAX_SCANNED)
        return { items, prefixes, nextPageToken: tokenOf(last) };
      scanned++;
      const common = commonPrefix(object.name, prefix, delimiter);
      const matched = glob === undefined || glob.test(object.name);
      if (matched) {
        if (common !== undefined) prefixes.push(common);
        const trailing = query.includeTrailingDelimiter === true && common === object.name;
        if (common === undefined || trailing) items.push(object);
      }
      last = after(keyOf(bucket, object.name));
      if (common === undefined || !matched) continue;
      last = endOf(keyOf(bucket, common));
      start = last;
      break;
    }
  }
  return { items, prefixes };
}

/** The name up to and including the first delimiter after the prefix; undefined without one. */
function commonPrefix(name: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined || delimiter === '') return undefined;
  const index = name.indexOf(delimiter, prefix.length);
  return index < 0 ? undefined : name.slice(0, index + delimiter.length);
}

function startKey(query: ListQuery, prefix: string): Buffer {
  const starts = [keyOf(query.bucket, prefix), keyOf(query.bucket, literalPrefix(query.matchGlob ?? ''))];
  if (query.startOffset !== undefined) starts.push(keyOf(query.bucket, query.startOffset));
  if (query.pageToken !== undefined && query.pageToken !== '') starts.push(keyOfToken(query.bucket, query.pageToken));
  return starts.reduce((largest, key) => (Buffer.compare(key, largest) > 0 ? key : largest));
}

function endKey(query: ListQuery, prefix: string): Buffer {
  const ends = [endOf(keyOf(query.bucket, prefix)), endOf(keyOf(query.bucket, literalPrefix(query.matchGlob ?? '')))];
  if (query.endOffset !== undefined && query.endOffset !== '') ends.push(keyOf(query.bucket, query.endOffset));
  return ends.reduce((smallest, key) => (Buffer.compare(key, smallest) < 0 ? key : smallest));
}

function after(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.of(0)]);
}

function tokenOf(key: Buffer | undefined): string {
  return (key ?? Buffer.of()).toString('base64url');
}

/** The key in a page token, where the next page starts. @throws ApiError 400 for a token of another bucket. */
function keyOfToken(bucket: string, token: string): Buffer {
  const key = Buffer.from(token, 'base64url');
  const owner = keyOf(bucket, '');
  if (!key.subarray(0, owner.length).equals(owner)) throw invalid('Invalid Value: pageToken', 'pageToken');
  return key;
}
