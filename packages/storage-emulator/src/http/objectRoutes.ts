import { Hono } from 'hono';
import { conditionNotMet, notModified } from '../errors';
import { listObjects } from '../store/listing';
import { parseObjectInput, patchFields } from '../store/objectFields';
import { checkRead, integerOf, preconditionsOf } from '../store/preconditions';
import { etagOf, objectResource } from '../store/resource';
import type { ApiCall } from './apiCall';
import { answer, baseOf, bodyOf, param, queryOf, type Services, type StorageContext, type StorageEnv } from './context';
import { namesEtag } from './headerValues';
import { mediaResponse } from './media';

/** Methods of the resource `objects` that neither upload nor copy. */
export function objectRoutes(call: ApiCall, { db, blobs, objects }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();
  const nameOf = (c: StorageContext) => ({ bucket: param(c, 'bucket'), name: param(c, 'object') });
  const generationOf = (c: StorageContext) => integerOf(queryOf(c), 'generation');

  app.get(
    '/b/:bucket/o',
    call('objects.list', (c) => {
      const bucket = param(c, 'bucket');
      objects.requireBucket(bucket);
      // Clients send parameters that they leave open as empty ones.
      const given = (name: string) => c.req.query(name) || undefined;
      const { items, prefixes, nextPageToken } = listObjects(db, {
        bucket,
        prefix: given('prefix'),
        delimiter: given('delimiter'),
        includeTrailingDelimiter: c.req.query('includeTrailingDelimiter') === 'true',
        startOffset: given('startOffset'),
        endOffset: given('endOffset'),
        matchGlob: given('matchGlob'),
        maxResults: integerOf(queryOf(c), 'maxResults'),
        pageToken: given('pageToken'),
      });
      const base = baseOf(c);
      return answer(c, {
        kind: 'storage#objects',
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
        ...(prefixes.length === 0 ? {} : { prefixes }),
        ...(items.length === 0 ? {} : { items: items.map((object) => objectResource(object, base)) }),
      });
    }),
  );

  app.get(
    '/b/:bucket/o/:object',
    call('objects.get', (c) => {
      const object = objects.get(nameOf(c), generationOf(c));
      checkRead(preconditionsOf(queryOf(c)), object);
      checkEtag(c, etagOf(object));
      if (c.req.query('alt') === 'media') return mediaResponse(c, object, blobs);
      return answer(c, objectResource(object, baseOf(c)));
    }),
  );

  const change = (replace: boolean) => async (c: StorageContext) => {
    const input = parseObjectInput(await bodyOf(c));
    const object = await objects.patch(nameOf(c), generationOf(c), preconditionsOf(queryOf(c)), (fields) =>
      patchFields(replace ? {} : fields, input),
    );
    return answer(c, objectResource(object, baseOf(c)));
  };
  app.patch('/b/:bucket/o/:object', call('objects.patch', change(false)));
  app.put('/b/:bucket/o/:object', call('objects.update', change(true)));

  app.delete(
    '/b/:bucket/o/:object',
    call('objects.delete', async (c) => {
      await objects.remove(nameOf(c), generationOf(c), preconditionsOf(queryOf(c)));
      return c.body(null, 204);
    }),
  );

  return app;
}

/** Reads may depend on ETags, too: 412 for one that must match and does not, 304 for one that must not and does. */
function checkEtag(c: StorageContext, etag: string): void {
  const match = c.req.header('if-match');
  if (match !== undefined && !namesEtag(match, etag)) throw conditionNotMet();
  const noMatch = c.req.header('if-none-match');
  if (noMatch !== undefined && namesEtag(noMatch, etag)) throw notModified();
}
