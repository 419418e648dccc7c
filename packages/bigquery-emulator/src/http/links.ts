import { BigQueryError } from '../errors';
import type { BigQueryContext } from './context';

/** The `selfLink` of a resource on this server. */
export function linkTo(context: BigQueryContext, path: string): string {
  return `${new URL(context.req.url).origin}/bigquery/v2/${path}`;
}

/** @throws BigQueryError 412 when the If-Match header names another version of the resource. */
export function checkEtag(context: BigQueryContext, etag: string | undefined): void {
  const condition = context.req.header('if-match');
  if (!condition || condition === '*' || condition.replace(/^W\/|"/g, '') === etag || condition === etag) return;
  throw new BigQueryError(412, 'conditionNotMet', 'Precondition check failed.', 'If-Match');
}
