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

/** The three kinds of the method `objects.insert`: media, multipart and resumable. */
export function uploadRoutes(call: ApiCall, { blobs, objects, uploads }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  /** Makes an object of received contents; removes the contents when they are refused. */
  const insert = async (context: StorageContext, input: ObjectInput, fields: ObjectFields, content: Content) => {
    try {
      verifyHashes({ ...expectedHashes(input), ...headerHashes(context) }, content);
    } catch (error) {
      await blobs.discard(content.blob);
      throw error;
    }
    const where = { bucket: param(context, 'bucket'), name: nameOf(context, input) };
    const object = await objects.insert(where, fields, content, preconditionsOf(queryOf(context)));
    return answer(context, objectResource(object, baseOf(context)));
  };

  const media = async (context: StorageContext) => {
    nameOf(context, {});
    return insert(
      context,
      {},
      fieldsOf(context, {}, context.req.header('content-type')),
      await blobs.store(context.env.incoming),
    );
  };

  const multipart = async (context: StorageContext) => {
    let input: ObjectInput | undefined;
    for await (const part of partsOf(context.env.incoming)) {
      if (input === undefined) {
        input = parseObjectInput(parseJsonObject(await text(part.content)));
        nameOf(context, input);
        continue;
      }
      return insert(
        context,
        input,
        fieldsOf(context, input, part.headers.get('content-type')),
        await blobs.store(part.content),
      );
    }
    throw invalid('Multipart upload must have exactly two parts.');
  };

  const startResumable = async (context: StorageContext) => {
    const input = parseObjectInput(await bodyOf(context));
    const where = { bucket: param(context, 'bucket'), name: nameOf(context, input) };
    const preconditions = preconditionsOf(queryOf(context));
    checkWrite(preconditions, objects.find(where));
    const fields = fieldsOf(context, input, context.req.header('x-upload-content-type'));
    const expected = { ...expectedHashes(input), ...headerHashes(context) };
    const { id } = await uploads.start({ ...where, fields, expected, preconditions });
    const location = new URL(`${baseOf(context)}/upload/storage/v1/b/${encodeURIComponent(where.bucket)}/o`);
    location.search = new URLSearchParams({ uploadType: 'resumable', name: where.name, upload_id: id }).toString();
    return context.body(null, 200, { location: location.href, 'x-guploader-uploadid': id });
  };

  const resume = async (context: StorageContext) => {
    if (context.env.batch !== undefined) throw invalid('Uploads are not possible in a batch.');
    const range = parseContentRange(context.req.header('content-range'));
    return stateAnswer(
      context,
      await uploads.resume(uploadId(context), range, context.env.incoming, headerHashes(context)),
    );
  };
  const resumeCall = call('objects.insert.resume', resume);
  const isResumed = (context: StorageContext) => context.req.query('upload_id') !== undefined;

  // Some clients, among them Go's, send the bytes of a resumable upload by POST, too.
  app.post('/b/:bucket/o', (context, next) => (isResumed(context) ? resumeCall(context) : next()));
  app.post(
    '/b/:bucket/o',
    call('objects.insert', (context) => {
      if (context.env.batch !== undefined) throw invalid('Uploads are not possible in a batch.');
      objects.requireBucket(param(context, 'bucket'));
      switch (context.req.query('uploadType')) {
        case 'media':
          return media(context);
        case 'multipart':
          return multipart(context);
        case 'resumable':
          return startResumable(context);
        default:
          throw invalid(`Invalid upload type: ${context.req.query('uploadType') ?? ''}`, 'uploadType');
      }
    }),
  );

  app.put('/b/:bucket/o', resumeCall);

  app.delete(
    '/b/:bucket/o',
    call('objects.insert.cancel', async (context) => {
      await uploads.cancel(uploadId(context));
      throw new ApiError(499, 'clientClosedRequest', 'The upload was cancelled.');
    }),
  );

  return app;
}

function stateAnswer(context: StorageContext, state: UploadState): Response {
  if ('object' in state) return answer(context, objectResource(state.object, baseOf(context)));
  const headers = new Headers({ 'content-length': '0' });
  if (state.persisted > 0) headers.set('range', `bytes=0-${state.persisted - 1}`);
  // A client whose HTTP library would follow a 308 requests the status in a header.
  const inHeader = context.req.header('x-guploader-no-308') === 'yes';
  if (inHeader) headers.set('x-http-status-code-override', '308');
  return new Response(null, { status: inHeader ? 200 : 308, headers });
}

function uploadId(context: StorageContext): string {
  const id = context.req.query('upload_id');
  if (id === undefined) throw required('upload_id');
  return id;
}

function nameOf(context: StorageContext, input: ObjectInput): string {
  const name = context.req.query('name') ?? input.name;
  if (name === undefined || name === null) throw required('name');
  return checkObjectName(name);
}

/** Fields of the resource, completed from the headers and the query. */
function fieldsOf(context: StorageContext, input: ObjectInput, contentType: string | undefined): ObjectFields {
  const fields = patchFields({}, input);
  if (contentType !== undefined) fields.contentType ??= contentType;
  const contentEncoding = context.req.query('contentEncoding');
  if (contentEncoding !== undefined) fields.contentEncoding ??= contentEncoding;
  return fields;
}
