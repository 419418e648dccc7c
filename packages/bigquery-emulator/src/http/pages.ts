import { invalid } from '../errors';
import { type BigQueryContext, numberOf } from './context';

/** A page of a list: where it starts and how long it may be. */
export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** The page that the request asks for. @throws BigQueryError when its token was not made here. */
export function pageOf(context: BigQueryContext, normal: number, most: number): Page {
  const wanted = numberOf(context, 'maxResults');
  const limit = wanted === undefined ? normal : Math.min(Math.max(0, wanted), most);
  return { offset: offsetOf(context.req.query('pageToken')), limit };
}

export function offsetOf(token: string | undefined): number {
  if (!token) return 0;
  const match = /^at:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  if (!match) throw invalid('Invalid value for: pageToken is not a valid value', 'pageToken');
  return Number(match[1]);
}

export function tokenOf(offset: number): string {
  return Buffer.from(`at:${offset}`, 'latin1').toString('base64url');
}

/** One page of what is in memory anyway. */
export function paged<T>(items: readonly T[], page: Page): { items: T[]; nextPageToken?: string } {
  const end = page.offset + page.limit;
  const more = end < items.length && page.limit > 0;
  return { items: items.slice(page.offset, end), ...(more ? { nextPageToken: tokenOf(end) } : {}) };
}
