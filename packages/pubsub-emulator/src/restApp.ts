import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Broker } from './broker';
import { BrokerError } from './brokerError';
import type { Message, SubscriptionSettings } from './message';

/** Longest wait of a pull for its first message. */
const PULL_WAIT_MS = 5_000;
const ACK_DEADLINE_SECONDS = 10;
const HTTP_STATUS = { NOT_FOUND: 404, ALREADY_EXISTS: 409, INVALID_ARGUMENT: 400 } as const;

const publishBody = z.object({
  messages: z
    .array(
      z.object({
        data: z.base64().default(''),
        attributes: z.record(z.string(), z.string()).default({}),
        orderingKey: z.string().default(''),
      }),
    )
    .min(1),
});
const subscriptionBody = z.object({ topic: z.string(), ackDeadlineSeconds: z.int().min(0).max(600).optional() });
const pullBody = z.object({ maxMessages: z.int().min(1), returnImmediately: z.boolean().default(false) });
const acknowledgeBody = z.object({ ackIds: z.array(z.string()), ackDeadlineSeconds: z.int().min(0).default(0) });

/** The part of Pub/Sub's REST API that publishing and pulling need; `GET /_local/messages` shows what was published last. */
export function restApp(broker: Broker): Hono {
  const app = new Hono();
  const topic = (c: Context) => `projects/${c.req.param('project')}/topics/${before(c.req.param('topic'))}`;
  const subscription = (c: Context) =>
    `projects/${c.req.param('project')}/subscriptions/${before(c.req.param('subscription'))}`;

  app.get('/v1/projects/:project/topics', (c) =>
    c.json({ topics: broker.listTopics(`projects/${c.req.param('project')}`).map((name) => ({ name })) }),
  );
  app.put('/v1/projects/:project/topics/:topic', (c) => {
    broker.createTopic(topic(c));
    return c.json({ name: topic(c) });
  });
  app.get('/v1/projects/:project/topics/:topic', (c) => {
    broker.requireTopic(topic(c));
    return c.json({ name: topic(c) });
  });
  app.delete('/v1/projects/:project/topics/:topic', (c) => {
    broker.deleteTopic(topic(c));
    return c.json({});
  });
  app.post('/v1/projects/:project/topics/:topic{[^/]+:publish}', async (c) => {
    const { messages } = await bodyOf(c, publishBody);
    const sent = messages.map((message) => ({ ...message, data: Buffer.from(message.data, 'base64') }));
    return c.json({ messageIds: broker.publish(topic(c), sent) });
  });

  app.get('/v1/projects/:project/subscriptions', (c) =>
    c.json({ subscriptions: broker.listSubscriptions(`projects/${c.req.param('project')}`).map(shown) }),
  );
  app.put('/v1/projects/:project/subscriptions/:subscription', async (c) => {
    const body = await bodyOf(c, subscriptionBody);
    const ackDeadlineSeconds = body.ackDeadlineSeconds || ACK_DEADLINE_SECONDS;
    broker.createSubscription({ name: subscription(c), topic: body.topic, ackDeadlineSeconds });
    return c.json(shown(broker.subscription(subscription(c)).settings));
  });
  app.get('/v1/projects/:project/subscriptions/:subscription', (c) =>
    c.json(shown(broker.subscription(subscription(c)).settings)),
  );
  app.delete('/v1/projects/:project/subscriptions/:subscription', (c) => {
    broker.deleteSubscription(subscription(c));
    return c.json({});
  });
  app.post('/v1/projects/:project/subscriptions/:subscription{[^/]+:pull}', async (c) => {
    const { maxMessages, returnImmediately } = await bodyOf(c, pullBody);
    const leases = await broker.subscription(subscription(c)).pull(maxMessages, returnImmediately ? 0 : PULL_WAIT_MS);
    return c.json({ receivedMessages: leases.map(({ ackId, message }) => ({ ackId, message: received(message) })) });
  });
  app.post('/v1/projects/:project/subscriptions/:subscription{[^/]+:acknowledge}', async (c) => {
    broker.subscription(subscription(c)).acknowledge((await bodyOf(c, acknowledgeBody)).ackIds);
    return c.json({});
  });
  app.post('/v1/projects/:project/subscriptions/:subscription{[^/]+:modifyAckDeadline}', async (c) => {
    const { ackIds, ackDeadlineSeconds } = await bodyOf(c, acknowledgeBody);
    broker.subscription(subscription(c)).extend(ackIds, ackDeadlineSeconds * 1000);
    return c.json({});
  });

  app.get('/_local/messages', (c) =>
    c.json({ messages: broker.recent().map((message) => ({ topic: message.topic, ...received(message) })) }),
  );
  app.notFound((c) => c.json(errorBody(404, 'NOT_FOUND', `${c.req.method} ${c.req.path} is not served here`), 404));
  app.onError((error, c) => {
    if (!(error instanceof BrokerError)) throw error;
    const status = HTTP_STATUS[error.status];
    return c.json(errorBody(status, error.status, error.message), status);
  });
  return app;
}

async function bodyOf<S extends z.ZodType>(c: Context, schema: S): Promise<z.infer<S>> {
  const parsed = schema.safeParse(await c.req.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw new BrokerError('INVALID_ARGUMENT', z.prettifyError(parsed.error));
}

function before(name = ''): string {
  return name.split(':')[0] ?? name;
}

function shown({ name, topic, ackDeadlineSeconds }: SubscriptionSettings): Record<string, unknown> {
  return { name, topic, ackDeadlineSeconds, pushConfig: {}, state: 'ACTIVE' };
}

function received({ data, attributes, messageId, orderingKey, publishTime }: Message): Record<string, unknown> {
  const text = Buffer.from(data).toString('base64');
  return {
    data: text,
    attributes,
    messageId,
    publishTime: publishTime.toISOString(),
    ...(orderingKey && { orderingKey }),
  };
}

function errorBody(code: number, status: string, message: string): Record<string, unknown> {
  return { error: { code, status, message } };
}
