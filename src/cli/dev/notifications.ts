import type { Services } from '@bqtail/local-stack';
import type { AppNames } from './appConfig';

/** The buckets of the names, unless they are there. */
export async function makeBuckets(services: Services, names: AppNames): Promise<void> {
  const { project, triggerBucket, configBucket, opsBucket } = names;
  const make = (name: string) => call(services, 'POST', `/storage/v1/b?project=${project}`, { name });
  await Promise.all([triggerBucket, configBucket, opsBucket].map(make));
}

/** Notifications of the trigger bucket, pushed to the bridge. */
export async function publishEvents(
  services: Services,
  { project, triggerBucket }: AppNames,
  bridgePort: number,
): Promise<void> {
  const topic = `projects/${project}/topics/${triggerBucket}`;
  const subscription = `projects/${project}/subscriptions/${triggerBucket}`;
  await call(services, 'PUT', `/v1/${topic}`, {});
  const pushConfig = { pushEndpoint: `http://127.0.0.1:${bridgePort}/` };
  const known = await call(services, 'PUT', `/v1/${subscription}`, { topic, pushConfig });
  if (known === 'exists') await call(services, 'POST', `/v1/${subscription}:modifyPushConfig`, { pushConfig });
  const configs = `/storage/v1/b/${triggerBucket}/notificationConfigs`;
  const { items = [] } = (await (await fetch(services.storage + configs)).json()) as { items?: unknown[] };
  if (items.length > 0) return;
  await call(services, 'POST', configs, {
    topic: `//pubsub.googleapis.com/${topic}`,
    event_types: ['OBJECT_FINALIZE'],
    payload_format: 'JSON_API_V1',
  });
}

async function call(services: Services, method: string, path: string, body: unknown): Promise<'made' | 'exists'> {
  const answer = await fetch(services.storage + path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.status === 409) return 'exists';
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return 'made';
}
