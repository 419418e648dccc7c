import { BigQueryError } from '../errors';
import type { BigQueryContext } from './context';

/** The address of a resource at this server. */
export function linkTo(c: BigQueryContext, path: string): string {
  return `${new URL(c.req.url).origin}/bigquery/v2/${path}`;
}

/** @throws BigQueryError 412 when the client wants another state of the resource than there is. */
export function checkEtag(c: BigQueryContext, etag: string | undefined): void {
  const wanted = c.req.header('if-match');
  if (!wanted || wanted === '*' || wanted.replace(/^W\/|"/g, '') === etag || wanted === etag) return;
  throw new BigQueryError(412, 'conditionNotMet', 'Precondition check failed.', 'If-Match');
}
