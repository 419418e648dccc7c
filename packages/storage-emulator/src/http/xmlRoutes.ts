import { Hono } from 'hono';
import { ApiError, invalid, statusError } from '../errors';
import { verifyHashes } from '../store/digest';
import { checkObjectName } from '../store/objectFields';
import type { ObjectName } from '../store/objects';
import { checkRead, integerOf } from '../store/preconditions';
import { etagOf as objectEtag } from '../store/resource';
import { etagOf, type NamedPart } from '../uploads/parts';
import type { ApiCall } from './apiCall';
import { baseOf, param, type Services, type StorageContext, type StorageEnv } from './context';
import { headerConditions, headerFields, headerHashes } from './headerValues';
import { mediaResponse } from './media';

/** Error codes of the XML API by HTTP status. */
const CODES: Readonly<Record<number, string>> = {
  400: 'InvalidArgument',
  403: 'AccessDenied',
  404: 'NoSuchKey',
  412: 'PreconditionFailed',
  416: 'InvalidRange',
  501: 'NotImplemented',
};
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const XML = { 'content-type': 'application/xml; charset=UTF-8' };

/**
 * Objects at `/bucket/object`, the form of the XML API, which clients use for signed URLs and for large files: downloads,
 * and uploads in one piece or in parts.
 */
export function xmlRoutes(call: ApiCall, { objects, blobs, parts }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();
  const path = '/:bucket/:object{.+}';
  const where = (context: StorageContext): ObjectName => ({
    bucket: param(context, 'bucket'),
    name: param(context, 'object'),
  });

  app.get(
    path,
    call(
      'objects.get',
      inXml(async (context) => {
        const generation = integerOf((name) => context.req.query(name), 'generation');
        const object = objects.get(where(context), generation);
        checkRead(headerConditions(context), object);
        return mediaResponse(context, object, blobs);
      }),
    ),
  );

  app.put(path, (context) => (context.req.query('uploadId') === undefined ? put(context) : putPart(context)));
  const put = call(
    'objects.insert',
    inXml(async (context) => {
      const target = writable(context);
      const content = await blobs.store(context.env.incoming);
      try {
        verifyHashes(headerHashes(context), content);
      } catch (error) {
        await blobs.discard(content.blob);
        throw error;
      }
      const object = await objects.insert(target, headerFields(context), content, headerConditions(context));
      return new Response(null, {
        headers: {
          etag: `"${etagOf(content)}"`,
          'x-goog-generation': String(object.generation),
          'x-goog-metageneration': '1',
          'x-goog-hash': `crc32c=${content.crc32c},md5=${content.md5Hash}`,
          'x-goog-stored-content-length': String(content.size),
        },
      });
    }),
  );
  const putPart = call(
    'objects.insert.part',
    inXml(async (context) => {
      const number = integerOf((name) => context.req.query(name), 'partNumber') ?? 0;
      if (number < 1 || number > 10_000) throw invalid('Part number must be an integer between 1 and 10000, inclusive');
      const content = await parts.put(
        where(context),
        context.req.query('uploadId') ?? '',
        number,
        context.env.incoming,
        headerHashes(context),
      );
      const hash = `crc32c=${content.crc32c},md5=${content.md5Hash}`;
      return new Response(null, { headers: { etag: `"${etagOf(content)}"`, 'x-goog-hash': hash } });
    }),
  );

  app.post(path, (context) => (context.req.query('uploads') === undefined ? complete(context) : start(context)));
  const start = call(
    'objects.insert',
    inXml((context) => {
      const target = writable(context);
      return xmlAnswer('InitiateMultipartUploadResult', target, {
        UploadId: parts.start(target, headerFields(context)),
      });
    }),
  );
  const complete = call(
    'objects.insert.complete',
    inXml(async (context) => {
      const target = where(context);
      const named = namedParts(await context.req.text());
      const object = await parts.complete(
        target,
        context.req.query('uploadId') ?? '',
        named,
        headerConditions(context),
      );
      const Location = `${baseOf(context)}/${target.bucket}/${encodeURIComponent(target.name)}`;
      const answer = xmlAnswer('CompleteMultipartUploadResult', target, { Location, ETag: `"${objectEtag(object)}"` });
      answer.headers.set('x-goog-generation', String(object.generation));
      answer.headers.set('x-goog-hash', `crc32c=${object.content.crc32c}`);
      return answer;
    }),
  );

  app.delete(
    path,
    call(
      'objects.delete',
      inXml(async (context) => {
        const id = context.req.query('uploadId');
        if (id === undefined) await objects.remove(where(context), undefined, headerConditions(context));
        else await parts.abort(where(context), id);
        return context.body(null, 204);
      }),
    ),
  );

  const writable = (context: StorageContext): ObjectName => {
    if (context.req.header('x-goog-copy-source') ?? context.req.header('x-amz-copy-source')) {
      throw statusError(501, 'Copies by the XML API are not supported by the local Cloud Storage.');
    }
    const target = where(context);
    checkObjectName(target.name);
    objects.requireBucket(target.bucket);
    return target;
  };

  return app;
}

/** Reads a list such as `<Part><PartNumber>1</PartNumber><ETag>"..."</ETag></Part>`. */
function namedParts(xml: string): NamedPart[] {
  return [...xml.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(/<PartNumber>\s*(\d+)/.exec(part)?.[1] ?? 0),
    etag: (/<ETag>(.*?)<\/ETag>/s.exec(part)?.[1] ?? '').replace(/&quot;|&#34;|"/g, '').trim(),
  }));
}

function xmlAnswer(kind: string, { bucket, name }: ObjectName, members: Readonly<Record<string, string>>): Response {
  const shown = Object.entries({ Bucket: bucket, Key: name, ...members });
  const text = shown.map(([key, value]) => `<${key}>${escaped(value)}</${key}>`).join('');
  const body = `<?xml version='1.0' encoding='UTF-8'?><${kind} xmlns='${NAMESPACE}'>${text}</${kind}>`;
  return new Response(body, { headers: XML });
}

/** A handler that answers errors in XML. */
function inXml(handler: (context: StorageContext) => Response | Promise<Response>) {
  return async (context: StorageContext): Promise<Response> => {
    try {
      return await handler(context);
    } catch (error) {
      if (error instanceof ApiError && error.code !== 304) return xmlError(context, error);
      throw error;
    }
  };
}

function xmlError(context: StorageContext, error: ApiError): Response {
  const code = CODES[error.code] ?? 'InternalError';
  const body = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${escaped(error.message)}</Message></Error>`;
  return new Response(context.req.raw.method === 'HEAD' ? null : body, { status: error.code, headers: XML });
}

function escaped(text: string): string {
  return text.replace(/[<>&]/g, (char) => `&#${char.charCodeAt(0)};`);
}
