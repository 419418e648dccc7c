import { invalid } from '../errors';
import { type BigQueryContext, numberOf } from './context';

/** A page of a list: where it starts and how long it may be. */
export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/**
 * The page that the request asks for.
 *
 * @param normal length of a page when the request does not set `maxResults`.
 * @param most the greatest length of a page.
 * @throws BigQueryError when the page token is invalid.
 */
export function pageOf(context: BigQueryContext, normal: number, most: number): Page {
  const requested = numberOf(context, 'maxResults');
  const limit = requested === undefined ? normal : Math.min(Math.max(0, requested), most);
  return { offset: offsetOf(context.req.query('pageToken')), limit };
}

/** The offset that a page token holds; 0 without a token. @throws BigQueryError when the token is invalid. */
export function offsetOf(token: string | undefined): number {
  if (!token) return 0;
  const match = /^at:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  if (!match) throw invalid('Invalid value for: pageToken is not a valid value', 'pageToken');
  return Number(match[1]);
}

/** The page token for an offset. */
export function tokenOf(offset: number): string {
  return Buffer.from(`at:${offset}`, 'latin1').toString('base64url');
}

/** One page of a list in memory, and the token of the next page. */
export function paged<T>(items: readonly T[], page: Page): { items: T[]; nextPageToken?: string } {
  const end = page.offset + page.limit;
  const more = end < items.length && page.limit > 0;
  return { items: items.slice(page.offset, end), nextPageToken: more ? tokenOf(end) : undefined };
}
