import { Hono } from 'hono';
import { z } from 'zod';
import { invalid, notFound } from '../errors';
import { notificationResource } from '../store/resource';
import type { ApiCall } from './apiCall';
import { answer, baseOf, bodyOf, param, type Services, type StorageContext, type StorageEnv } from './context';

const EVENT_TYPES = ['OBJECT_FINALIZE', 'OBJECT_DELETE', 'OBJECT_METADATA_UPDATE', 'OBJECT_ARCHIVE'] as const;
const TOPIC = /^\/\/pubsub\.googleapis\.com\/(projects\/[^/]+\/topics\/[^/]+)$/;

const notificationSchema = z.object({
  topic: z.string().regex(TOPIC, 'expected //pubsub.googleapis.com/projects/{project}/topics/{topic}'),
  payload_format: z.enum(['JSON_API_V1', 'NONE']),
  event_types: z.array(z.enum(EVENT_TYPES)).nullish(),
  object_name_prefix: z.string().nullish(),
  custom_attributes: z.record(z.string(), z.string()).nullish(),
});

/** Methods of the resource `notifications`. */
export function notificationRoutes(call: ApiCall, { objects, notifications, pubsub }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();
  const path = '/b/:bucket/notificationConfigs';

  const missing = (c: StorageContext) =>
    notFound(`The specified notification ${param(c, 'notification')} does not exist.`);

  app.post(
    path,
    call('notifications.insert', async (c) => {
      const bucket = param(c, 'bucket');
      objects.requireBucket(bucket);
      const parsed = notificationSchema.safeParse(await bodyOf(c));
      if (!parsed.success) throw invalid(`Invalid notification: ${z.prettifyError(parsed.error)}`);
      const { data } = parsed;
      const topic = TOPIC.exec(data.topic)?.[1] ?? '';
      if (pubsub === undefined)
        throw invalid('The local Cloud Storage needs a Pub/Sub for notifications: start it with the option pubsub.');
      if (!(await pubsub.hasTopic(topic))) throw notFound(`Cloud Pub/Sub topic '${topic}' not found.`);
      const notification = await notifications.insert({
        bucket,
        topic,
        eventTypes: data.event_types ?? [],
        prefix: data.object_name_prefix ?? '',
        payloadFormat: data.payload_format,
        attributes: data.custom_attributes ?? {},
      });
      return answer(c, notificationResource(notification, baseOf(c)));
    }),
  );

  app.get(
    path,
    call('notifications.list', (c) => {
      objects.requireBucket(param(c, 'bucket'));
      const items = notifications.list(param(c, 'bucket')).map((item) => notificationResource(item, baseOf(c)));
      return answer(c, { kind: 'storage#notifications', ...(items.length === 0 ? {} : { items }) });
    }),
  );

  app.get(
    `${path}/:notification`,
    call('notifications.get', (c) => {
      const notification = notifications.find(param(c, 'bucket'), param(c, 'notification'));
      if (notification === undefined) throw missing(c);
      return answer(c, notificationResource(notification, baseOf(c)));
    }),
  );

  app.delete(
    `${path}/:notification`,
    call('notifications.delete', async (c) => {
      if (!(await notifications.remove(param(c, 'bucket'), param(c, 'notification')))) throw missing(c);
      return c.body(null, 204);
    }),
  );

  // Clients ask for it before they allow the service to publish to a topic.
  app.get(
    '/projects/:project/serviceAccount',
    call('projects.serviceAccount.get', (c) =>
      answer(c, {
        kind: 'storage#serviceAccount',
        email_address: `service-${param(c, 'project')}@gs-project-accounts.iam.gserviceaccount.com`,
      }),
    ),
  );

  return app;
}
