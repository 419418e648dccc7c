import { Hono } from 'hono';
import { invalidArgument, resourceNotFound } from '../pubsub/errors';
import { publishSchema, receivedMessage } from '../pubsub/messages';
import {
  parseAcknowledge,
  parsePull,
  parsePushConfig,
  parseSubscription,
  subscriptionResource,
} from '../pubsub/subscriptions';
import { bodyOf, param, type Services, type StorageContext, type StorageEnv } from './context';

/** Longest wait of a pull for its first message. */
const PULL_WAIT_MS = 5_000;

/** The part of the Pub/Sub REST API that object notifications need. */
export function pubsubRoutes({ db, topics, deliveries }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();
  const topicName = (c: StorageContext) => `projects/${param(c, 'project')}/topics/${methodless(param(c, 'topic'))}`;
  const subscriptionName = (c: StorageContext) =>
    `projects/${param(c, 'project')}/subscriptions/${methodless(param(c, 'subscription'))}`;

  app.get('/v1/projects/:project/topics', (c) => {
    const found = topics.listTopics(param(c, 'project'));
    return c.json({ topics: found.map(({ name, fields }) => ({ ...fields, name })) });
  });
  app.put('/v1/projects/:project/topics/:topic', async (c) => {
    const name = topicName(c);
    const fields = await bodyOf(c);
    await topics.createTopic({ name, fields });
    return c.json({ ...fields, name });
  });
  app.get('/v1/projects/:project/topics/:topic', (c) => {
    const { name, fields } = topics.topic(topicName(c));
    return c.json({ ...fields, name });
  });
  app.get('/v1/projects/:project/topics/:topic/subscriptions', (c) => {
    const { name } = topics.topic(topicName(c));
    const found = topics.listSubscriptions().filter(({ topic }) => topic === name);
    return c.json({ subscriptions: found.map((subscription) => subscription.name) });
  });
  app.delete('/v1/projects/:project/topics/:topic', async (c) => {
    await topics.deleteTopic(topicName(c));
    return c.json({});
  });
  app.post('/v1/projects/:project/topics/:topic', async (c) => {
    if (methodOf(param(c, 'topic')) !== 'publish') throw resourceNotFound(c.req.path);
    const { name } = topics.topic(topicName(c));
    const parsed = publishSchema.safeParse(await bodyOf(c));
    if (!parsed.success) throw invalidArgument(parsed.error.message);
    const ids = await db.write((afterCommit) =>
      parsed.data.messages.map(({ orderingKey, ...message }) =>
        topics.publish(name, orderingKey === undefined ? message : { ...message, orderingKey }, afterCommit),
      ),
    );
    return c.json({ messageIds: ids.map(String) });
  });

  app.get('/v1/projects/:project/subscriptions', (c) =>
    c.json({ subscriptions: topics.listSubscriptions(param(c, 'project')).map(subscriptionResource) }),
  );
  app.put('/v1/projects/:project/subscriptions/:subscription', async (c) => {
    const subscription = parseSubscription(subscriptionName(c), await bodyOf(c));
    await topics.createSubscription(subscription);
    return c.json(subscriptionResource(subscription));
  });
  app.get('/v1/projects/:project/subscriptions/:subscription', (c) =>
    c.json(subscriptionResource(topics.subscription(subscriptionName(c)))),
  );
  app.delete('/v1/projects/:project/subscriptions/:subscription', async (c) => {
    await topics.deleteSubscription(subscriptionName(c));
    return c.json({});
  });
  app.post('/v1/projects/:project/subscriptions/:subscription', async (c) => {
    const subscription = topics.subscription(subscriptionName(c));
    const body = await bodyOf(c);
    switch (methodOf(param(c, 'subscription'))) {
      case 'pull': {
        const { maxMessages, returnImmediately } = parsePull(body);
        const messages = await deliveries.pull(subscription, maxMessages, returnImmediately ? 0 : PULL_WAIT_MS);
        if (messages.length === 0) return c.json({});
        return c.json({
          receivedMessages: messages.map((message) => ({
            ackId: String(message.id),
            message: receivedMessage(message),
          })),
        });
      }
      case 'acknowledge':
        deliveries.acknowledge(subscription.name, parseAcknowledge(body).ackIds);
        return c.json({});
      case 'modifyAckDeadline': {
        const { ackIds, ackDeadlineSeconds } = parseAcknowledge(body);
        deliveries.extend(subscription.name, ackIds, ackDeadlineSeconds * 1000);
        return c.json({});
      }
      case 'modifyPushConfig':
        await topics.changeSubscription(subscription.name, parsePushConfig(body['pushConfig']));
        return c.json({});
      default:
        throw resourceNotFound(c.req.path);
    }
  });

  return app;
}

/** `name:method` without the method. */
function methodless(segment: string): string {
  return segment.replace(/:[A-Za-z]+$/, '');
}

function methodOf(segment: string): string | undefined {
  return /:([A-Za-z]+)$/.exec(segment)?.[1];
}
