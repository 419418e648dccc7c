import { BigQueryError } from '../errors';
import type { BigQueryContext } from './context';

/** The address of a resource at this server. */
export function linkTo(context: BigQueryContext, path: string): string {
  return `${new URL(context.req.url).origin}/bigquery/v2/${path}`;
}

/** @throws BigQueryError 412 when the client wants another state of the resource than there is. */
export function checkEtag(context: BigQueryContext, etag: string | undefined): void {
  const wanted = context.req.header('if-match');
  if (!wanted || wanted === '*' || wanted.replace(/^W\/|"/g, '') === etag || wanted === etag) return;
  throw new BigQueryError(412, 'conditionNotMet', 'Precondition check failed.', 'If-Match');
}
