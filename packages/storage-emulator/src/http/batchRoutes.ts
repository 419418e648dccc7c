import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { invalid } from '../errors';
import { withFault } from './apiCall';
import { formatBatch, parseBatch } from './batchBody';
import { type BatchScope, baseOf, type Services, type StorageContext, type StorageEnv } from './context';

/** The service's limit of calls in a batch. */
const MAX_CALLS = 100;

/** Handles one call of a batch as if it were a request of its own. */
export type Dispatch = (request: Request, env: StorageEnv['Bindings']) => Response | Promise<Response>;

/** The batch endpoint: many calls in one multipart body, with the responses in the same order. */
export function batchRoutes({ counts, faults }: Services, dispatch: Dispatch): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  const run = async (context: StorageContext): Promise<Response> => {
    const scope: BatchScope = { buckets: new Set() };
    try {
      const fault = faults.strike({ call: 'batch', method: context.req.method, path: context.req.path, buckets: [] });
      const handler = () => answerBatch(context, scope, dispatch);
      return await (fault === undefined ? handler() : withFault(fault, context, handler));
    } finally {
      counts.add('batch', scope.buckets);
    }
  };
  app.post('/batch', run);
  app.post('/batch/storage/v1', run);

  return app;
}

async function answerBatch(context: StorageContext, scope: BatchScope, dispatch: Dispatch): Promise<Response> {
  const calls = parseBatch(context.req.header('content-type'), await context.req.text(), baseOf(context));
  if (calls.length === 0) throw invalid('The batch request has no calls.');
  if (calls.length > MAX_CALLS) throw invalid(`The batch request has more than ${MAX_CALLS} calls.`);
  const env = { ...context.env, batch: scope };
  const answers = await Promise.all(
    calls.map(async ({ request, contentId }) => ({ contentId, response: await dispatch(request, env) })),
  );
  // A fault that struck one of the calls may have closed the connection.
  if (context.env.incoming.socket.destroyed) return RESPONSE_ALREADY_SENT;
  const { contentType, body } = await formatBatch(answers);
  return context.body(body, 200, { 'content-type': contentType });
}
