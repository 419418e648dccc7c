import type { Services } from '@bqtail/local-stack';
import type { AppNames } from './appConfig';

/** Creates the buckets that do not exist yet. */
export async function makeBuckets(services: Services, names: AppNames): Promise<void> {
  const { project, triggerBucket, configBucket, opsBucket } = names;
  const make = (name: string) => call(services.storage, 'POST', `/storage/v1/b?project=${project}`, { name });
  await Promise.all([triggerBucket, configBucket, opsBucket].map(make));
}

/** Has Pub/Sub push the notifications of the trigger bucket to the bridge. */
export async function publishEvents(
  services: Services,
  { project, triggerBucket }: AppNames,
  bridgePort: number,
): Promise<void> {
  const topic = `projects/${project}/topics/${triggerBucket}`;
  const subscription = `projects/${project}/subscriptions/${triggerBucket}`;
  const pubsub = `http://${services.pubsub}`;
  await call(pubsub, 'PUT', `/v1/${topic}`, {});
  const pushConfig = { pushEndpoint: `http://127.0.0.1:${bridgePort}/` };
  const outcome = await call(pubsub, 'PUT', `/v1/${subscription}`, { topic, pushConfig });
  if (outcome === 'exists') await call(pubsub, 'POST', `/v1/${subscription}:modifyPushConfig`, { pushConfig });
  const configs = `/storage/v1/b/${triggerBucket}/notificationConfigs`;
  const { items = [] } = (await (await fetch(services.storage + configs)).json()) as { items?: unknown[] };
  if (items.length > 0) return;
  await call(services.storage, 'POST', configs, {
    topic: `//pubsub.googleapis.com/${topic}`,
    event_types: ['OBJECT_FINALIZE'],
    payload_format: 'JSON_API_V1',
  });
}

async function call(base: string, method: string, path: string, body: unknown): Promise<'created' | 'exists'> {
  const answer = await fetch(base + path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.status === 409) return 'exists';
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return 'created';
}
