import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { parseJson } from '../json';
import { EventInvalidError, fromCloudEvent, fromPubSubPush, fromStructured, type ObjectEvent } from './objectEvent';
import type { VerifyToken } from './pushToken';
import type { EventResponse } from './response';

const MAX_BODY_BYTES = 1024 * 1024;

/** Handlers of the endpoint. */
export interface Intake {
  /** Handles one event; must not throw. */
  readonly handle: (event: ObjectEvent) => Promise<EventResponse>;
  /** Called once per handled event, before the response is sent. */
  readonly onResponse: (response: EventResponse) => void;
  /** Called for a request that is not an event, or whose sender may not push. */
  readonly onInvalid: (reason: string) => void;
  /** Verifies the sender; absent: every sender may push. */
  readonly verify?: VerifyToken;
}

/**
 * The endpoint for pushed events: Pub/Sub push messages, and CloudEvents of both content modes. Its responses:
 * 200: the event is acknowledged, also when sending it again would not help. 202: acknowledged; the load is still running.
 * 401: the sender may not push. 413: the body is larger than a megabyte. 503: the event should be sent again.
 *
 * @example bridgeApp(intake).request('/', { method: 'POST', body }) // tested without a socket
 */
export function bridgeApp(intake: Intake): Hono {
  const app = new Hono();
  app.get('/healthz', (context) => context.text('ok'));
  const refuse = (context: Context, reason: string, status: 200 | 401 | 413 | 503 = 200) => {
    intake.onInvalid(reason);
    return context.json({ Status: 'error', Error: reason }, status);
  };
  const tooLarge = `the request body is larger than ${MAX_BODY_BYTES} bytes`;
  const limit = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (context) => refuse(context, tooLarge, 413) });
  const authenticate: MiddlewareHandler = async (context, next) => {
    const verdict = await intake.verify?.(context.req.header('authorization'));
    if (verdict && verdict.kind !== 'accepted') {
      return refuse(context, verdict.reason, verdict.kind === 'refused' ? 401 : 503);
    }
    await next();
    return undefined;
  };
  app.post('/', authenticate, limit, async (context) => {
    let event: ObjectEvent;
    try {
      event = readEvent(context.req.raw.headers, await context.req.text());
    } catch (error) {
      if (!(error instanceof EventInvalidError)) throw error;
      return refuse(context, error.message);
    }
    const response = await intake.handle(event);
    intake.onResponse(response);
    return context.json(response, response.Retriable ? 503 : response.Status === 'still running' ? 202 : 200);
  });
  app.notFound((context) =>
    context.json({ Error: `${context.req.method} ${context.req.path}: events go to POST /` }, 404),
  );
  return app;
}

/** @throws EventInvalidError */
function readEvent(headers: Headers, text: string): ObjectEvent {
  const body = parseJson(text);
  if (body === undefined) throw new EventInvalidError('the request body is not JSON');
  const type = headers.get('ce-type');
  if (type !== null) return fromCloudEvent({ id: headers.get('ce-id') ?? '', type, data: body });
  if (headers.get('content-type')?.startsWith('application/cloudevents+json')) {
    return fromStructured(body);
  }
  return fromPubSubPush(body);
}
