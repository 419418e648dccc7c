import { setTimeout as sleep } from 'node:timers/promises';
import type { Outbox } from '../store/outbox';
import type { OutboxRecord } from '../store/records';
import type { PubsubClient } from './pubsub';

/** Messages of one publish call; half of the service's limit, which also keeps a call below its limit of 10 MB. */
const MAX_MESSAGES = 500;
const MIN_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 5_000;
/** Failures in a row after which the emulator reports that Pub/Sub does not take notifications. */
const REPORTED_FAILURES = 5;

/**
 * Publishes the notifications of the outbox: in order for each topic, as many in one call as have gathered, and again
 * until Pub/Sub has acknowledged them.
 */
export class OutboxPublisher {
  /** Topics that are being published now. */
  private readonly active = new Map<string, Promise<void>>();
  private readonly closing = new AbortController();

  constructor(
    private readonly outbox: Outbox,
    private readonly pubsub: PubsubClient,
  ) {}

  /** Begins with what an earlier process left. */
  start(): void {
    this.outbox.listener = (topic) => this.wake(topic);
    for (const topic of this.outbox.topics()) this.wake(topic);
  }

  /** Stops publishing. The rest stays in the outbox. */
  async close(): Promise<void> {
    this.outbox.listener = undefined;
    this.closing.abort();
    this.pubsub.close();
    await Promise.all(this.active.values());
  }

  private wake(topic: string): void {
    if (this.active.has(topic) || this.closing.signal.aborted) return;
    this.active.set(
      topic,
      Promise.resolve().then(() => this.publishAll(topic)),
    );
  }

  private async publishAll(topic: string): Promise<void> {
    for (;;) {
      const records = this.outbox.first(topic, MAX_MESSAGES);
      if (records.length === 0) {
        // In the same tick as the read, so that no later notification is missed.
        this.active.delete(topic);
        return;
      }
      if (!(await this.publish(topic, records))) return;
      await this.outbox.remove(topic, records);
    }
  }

  /** Publishes until the call succeeds. @returns false when the emulator closes before. */
  private async publish(topic: string, records: readonly OutboxRecord[]): Promise<boolean> {
    for (let failures = 1; !this.closing.signal.aborted; failures++) {
      try {
        // As in the service, a topic that was deleted gets no notifications.
        if ((await this.pubsub.publish(topic, records)) === 'noTopic')
          report(topic, 'the topic does not exist; dropped');
        return true;
      } catch (error) {
        if (failures === REPORTED_FAILURES && !this.closing.signal.aborted) report(topic, `trying again: ${error}`);
      }
      const backoffMs = Math.min(MIN_BACKOFF_MS * 2 ** (failures - 1), MAX_BACKOFF_MS);
      await sleep(backoffMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
    return false;
  }
}

function report(topic: string, problem: string): void {
  console.error(`Notifications to ${topic}: ${problem}`);
}
