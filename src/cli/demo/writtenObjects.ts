import type { Services } from '@bqtail/local-stack';
import { notifyTopic } from '../dev/notifications';
import { PullSubscription } from '../dev/pullSubscription';

/** An object that was written, according to its notification. */
export interface WrittenObject {
  readonly url: string;
  /** RFC 3339. */
  readonly time: string;
}

/** Lists every object that is written to some buckets of the storage emulator, also those that are deleted soon after. */
export class WrittenObjects {
  private constructor(private readonly subscription: PullSubscription) {}

  /** Sets up notifications of the buckets. */
  static async of(services: Services, project: string, buckets: readonly string[]): Promise<WrittenObjects> {
    const subscription = await PullSubscription.create(services.pubsub, project, 'written-objects');
    for (const bucket of buckets) {
      await notifyTopic(services.storage, bucket, subscription.topic, {
        event_types: ['OBJECT_FINALIZE'],
        payload_format: 'NONE',
      });
    }
    return new WrittenObjects(subscription);
  }

  /** Objects written since the last call, in order of time. */
  async take(): Promise<WrittenObject[]> {
    const messages = await this.subscription.take();
    const objects = messages.map(({ attributes: { bucketId, objectId, eventTime = '' } }) => ({
      url: `gs://${bucketId}/${objectId}`,
      time: eventTime,
    }));
    return objects.sort((a, b) => a.time.localeCompare(b.time));
  }
}
