import { setTimeout as sleep } from 'node:timers/promises';
import type { Services } from '@bqtail/local-stack';
import { notifyTopic } from '../src/cli/dev/notifications';
import { PullSubscription } from '../src/cli/dev/pullSubscription';

const POLL_MS = 50;
const TIMEOUT_MS = 30_000;

/** Collects the time of each deletion below a prefix from notifications, so that the benchmark lists no objects. */
export class Deletions {
  private constructor(private readonly subscription: PullSubscription) {}

  /** Sets up notifications of a bucket. */
  static async of(services: Services, project: string, bucket: string, prefix: string): Promise<Deletions> {
    const subscription = await PullSubscription.create(services.pubsub, project, 'bench-deletions');
    await notifyTopic(services.storage, bucket, subscription.topic, {
      event_types: ['OBJECT_DELETE'],
      object_name_prefix: prefix,
      payload_format: 'NONE',
    });
    return new Deletions(subscription);
  }

  /**
   * Time of the last of `count` deletions, Unix milliseconds.
   *
   * @throws Error when fewer objects are deleted within half a minute.
   */
  async last(count: number): Promise<number> {
    const times = new Map<string, number>();
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      for (const { attributes } of await this.subscription.take()) {
        const { objectId = '', eventTime = '' } = attributes;
        times.set(objectId, Date.parse(eventTime));
      }
      if (times.size >= count) return Math.max(...times.values());
      if (Date.now() > deadline) throw new Error(`only ${times.size} of ${count} files were deleted`);
      await sleep(POLL_MS);
    }
  }
}
