import type { Services } from '@bqtail/local-stack';
import { z } from 'zod';
import type { AppNames } from './appConfig';
import { callEmulator } from './emulatorCall';

/** Creates the buckets that do not exist yet. */
export async function makeBuckets({ storage }: Services, names: AppNames): Promise<void> {
  const { project, triggerBucket, configBucket, opsBucket } = names;
  const make = (name: string) => callEmulator(storage, 'POST', `/storage/v1/b?project=${project}`, { name });
  await Promise.all([triggerBucket, configBucket, opsBucket].map(make));
}

/** Makes Pub/Sub push the notifications of the trigger bucket to the bridge. */
export async function publishEvents(
  { storage, pubsub }: Services,
  { project, triggerBucket }: AppNames,
  bridgePort: number,
): Promise<void> {
  const base = `http://${pubsub}`;
  const topic = `projects/${project}/topics/${triggerBucket}`;
  const subscription = `/v1/projects/${project}/subscriptions/${triggerBucket}`;
  await callEmulator(base, 'PUT', `/v1/${topic}`, {});
  const pushConfig = { pushEndpoint: `http://127.0.0.1:${bridgePort}/` };
  const created = await callEmulator(base, 'PUT', subscription, { topic, pushConfig });
  if (created === undefined) await callEmulator(base, 'POST', `${subscription}:modifyPushConfig`, { pushConfig });
  if (await hasNotifications(storage, triggerBucket)) return;
  await notifyTopic(storage, triggerBucket, topic, { event_types: ['OBJECT_FINALIZE'], payload_format: 'JSON_API_V1' });
}

/**
 * Makes a bucket publish notifications to a topic.
 *
 * @param topic `projects/<project>/topics/<topic>`.
 * @param config further fields of the notification configuration.
 */
export async function notifyTopic(storage: string, bucket: string, topic: string, config: object): Promise<void> {
  const path = `/storage/v1/b/${bucket}/notificationConfigs`;
  await callEmulator(storage, 'POST', path, { topic: `//pubsub.googleapis.com/${topic}`, ...config });
}

const notificationList = z.object({ items: z.array(z.unknown()).default([]) });

async function hasNotifications(storage: string, bucket: string): Promise<boolean> {
  const response = await fetch(`${storage}/storage/v1/b/${bucket}/notificationConfigs`);
  return notificationList.parse(await response.json()).items.length > 0;
}
