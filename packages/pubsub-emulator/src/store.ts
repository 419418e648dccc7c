import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { Message, Topic } from './message';
import type { SubscriptionSettings } from './subscriptionSettings';

const STARTS = 'starts';

/** A message in the form in which it is stored. */
interface MessageRecord extends Omit<Message, 'data' | 'publishTime'> {
  /** Base64. */
  readonly data: string;
  /** Unix milliseconds. */
  readonly publishTime: number;
}

/**
 * Topics, subscriptions and unacknowledged messages in one LMDB environment. Each call resolves when its change is
 * committed; changes are committed in the order of the calls. Committed changes survive a kill of the process, because
 * LMDB writes through the page cache of the operating system.
 */
export class Store {
  /** How often the data folder was opened, this time included. */
  readonly starts: number;
  private readonly root: RootDatabase<unknown, string>;
  private readonly topicTable: Database<Topic, string>;
  private readonly subscriptionTable: Database<SubscriptionSettings, string>;
  /** By subscription name and message ID. */
  private readonly messageTable: Database<MessageRecord, string>;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.root = open<unknown, string>({ path: join(dataDir, 'pubsub.lmdb'), separateFlushed: true });
    this.topicTable = this.root.openDB({ name: 'topics' });
    this.subscriptionTable = this.root.openDB({ name: 'subscriptions' });
    this.messageTable = this.root.openDB({ name: 'messages' });
    const state: Database<number, string> = this.root.openDB({ name: 'state' });
    this.starts = (state.get(STARTS) ?? 0) + 1;
    state.putSync(STARTS, this.starts);
  }

  topics(): readonly Topic[] {
    return [...this.topicTable.getRange({})].map(({ value }) => value);
  }

  subscriptions(): readonly SubscriptionSettings[] {
    return [...this.subscriptionTable.getRange({})].map(({ value }) => value);
  }

  /** Unacknowledged messages of a subscription, in the order of publishing. */
  messages(subscription: string): readonly Message[] {
    return [...this.messageTable.getRange(messageRange(subscription))].map(({ value }) => messageOf(value));
  }

  async saveTopic(topic: Topic): Promise<void> {
    await this.topicTable.put(topic.name, topic);
  }

  async removeTopic(name: string): Promise<void> {
    await this.topicTable.remove(name);
  }

  async saveSubscription(settings: SubscriptionSettings): Promise<void> {
    await this.subscriptionTable.put(settings.name, settings);
  }

  /** Removes a subscription with its messages. */
  async removeSubscription(name: string): Promise<void> {
    await this.root.transaction(() => {
      this.subscriptionTable.remove(name);
      for (const key of [...this.messageTable.getKeys(messageRange(name))]) this.messageTable.remove(key);
    });
  }

  async saveMessages(subscriptions: readonly string[], messages: readonly Message[]): Promise<void> {
    const records = messages.map(recordOf);
    await Promise.all(
      subscriptions.flatMap((subscription) =>
        records.map((record) => this.messageTable.put(messageKey(subscription, record.messageId), record)),
      ),
    );
  }

  async removeMessage(subscription: string, { messageId }: Message): Promise<void> {
    await this.messageTable.remove(messageKey(subscription, messageId));
  }

  async close(): Promise<void> {
    await this.root.close();
  }
}

function recordOf({ data, publishTime, ...message }: Message): MessageRecord {
  return { ...message, data: Buffer.from(data).toString('base64'), publishTime: publishTime.getTime() };
}

function messageOf({ data, publishTime, ...record }: MessageRecord): Message {
  return { ...record, data: Buffer.from(data, 'base64'), publishTime: new Date(publishTime) };
}

/** All message IDs have 16 digits, so that the order of keys is the order of publishing. */
function messageKey(subscription: string, messageId: string): string {
  return `${subscription}/${messageId}`;
}

function messageRange(subscription: string): { readonly start: string; readonly end: string } {
  // '0' is the character after '/'.
  return { start: `${subscription}/`, end: `${subscription}0` };
}
