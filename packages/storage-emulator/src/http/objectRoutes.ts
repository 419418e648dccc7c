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

/** Methods of the resource `objects` except uploads and copies. */
export function objectRoutes(call: ApiCall, { db, blobs, objects }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();
  const nameOf = (context: StorageContext) => ({ bucket: param(context, 'bucket'), name: param(context, 'object') });
  const generationOf = (context: StorageContext) => integerOf(queryOf(context), 'generation');

  app.get(
    '/b/:bucket/o',
    call('objects.list', (context) => {
      const bucket = param(context, 'bucket');
      objects.requireBucket(bucket);
      // Some clients send parameters without a value as empty ones.
      const given = (name: string) => context.req.query(name) || undefined;
      const { items, prefixes, nextPageToken } = listObjects(db, {
        bucket,
        prefix: given('prefix'),
        delimiter: given('delimiter'),
        includeTrailingDelimiter: context.req.query('includeTrailingDelimiter') === 'true',
        startOffset: given('startOffset'),
        endOffset: given('endOffset'),
        matchGlob: given('matchGlob'),
        maxResults: integerOf(queryOf(context), 'maxResults'),
        pageToken: given('pageToken'),
      });
      const base = baseOf(context);
      return answer(context, {
        kind: 'storage#objects',
        nextPageToken,
        prefixes: prefixes.length === 0 ? undefined : prefixes,
        items: items.length === 0 ? undefined : items.map((object) => objectResource(object, base)),
      });
    }),
  );

  app.get(
    '/b/:bucket/o/:object',
    call('objects.get', (context) => {
      const object = objects.get(nameOf(context), generationOf(context));
      checkRead(preconditionsOf(queryOf(context)), object);
      checkEtag(context, etagOf(object));
      if (context.req.query('alt') === 'media') return mediaResponse(context, object, blobs);
      return answer(context, objectResource(object, baseOf(context)));
    }),
  );

  const change = (replace: boolean) => async (context: StorageContext) => {
    const input = parseObjectInput(await bodyOf(context));
    const object = await objects.patch(
      nameOf(context),
      generationOf(context),
      preconditionsOf(queryOf(context)),
      (fields) => patchFields(replace ? {} : fields, input),
    );
    return answer(context, objectResource(object, baseOf(context)));
  };
  app.patch('/b/:bucket/o/:object', call('objects.patch', change(false)));
  app.put('/b/:bucket/o/:object', call('objects.update', change(true)));

  app.delete(
    '/b/:bucket/o/:object',
    call('objects.delete', async (context) => {
      await objects.remove(nameOf(context), generationOf(context), preconditionsOf(queryOf(context)));
      return context.body(null, 204);
    }),
  );

  return app;
}

/** Checks the ETag conditions of a read. @throws ApiError 412 when If-Match fails, 304 when If-None-Match fails. */
function checkEtag(context: StorageContext, etag: string): void {
  const match = context.req.header('if-match');
  if (match !== undefined && !namesEtag(match, etag)) throw conditionNotMet();
  const noMatch = context.req.header('if-none-match');
  if (noMatch !== undefined && namesEtag(noMatch, etag)) throw notModified();
}
