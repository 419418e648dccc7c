import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { invalid } from '../errors';
import { withFault } from './apiCall';
import { formatBatch, parseBatch } from './batchBody';
import { type BatchScope, baseOf, type Services, type StorageContext, type StorageEnv } from './context';

/** The service's limit of calls. */
const MAX_CALLS = 100;

/** Answers a call as if it came alone, but as part of a batch. */
export type Dispatch = (request: Request, env: StorageEnv['Bindings']) => Response | Promise<Response>;

/** The batch endpoint: many calls in one multipart body, answered in the same order. */
export function batchRoutes({ counts, faults }: Services, dispatch: Dispatch): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  const run = async (c: StorageContext): Promise<Response> => {
    const scope: BatchScope = { buckets: new Set() };
    try {
      const fault = faults.strike({ call: 'batch', method: c.req.method, path: c.req.path, buckets: [] });
      const handler = () => answerBatch(c, scope, dispatch);
      return await (fault === undefined ? handler() : withFault(fault, c, handler));
    } finally {
      counts.add('batch', scope.buckets);
    }
  };
  app.post('/batch', run);
  app.post('/batch/storage/v1', run);

  return app;
}

async function answerBatch(c: StorageContext, scope: BatchScope, dispatch: Dispatch): Promise<Response> {
  const calls = parseBatch(c.req.header('content-type'), await c.req.text(), baseOf(c));
  if (calls.length === 0) throw invalid('The batch request has no calls.');
  if (calls.length > MAX_CALLS) throw invalid(`The batch request has more than ${MAX_CALLS} calls.`);
  const env = { ...c.env, batch: scope };
  const answers = await Promise.all(
    calls.map(async ({ request, contentId }) => ({ contentId, response: await dispatch(request, env) })),
  );
  // A fault in one of the calls may have ended the connection.
  if (c.env.incoming.socket.destroyed) return RESPONSE_ALREADY_SENT;
  const { contentType, body } = await formatBatch(answers);
  return c.body(body, 200, { 'content-type': contentType });
}
