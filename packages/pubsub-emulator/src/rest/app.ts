import { Hono } from 'hono';
import type { Broker } from '../broker';
import { BrokerError, type BrokerStatus } from '../brokerError';
import { messageResource } from '../messageResource';
import { subscriptionRoutes } from './subscriptionRoutes';
import { topicRoutes } from './topicRoutes';

const HTTP_STATUS = { NOT_FOUND: 404, ALREADY_EXISTS: 409, INVALID_ARGUMENT: 400 } as const;

/** The REST API of Pub/Sub, and `GET /_local/messages`, which lists the last messages of each topic. */
export function restApp(broker: Broker): Hono {
  const app = new Hono();
  app.route('/', topicRoutes(broker));
  app.route('/', subscriptionRoutes(broker));
  app.get('/_local/messages', (context) =>
    context.json({
      messages: broker.recent().map((message) => ({ topic: message.topic, ...messageResource(message) })),
    }),
  );
  app.notFound((context) => {
    const message = `${context.req.method} ${context.req.path} is not supported by the local Pub/Sub.`;
    return context.json(errorBody('NOT_FOUND', message), 404);
  });
  app.onError((error, context) => {
    if (!(error instanceof BrokerError)) throw error;
    return context.json(errorBody(error.status, error.message), HTTP_STATUS[error.status]);
  });
  return app;
}

function errorBody(status: BrokerStatus, message: string): Record<string, unknown> {
  return { error: { code: HTTP_STATUS[status], status, message } };
}
