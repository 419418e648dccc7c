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

  const notificationNotFound = (context: StorageContext) =>
    notFound(`The specified notification ${param(context, 'notification')} does not exist.`);

  app.post(
    path,
    call('notifications.insert', async (context) => {
      const bucket = param(context, 'bucket');
      objects.requireBucket(bucket);
      const parsed = notificationSchema.safeParse(await bodyOf(context));
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
      return answer(context, notificationResource(notification, baseOf(context)));
    }),
  );

  app.get(
    path,
    call('notifications.list', (context) => {
      objects.requireBucket(param(context, 'bucket'));
      const items = notifications
        .list(param(context, 'bucket'))
        .map((item) => notificationResource(item, baseOf(context)));
      return answer(context, { kind: 'storage#notifications', items: items.length === 0 ? undefined : items });
    }),
  );

  app.get(
    `${path}/:notification`,
    call('notifications.get', (context) => {
      const notification = notifications.find(param(context, 'bucket'), param(context, 'notification'));
      if (notification === undefined) throw notificationNotFound(context);
      return answer(context, notificationResource(notification, baseOf(context)));
    }),
  );

  app.delete(
    `${path}/:notification`,
    call('notifications.delete', async (context) => {
      if (!(await notifications.remove(param(context, 'bucket'), param(context, 'notification'))))
        throw notificationNotFound(context);
      return context.body(null, 204);
    }),
  );

  // Clients read it before they allow the service to publish to a topic.
  app.get(
    '/projects/:project/serviceAccount',
    call('projects.serviceAccount.get', (context) =>
      answer(context, {
        kind: 'storage#serviceAccount',
        email_address: `service-${param(context, 'project')}@gs-project-accounts.iam.gserviceaccount.com`,
      }),
    ),
  );

  return app;
}
