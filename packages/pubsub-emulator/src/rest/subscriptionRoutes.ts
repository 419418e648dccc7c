import { Hono } from 'hono';
import { z } from 'zod';
import type { Broker } from '../broker';
import { messageResource } from '../messageResource';
import { parsePushEndpoint, parseSubscription, subscriptionResource } from '../subscriptionSettings';
import { bodyOf, projectOf, subscriptionOf } from './request';

/** Longest wait of a pull call for its first message. */
const PULL_WAIT_MS = 5_000;

const pullBody = z.object({ maxMessages: z.int().min(1), returnImmediately: z.boolean().default(false) });
const acknowledgeBody = z.object({ ackIds: z.array(z.string()) });
const deadlineBody = acknowledgeBody.extend({ ackDeadlineSeconds: z.int().min(0).max(600).default(0) });

/** Methods of `projects.subscriptions`. */
export function subscriptionRoutes(broker: Broker): Hono {
  const app = new Hono();
  const path = '/v1/projects/:project/subscriptions';
  const method = (name: string) => `${path}/:subscription{[^/]+:${name}}`;

  app.get(path, (context) =>
    context.json({ subscriptions: broker.listSubscriptions(projectOf(context)).map(subscriptionResource) }),
  );
  app.put(`${path}/:subscription`, async (context) => {
    const settings = parseSubscription(subscriptionOf(context), await bodyOf(context, z.looseObject({})));
    await broker.createSubscription(settings);
    return context.json(subscriptionResource(settings));
  });
  app.get(`${path}/:subscription`, (context) =>
    context.json(subscriptionResource(broker.subscription(subscriptionOf(context)).settings)),
  );
  app.delete(`${path}/:subscription`, async (context) => {
    await broker.deleteSubscription(subscriptionOf(context));
    return context.json({});
  });
  app.post(method('pull'), async (context) => {
    const { maxMessages, returnImmediately } = await bodyOf(context, pullBody);
    const subscription = broker.subscription(subscriptionOf(context));
    const leases = await subscription.pull(maxMessages, returnImmediately ? 0 : PULL_WAIT_MS);
    const receivedMessages = leases.map(({ ackId, message }) => ({ ackId, message: messageResource(message) }));
    return context.json({ receivedMessages });
  });
  app.post(method('acknowledge'), async (context) => {
    const { ackIds } = await bodyOf(context, acknowledgeBody);
    await broker.subscription(subscriptionOf(context)).acknowledge(ackIds);
    return context.json({});
  });
  app.post(method('modifyAckDeadline'), async (context) => {
    const { ackIds, ackDeadlineSeconds } = await bodyOf(context, deadlineBody);
    broker.subscription(subscriptionOf(context)).extend(ackIds, ackDeadlineSeconds * 1000);
    return context.json({});
  });
  app.post(method('modifyPushConfig'), async (context) => {
    const { pushConfig } = await bodyOf(context, z.looseObject({}));
    await broker.modifyPushEndpoint(subscriptionOf(context), parsePushEndpoint(pushConfig));
    return context.json({});
  });
  return app;
}
