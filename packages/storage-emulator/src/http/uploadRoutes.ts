import { text } from 'node:stream/consumers';
import { Hono } from 'hono';
import { ApiError, invalid, required } from '../errors';
import { verifyHashes } from '../store/digest';
import {
  checkObjectName,
  expectedHashes,
  type ObjectInput,
  parseObjectInput,
  patchFields,
} from '../store/objectFields';
import { checkWrite, preconditionsOf } from '../store/preconditions';
import type { Content, ObjectFields } from '../store/records';
import { objectResource } from '../store/resource';
import { parseContentRange } from '../uploads/contentRange';
import { partsOf } from '../uploads/multipart';
import type { UploadState } from '../uploads/resumable';
import type { ApiCall } from './apiCall';
import {
  answer,
  baseOf,
  bodyOf,
  param,
  parseJsonObject,
  queryOf,
  type Services,
  type StorageContext,
  type StorageEnv,
} from './context';
import { headerHashes } from './headerValues';

/** Method `objects.insert` in its three kinds: media, multipart and resumable. */
export function uploadRoutes(call: ApiCall, { blobs, objects, uploads }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  /** Makes an object of contents that have arrived; removes them when anything is wrong with them. */
  const insert = async (c: StorageContext, input: ObjectInput, fields: ObjectFields, content: Content) => {
    try {
      verifyHashes({ ...expectedHashes(input), ...headerHashes(c) }, content);
    } catch (error) {
      await blobs.discard(content.blob);
      throw error;
    }
    const where = { bucket: param(c, 'bucket'), name: nameOf(c, input) };
    const object = await objects.insert(where, fields, content, preconditionsOf(queryOf(c)));
    return answer(c, objectResource(object, baseOf(c)));
  };

  const media = async (c: StorageContext) => {
    nameOf(c, {});
    return insert(c, {}, fieldsOf(c, {}, c.req.header('content-type')), await blobs.store(c.env.incoming));
  };

  const multipart = async (c: StorageContext) => {
    let input: ObjectInput | undefined;
    for await (const part of partsOf(c.env.incoming)) {
      if (input === undefined) {
        input = parseObjectInput(parseJsonObject(await text(part.content)));
        nameOf(c, input);
        continue;
      }
      return insert(c, input, fieldsOf(c, input, part.headers.get('content-type')), await blobs.store(part.content));
    }
    throw invalid('Multipart upload must have exactly two parts.');
  };

  const startResumable = async (c: StorageContext) => {
    const input = parseObjectInput(await bodyOf(c));
    const where = { bucket: param(c, 'bucket'), name: nameOf(c, input) };
    const preconditions = preconditionsOf(queryOf(c));
    checkWrite(preconditions, objects.find(where));
    const fields = fieldsOf(c, input, c.req.header('x-upload-content-type'));
    const expected = { ...expectedHashes(input), ...headerHashes(c) };
    const { id } = await uploads.start({ ...where, fields, expected, preconditions });
    const location = new URL(`${baseOf(c)}/upload/storage/v1/b/${encodeURIComponent(where.bucket)}/o`);
    location.search = new URLSearchParams({ uploadType: 'resumable', name: where.name, upload_id: id }).toString();
    return c.body(null, 200, { location: location.href, 'x-guploader-uploadid': id });
  };

  const resume = async (c: StorageContext) => {
    if (c.env.batch !== undefined) throw invalid('Uploads are not possible in a batch.');
    const range = parseContentRange(c.req.header('content-range'));
    return stateAnswer(c, await uploads.resume(uploadId(c), range, c.env.incoming, headerHashes(c)));
  };
  const resumeCall = call('objects.insert.resume', resume);
  const isResumed = (c: StorageContext) => c.req.query('upload_id') !== undefined;

  // Some clients, Go's among them, send the bytes of a resumable upload by POST too.
  app.post('/b/:bucket/o', (c, next) => (isResumed(c) ? resumeCall(c) : next()));
  app.post(
    '/b/:bucket/o',
    call('objects.insert', (c) => {
      if (c.env.batch !== undefined) throw invalid('Uploads are not possible in a batch.');
      objects.requireBucket(param(c, 'bucket'));
      switch (c.req.query('uploadType')) {
        case 'media':
          return media(c);
        case 'multipart':
          return multipart(c);
        case 'resumable':
          return startResumable(c);
        default:
          throw invalid(`Invalid upload type: ${c.req.query('uploadType') ?? ''}`, 'uploadType');
      }
    }),
  );

  app.put('/b/:bucket/o', resumeCall);

  app.delete(
    '/b/:bucket/o',
    call('objects.insert.cancel', async (c) => {
      await uploads.cancel(uploadId(c));
      throw new ApiError(499, 'clientClosedRequest', 'The upload was cancelled.');
    }),
  );

  return app;
}

function stateAnswer(c: StorageContext, state: UploadState): Response {
  if ('object' in state) return answer(c, objectResource(state.object, baseOf(c)));
  const range: Record<string, string> = state.persisted === 0 ? {} : { range: `bytes=0-${state.persisted - 1}` };
  // Clients whose HTTP library would follow a 308 ask to be told in a header.
  if (c.req.header('x-guploader-no-308') === 'yes')
    return new Response(null, {
      status: 200,
      headers: { 'content-length': '0', 'x-http-status-code-override': '308', ...range },
    });
  return new Response(null, { status: 308, headers: { 'content-length': '0', ...range } });
}

function uploadId(c: StorageContext): string {
  const id = c.req.query('upload_id');
  if (id === undefined) throw required('upload_id');
  return id;
}

function nameOf(c: StorageContext, input: ObjectInput): string {
  const name = c.req.query('name') ?? input.name;
  if (name === undefined || name === null) throw required('name');
  return checkObjectName(name);
}

/** Fields from the resource; what it leaves open comes from the headers and the query. */
function fieldsOf(c: StorageContext, input: ObjectInput, contentType: string | undefined): ObjectFields {
  const fields = patchFields({}, input);
  if (contentType !== undefined) fields.contentType ??= contentType;
  const contentEncoding = c.req.query('contentEncoding');
  if (contentEncoding !== undefined) fields.contentEncoding ??= contentEncoding;
  return fields;
}
