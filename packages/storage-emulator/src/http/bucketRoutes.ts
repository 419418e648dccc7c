import { Hono } from 'hono';
import { required } from '../errors';
import { integerOf, preconditionsOf } from '../store/preconditions';
import { bucketResource } from '../store/resource';
import type { ApiCall } from './apiCall';
import { answer, baseOf, bodyOf, param, queryOf, type Services, type StorageContext, type StorageEnv } from './context';

/** Buckets of one page. */
const MAX_RESULTS = 1000;

/** Methods of the resource `buckets`. */
export function bucketRoutes(call: ApiCall, { buckets, project }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  app.get(
    '/b',
    call('buckets.list', (context) => {
      const all = buckets.list(context.req.query('project') ?? project, context.req.query('prefix') ?? '');
      const from = Buffer.from(context.req.query('pageToken') ?? '', 'base64url').toString();
      const rest = all.filter(({ name }) => name > from);
      const limit = Math.max(1, Math.min(integerOf(queryOf(context), 'maxResults') ?? MAX_RESULTS, MAX_RESULTS));
      const page = rest.slice(0, limit);
      const last = rest.length > limit ? page.at(-1) : undefined;
      return answer(context, {
        kind: 'storage#buckets',
        nextPageToken: last && Buffer.from(last.name).toString('base64url'),
        items: page.length === 0 ? undefined : page.map((bucket) => bucketResource(bucket, baseOf(context))),
      });
    }),
  );

  app.post(
    '/b',
    call('buckets.insert', async (context) => {
      const { name, ...fields } = await bodyOf(context);
      if (typeof name !== 'string') throw required('name');
      const bucket = await buckets.insert(context.req.query('project') ?? project, name, fields);
      return answer(context, bucketResource(bucket, baseOf(context)));
    }),
  );

  app.get(
    '/b/:bucket',
    call('buckets.get', (context) =>
      answer(context, bucketResource(buckets.get(param(context, 'bucket')), baseOf(context))),
    ),
  );

  const change = (replace: boolean) => async (context: StorageContext) => {
    const conditions = preconditionsOf(queryOf(context));
    const bucket = await buckets.patch(param(context, 'bucket'), await bodyOf(context), conditions, replace);
    return answer(context, bucketResource(bucket, baseOf(context)));
  };
  app.patch('/b/:bucket', call('buckets.patch', change(false)));
  app.put('/b/:bucket', call('buckets.update', change(true)));

  app.delete(
    '/b/:bucket',
    call('buckets.delete', async (context) => {
      await buckets.remove(param(context, 'bucket'), preconditionsOf(queryOf(context)));
      return context.body(null, 204);
    }),
  );

  return app;
}
