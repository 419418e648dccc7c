import type { Services } from '@bqtail/local-stack';

/** An object that was written, according to its notification. */
export interface WrittenObject {
  readonly url: string;
  /** RFC 3339. */
  readonly time: string;
}

interface PullAnswer {
  readonly receivedMessages?: readonly {
    readonly ackId: string;
    readonly message: { readonly attributes: Readonly<Record<string, string>> };
  }[];
}

/** Lists every object that is written to some buckets of the local Cloud Storage, also those that are deleted soon after. */
export class WrittenObjects {
  private constructor(
    private readonly pubsub: string,
    private readonly subscription: string,
  ) {}

  static async of(services: Services, project: string, buckets: readonly string[]): Promise<WrittenObjects> {
    const pubsub = `http://${services.pubsub}`;
    const topic = `projects/${project}/topics/written-objects`;
    const subscription = `projects/${project}/subscriptions/written-objects`;
    await send(pubsub, 'PUT', `/v1/${topic}`, {});
    await send(pubsub, 'PUT', `/v1/${subscription}`, { topic });
    for (const bucket of buckets) {
      await send(services.storage, 'POST', `/storage/v1/b/${bucket}/notificationConfigs`, {
        topic: `//pubsub.googleapis.com/${topic}`,
        event_types: ['OBJECT_FINALIZE'],
        payload_format: 'NONE',
      });
    }
    return new WrittenObjects(pubsub, subscription);
  }

  /** Objects written since the last call, in order of time. */
  async take(): Promise<WrittenObject[]> {
    const found: WrittenObject[] = [];
    for (;;) {
      const answer = await send(this.pubsub, 'POST', `/v1/${this.subscription}:pull`, {
        maxMessages: 1000,
        returnImmediately: true,
      });
      const { receivedMessages = [] } = answer as PullAnswer;
      if (receivedMessages.length === 0) return found.sort((a, b) => a.time.localeCompare(b.time));
      const ackIds = receivedMessages.map(({ ackId }) => ackId);
      await send(this.pubsub, 'POST', `/v1/${this.subscription}:acknowledge`, { ackIds });
      for (const { message } of receivedMessages) {
        const { bucketId, objectId, eventTime = '' } = message.attributes;
        found.push({ url: `gs://${bucketId}/${objectId}`, time: eventTime });
      }
    }
  }
}

async function send(base: string, method: string, path: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(base + path, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok && answer.status !== 409)
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
