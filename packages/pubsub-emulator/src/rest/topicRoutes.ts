import { Hono } from 'hono';
import { z } from 'zod';
import type { Broker } from '../broker';
import type { Topic } from '../message';
import { bodyOf, projectOf, topicOf } from './request';

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

/** Methods of `projects.topics`. */
export function topicRoutes(broker: Broker): Hono {
  const app = new Hono();
  const path = '/v1/projects/:project/topics';

  app.get(path, (context) => context.json({ topics: broker.listTopics(projectOf(context)).map(topicResource) }));
  app.put(`${path}/:topic`, async (context) => {
    const { name: _name, ...fields } = await bodyOf(context, z.looseObject({}));
    const topic = { name: topicOf(context), fields };
    await broker.createTopic(topic);
    return context.json(topicResource(topic));
  });
  app.get(`${path}/:topic`, (context) => context.json(topicResource(broker.topic(topicOf(context)))));
  app.get(`${path}/:topic/subscriptions`, (context) =>
    context.json({ subscriptions: broker.listTopicSubscriptions(topicOf(context)) }),
  );
  app.delete(`${path}/:topic`, async (context) => {
    await broker.deleteTopic(topicOf(context));
    return context.json({});
  });
  app.post(`${path}/:topic{[^/]+:publish}`, async (context) => {
    const { messages } = await bodyOf(context, publishBody);
    const decoded = messages.map((message) => ({ ...message, data: Buffer.from(message.data, 'base64') }));
    return context.json({ messageIds: await broker.publish(topicOf(context), decoded) });
  });
  return app;
}

function topicResource({ name, fields }: Topic): Record<string, unknown> {
  return { ...fields, name };
}
