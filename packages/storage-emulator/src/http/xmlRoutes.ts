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

/** Codes of the XML API by status. */
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
 * Objects by `/bucket/object`, the form of the XML API: contents, and uploads whole or in parts, which clients use for signed
 * URLs and for large files.
 */
export function xmlRoutes(call: ApiCall, { objects, blobs, parts }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();
  const one = '/:bucket/:object{.+}';
  const where = (c: StorageContext): ObjectName => ({ bucket: param(c, 'bucket'), name: param(c, 'object') });

  app.get(
    one,
    call(
      'objects.get',
      inXml(async (c) => {
        const generation = integerOf((name) => c.req.query(name), 'generation');
        const object = objects.get(where(c), generation);
        checkRead(headerConditions(c), object);
        return mediaResponse(c, object, blobs);
      }),
    ),
  );

  app.put(one, (c) => (c.req.query('uploadId') === undefined ? put(c) : putPart(c)));
  const put = call(
    'objects.insert',
    inXml(async (c) => {
      const target = writable(c);
      const content = await blobs.store(c.env.incoming);
      try {
        verifyHashes(headerHashes(c), content);
      } catch (error) {
        await blobs.discard(content.blob);
        throw error;
      }
      const object = await objects.insert(target, headerFields(c), content, headerConditions(c));
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
    inXml(async (c) => {
      const number = integerOf((name) => c.req.query(name), 'partNumber') ?? 0;
      if (number < 1 || number > 10_000) throw invalid('Part number must be an integer between 1 and 10000, inclusive');
      const content = await parts.put(where(c), c.req.query('uploadId') ?? '', number, c.env.incoming, headerHashes(c));
      const hash = `crc32c=${content.crc32c},md5=${content.md5Hash}`;
      return new Response(null, { headers: { etag: `"${etagOf(content)}"`, 'x-goog-hash': hash } });
    }),
  );

  app.post(one, (c) => (c.req.query('uploads') === undefined ? complete(c) : start(c)));
  const start = call(
    'objects.insert',
    inXml((c) => {
      const target = writable(c);
      return xmlAnswer('InitiateMultipartUploadResult', target, { UploadId: parts.start(target, headerFields(c)) });
    }),
  );
  const complete = call(
    'objects.insert.complete',
    inXml(async (c) => {
      const target = where(c);
      const named = namedParts(await c.req.text());
      const object = await parts.complete(target, c.req.query('uploadId') ?? '', named, headerConditions(c));
      const Location = `${baseOf(c)}/${target.bucket}/${encodeURIComponent(target.name)}`;
      const answer = xmlAnswer('CompleteMultipartUploadResult', target, { Location, ETag: `"${objectEtag(object)}"` });
      answer.headers.set('x-goog-generation', String(object.generation));
      answer.headers.set('x-goog-hash', `crc32c=${object.content.crc32c}`);
      return answer;
    }),
  );

  app.delete(
    one,
    call(
      'objects.delete',
      inXml(async (c) => {
        const id = c.req.query('uploadId');
        if (id === undefined) await objects.remove(where(c), undefined, headerConditions(c));
        else await parts.abort(where(c), id);
        return c.body(null, 204);
      }),
    ),
  );

  const writable = (c: StorageContext): ObjectName => {
    if (c.req.header('x-goog-copy-source') ?? c.req.header('x-amz-copy-source')) {
      throw statusError(501, 'Copies by the XML API are not supported by the local Cloud Storage.');
    }
    const target = where(c);
    checkObjectName(target.name);
    objects.requireBucket(target.bucket);
    return target;
  };

  return app;
}

/** `<Part><PartNumber>1</PartNumber><ETag>"..."</ETag></Part>` and so on. */
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

/** A handler whose errors are answered in XML. */
function inXml(handler: (c: StorageContext) => Response | Promise<Response>) {
  return async (c: StorageContext): Promise<Response> => {
    try {
      return await handler(c);
    } catch (error) {
      if (error instanceof ApiError && error.code !== 304) return xmlError(c, error);
      throw error;
    }
  };
}

function xmlError(c: StorageContext, error: ApiError): Response {
  const code = CODES[error.code] ?? 'InternalError';
  const body = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${escaped(error.message)}</Message></Error>`;
  return new Response(c.req.raw.method === 'HEAD' ? null : body, { status: error.code, headers: XML });
}

function escaped(text: string): string {
  return text.replace(/[<>&]/g, (char) => `&#${char.charCodeAt(0)};`);
}
