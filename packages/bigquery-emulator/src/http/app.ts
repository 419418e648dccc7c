import { Hono } from 'hono';
import { methodOverride } from 'hono/method-override';

import mask = require('json-mask');

import { BigQueryError, errorBody } from '../errors';
import { apiCall } from './apiCall';
import type { BigQueryContext, BigQueryEnv, Services } from './context';
import { datasetRoutes } from './datasetRoutes';
import { emptyRoutes } from './emptyRoutes';
import { jobRoutes } from './jobRoutes';
import { localRoutes } from './localRoutes';
import { queryRoutes } from './queryRoutes';
import { tabledataRoutes } from './tabledataRoutes';
import { tableRoutes } from './tableRoutes';
import { uploadRoutes } from './uploadRoutes';

/** All routes, as a function from request to response. */
export function createApp(services: Services): Hono<BigQueryEnv> {
  const app = new Hono<BigQueryEnv>();
  const call = apiCall(services);
  app.onError(errorResponse);
  app.notFound((context) => errorResponse(new BigQueryError(404, 'notFound', 'Not Found'), context));
  // Java's HTTP library has no PATCH: Java clients send POST and name the method in a header.
  app.use(methodOverride({ app, header: 'x-http-method-override' }));
  app.use(async (context, next) => {
    await next();
    const fields = context.req.query('fields');
    if (fields && context.res.ok && isJson(context.res)) {
      context.res = Response.json(mask(await context.res.json(), fields) ?? {}, context.res);
    }
    if (isJson(context.res)) context.res.headers.set('content-type', JSON_TYPE);
  });

  app.route('/', localRoutes(services));
  for (const base of ['/upload/bigquery/v2', '/resumable/upload/bigquery/v2', '/upload']) {
    app.route(base, uploadRoutes(call, services));
  }
  // Clients whose endpoint is an emulator omit the prefix.
  for (const base of ['/bigquery/v2', '/']) {
    app.route(base, datasetRoutes(call, services));
    app.route(base, tableRoutes(call, services));
    app.route(base, tabledataRoutes(call, services));
    app.route(base, emptyRoutes(call, services));
    app.route(base, jobRoutes(call, services));
    app.route(base, queryRoutes(call, services));
  }
  return app;
}

/** Clients compare the content type in this spelling. */
const JSON_TYPE = 'application/json; charset=UTF-8';

const isJson = (response: Response): boolean =>
  response.headers.get('content-type')?.startsWith('application/json') ?? false;

function errorResponse(error: Error, context: BigQueryContext): Response {
  const refusal = error instanceof BigQueryError ? error : undefined;
  if (!refusal && context.env.incoming?.socket?.destroyed !== true) {
    console.error(`${context.req.method} ${context.req.path} failed:`, error);
  }
  const answer = refusal ?? new BigQueryError(500, 'internalError', `An internal error occurred: ${error.message}`);
  const headers = { 'content-type': JSON_TYPE };
  return new Response(JSON.stringify(errorBody(answer)), { status: answer.status, headers });
}
