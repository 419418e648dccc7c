import { Hono } from 'hono';
import { required } from '../errors';
import { integerOf, preconditionsOf } from '../store/preconditions';
import { bucketResource } from '../store/resource';
import type { ApiCall } from './apiCall';
import { answer, baseOf, bodyOf, param, queryOf, type Services, type StorageContext, type StorageEnv } from './context';

/** The most buckets that one page holds. */
const MAX_RESULTS = 1000;

/** Methods of the resource `buckets`. */
export function bucketRoutes(call: ApiCall, { buckets, project }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  app.get(
    '/b',
    call('buckets.list', (c) => {
      const all = buckets.list(c.req.query('project') ?? project, c.req.query('prefix') ?? '');
      const from = Buffer.from(c.req.query('pageToken') ?? '', 'base64url').toString();
      const rest = all.filter(({ name }) => name > from);
      const limit = Math.max(1, Math.min(integerOf(queryOf(c), 'maxResults') ?? MAX_RESULTS, MAX_RESULTS));
      const page = rest.slice(0, limit);
      const last = rest.length > limit ? page.at(-1) : undefined;
      return answer(c, {
        kind: 'storage#buckets',
        ...(last === undefined ? {} : { nextPageToken: Buffer.from(last.name).toString('base64url') }),
        ...(page.length === 0 ? {} : { items: page.map((bucket) => bucketResource(bucket, baseOf(c))) }),
      });
    }),
  );

  app.post(
    '/b',
    call('buckets.insert', async (c) => {
      const { name, ...fields } = await bodyOf(c);
      if (typeof name !== 'string') throw required('name');
      const bucket = await buckets.insert(c.req.query('project') ?? project, name, fields);
      return answer(c, bucketResource(bucket, baseOf(c)));
    }),
  );

  app.get(
    '/b/:bucket',
    call('buckets.get', (c) => answer(c, bucketResource(buckets.get(param(c, 'bucket')), baseOf(c)))),
  );

  const change = (replace: boolean) => async (c: StorageContext) => {
    const conditions = preconditionsOf(queryOf(c));
    const bucket = await buckets.patch(param(c, 'bucket'), await bodyOf(c), conditions, replace);
    return answer(c, bucketResource(bucket, baseOf(c)));
  };
  app.patch('/b/:bucket', call('buckets.patch', change(false)));
  app.put('/b/:bucket', call('buckets.update', change(true)));

  app.delete(
    '/b/:bucket',
    call('buckets.delete', async (c) => {
      await buckets.remove(param(c, 'bucket'), preconditionsOf(queryOf(c)));
      return c.body(null, 204);
    }),
  );

  return app;
}
