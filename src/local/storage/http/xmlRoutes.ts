import { Hono } from 'hono';
import { ApiError } from '../errors';
import { checkRead, integerOf } from '../store/preconditions';
import type { Preconditions } from '../store/records';
import type { ApiCall } from './apiCall';
import { param, type Services, type StorageContext, type StorageEnv } from './context';
import { mediaResponse } from './media';

/** Codes of the XML API by status. */
const CODES: Readonly<Record<number, string>> = {
  400: 'InvalidArgument',
  404: 'NoSuchKey',
  412: 'PreconditionFailed',
  416: 'InvalidRange',
};

/** Reads by `/bucket/object`, the form of the XML API that some clients use for contents. */
export function xmlRoutes(call: ApiCall, { objects, blobs }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  app.get(
    '/:bucket/:object{.+}',
    call('objects.get', async (c) => {
      try {
        const where = { bucket: param(c, 'bucket'), name: param(c, 'object') };
        const object = objects.get(
          where,
          integerOf((name) => c.req.query(name), 'generation'),
        );
        checkRead(headerConditions(c), object);
        return await mediaResponse(c, object, blobs);
      } catch (error) {
        if (error instanceof ApiError && error.code !== 304) return xmlError(c, error);
        throw error;
      }
    }),
  );

  return app;
}

function headerConditions(c: StorageContext): Preconditions {
  const header = (name: string) => c.req.header(name);
  const conditions: Preconditions = {};
  const generationMatch = integerOf(header, 'x-goog-if-generation-match');
  const metagenerationMatch = integerOf(header, 'x-goog-if-metageneration-match');
  if (generationMatch !== undefined) conditions.generationMatch = generationMatch;
  if (metagenerationMatch !== undefined) conditions.metagenerationMatch = metagenerationMatch;
  return conditions;
}

function xmlError(c: StorageContext, error: ApiError): Response {
  const message = error.message.replace(/[<>&]/g, (char) => `&#${char.charCodeAt(0)};`);
  const code = CODES[error.code] ?? 'InternalError';
  const body = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  const headers = { 'content-type': 'application/xml; charset=UTF-8' };
  return new Response(c.req.raw.method === 'HEAD' ? null : body, { status: error.code, headers });
}
