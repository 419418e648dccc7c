import type { Services } from '@bqtail/local-stack';
import { send } from '../packages/local-stack/bench/emulatorCalls';

const MOST_MESSAGES = 1000;
const PATIENCE_MS = 30_000;

interface PullAnswer {
  readonly receivedMessages?: readonly {
    readonly ackId: string;
    readonly message: { readonly attributes: { readonly objectId: string; readonly eventTime: string } };
  }[];
}

/** Hears of each deletion below a prefix, so that nothing need be listed, and each has its own time. */
export class Deletions {
  private constructor(private readonly subscription: string) {}

  /** Sets up notifications of a bucket, with a subscription that is pulled. */
  static async of(services: Services, project: string, bucket: string, prefix: string): Promise<Deletions> {
    const { storage, pubsub } = services;
    const topic = `projects/${project}/topics/bench-deletions`;
    const subscription = `http://${pubsub}/v1/projects/${project}/subscriptions/bench-deletions`;
    await send(`http://${pubsub}/v1/${topic}`, 'PUT', {});
    await send(subscription, 'PUT', { topic, ackDeadlineSeconds: 600 });
    await send(`${storage}/storage/v1/b/${bucket}/notificationConfigs`, 'POST', {
      topic: `//pubsub.googleapis.com/${topic}`,
      event_types: ['OBJECT_DELETE'],
      object_name_prefix: prefix,
      payload_format: 'NONE',
    });
    return new Deletions(subscription);
  }

  /**
   * When the last of so many objects was deleted, Unix milliseconds.
   *
   * @throws Error when the deletions are not all told within half a minute.
   */
  async last(count: number): Promise<number> {
    const times = new Map<string, number>();
    const giveUpAt = Date.now() + PATIENCE_MS;
    while (times.size < count) {
      if (Date.now() > giveUpAt) throw new Error(`only ${times.size} of ${count} files were deleted`);
      const pulled = await send(`${this.subscription}:pull`, 'POST', { maxMessages: MOST_MESSAGES });
      const { receivedMessages = [] } = (await pulled.json()) as PullAnswer;
      for (const { message } of receivedMessages) {
        times.set(message.attributes.objectId, Date.parse(message.attributes.eventTime));
      }
      const ackIds = receivedMessages.map(({ ackId }) => ackId);
      if (ackIds.length > 0) await send(`${this.subscription}:acknowledge`, 'POST', { ackIds });
    }
    return Math.max(...times.values());
  }
}
