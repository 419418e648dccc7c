import { type AfterCommit, type Database, endOf, keyOf, tickKey } from './database';
import type { OutboxRecord } from './records';

/** Called with a topic when it may have new notifications. */
export type OutboxListener = (topic: string) => void;

/**
 * Notifications that are not published yet. They are written in the transaction of the change that they announce, so a
 * committed change is always announced, even when the process is killed.
 */
export class Outbox {
  listener: OutboxListener | undefined;

  constructor(private readonly db: Database) {}

  /** Adds a notification, within a transaction. */
  add(topic: string, message: Omit<OutboxRecord, 'id'>, afterCommit: AfterCommit): void {
    const id = this.db.clock.next();
    this.db.outbox.put(keyOf(topic, tickKey(id)), { id, ...message });
    afterCommit(() => this.listener?.(topic));
  }

  /** The first notifications of a topic, at most `limit`, in the order of the changes. */
  first(topic: string, limit: number): OutboxRecord[] {
    const start = keyOf(topic, '');
    return [...this.db.outbox.getRange({ start, end: endOf(start), limit })].map(({ value }) => value);
  }

  /** Removes published notifications. */
  async remove(topic: string, records: readonly OutboxRecord[]): Promise<void> {
    await Promise.all(records.map(({ id }) => this.db.outbox.remove(keyOf(topic, tickKey(id)))));
  }

  /** Topics that have notifications. */
  topics(): string[] {
    const topics: string[] = [];
    let start: Buffer | undefined;
    for (;;) {
      const [key] = [...this.db.outbox.getKeys({ start, limit: 1 })];
      if (key === undefined) return topics;
      const topic = key.toString('utf8', 0, key.indexOf(0));
      topics.push(topic);
      start = endOf(keyOf(topic, ''));
    }
  }
}
