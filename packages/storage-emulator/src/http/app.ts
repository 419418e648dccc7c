import { Hono } from 'hono';
import { methodOverride } from 'hono/method-override';
import { ApiError, statusError } from '../errors';
import { apiCall } from './apiCall';
import { batchRoutes } from './batchRoutes';
import { bucketRoutes } from './bucketRoutes';
import type { Services, StorageContext, StorageEnv } from './context';
import { copyRoutes } from './copyRoutes';
import { localRoutes } from './localRoutes';
import { notificationRoutes } from './notificationRoutes';
import { objectRoutes } from './objectRoutes';
import { policyRoutes } from './policyRoutes';
import { uploadRoutes } from './uploadRoutes';
import { xmlRoutes } from './xmlRoutes';

/** First path segments of the APIs. An unknown path below them is an error and not an object of a bucket of that name. */
const NOT_BUCKETS = ['b', 'storage', 'upload', 'download', 'batch', '_local'];

/** All routes: a function from request to response. */
export function createApp(services: Services): Hono<StorageEnv> {
  // Routes are matched on the encoded path: decoded, a name with %2F would become several segments.
  const app = new Hono<StorageEnv>({ getPath: rawPath });
  const call = apiCall(services);
  app.onError(errorResponse);
  app.notFound(() => statusJson(statusError(404, 'Not Found')));

  // Java's HTTP library has no PATCH: its clients send POST and name the method in a header.
  app.use(methodOverride({ app, header: 'x-http-method-override' }));
  app.route('/', localRoutes(services));
  app.route(
    '/',
    batchRoutes(services, (request, env) => app.fetch(request, env)),
  );
  app.route('/upload/storage/v1', uploadRoutes(call, services));
  // The Node client omits `/storage/v1` when its endpoint comes from STORAGE_EMULATOR_HOST.
  for (const base of ['/storage/v1', '/download/storage/v1', '/']) {
    app.route(base, bucketRoutes(call, services));
    app.route(base, copyRoutes(call, services));
    app.route(base, notificationRoutes(call, services));
    app.route(base, policyRoutes(call, services));
    app.route(base, objectRoutes(call, services));
  }
  for (const prefix of NOT_BUCKETS) app.all(`/${prefix}/*`, () => statusJson(statusError(404, 'Not Found')));
  app.route('/', xmlRoutes(call, services));
  return app;
}

function rawPath(request: Request): string {
  const [, path = '/'] = /^[a-z]+:\/\/[^/]*([^?#]*)/i.exec(request.url) ?? [];
  return path === '' ? '/' : path;
}

function errorResponse(error: Error, context: StorageContext): Response {
  if (!(error instanceof ApiError)) {
    if (context.env.incoming.socket?.destroyed !== true)
      console.error(`${context.req.method} ${context.req.path} failed:`, error);
    return statusJson(statusError(500, 'Internal error'));
  }
  if (error.code === 304) return new Response(null, { status: 304 });
  const media = context.req.query('alt') === 'media' && context.req.method === 'GET';
  if (!media) return statusJson(error);
  // The service answers failed media requests in plain text.
  return new Response(error.message, { status: error.code, headers: { 'content-type': 'text/html; charset=UTF-8' } });
}

function statusJson(error: ApiError): Response {
  const headers = { 'content-type': 'application/json; charset=UTF-8' };
  return new Response(JSON.stringify(error), { status: error.code, headers });
}
