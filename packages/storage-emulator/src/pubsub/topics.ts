import { type AfterCommit, type Database, endOf, keyOf, tickKey } from '../store/database';
import type { MessageRecord, SubscriptionRecord, TopicRecord } from '../store/records';
import { resourceExists, resourceNotFound } from './errors';

/** The topic of a subscription whose topic was deleted. */
const DELETED = '_deleted-topic_';

/** Hears of changes once they are durable. */
export interface SubscriptionListener {
  /** A subscription is new or has other settings. */
  changed(subscription: SubscriptionRecord): void;
  removed(subscription: string): void;
  /** There may be new messages. */
  published(subscription: string): void;
}

/** Topics, subscriptions and the messages that wait in them. */
export class Topics {
  listener: SubscriptionListener | undefined;
  /** All subscriptions, so that publishing reads no table. */
  readonly #subscriptions = new Map<string, SubscriptionRecord>();

  constructor(private readonly db: Database) {
    for (const { value } of db.subscriptions.getRange({})) this.#subscriptions.set(value.name, value);
  }

  topic(name: string): TopicRecord {
    const topic = this.db.topics.get(keyOf(name));
    if (topic === undefined) throw resourceNotFound(name);
    return topic;
  }

  hasTopic(name: string): boolean {
    return this.db.topics.get(keyOf(name)) !== undefined;
  }

  listTopics(project: string): TopicRecord[] {
    const start = keyOf(`projects/${project}/topics/`);
    return [...this.db.topics.getRange({ start, end: endOf(start) })].map(({ value }) => value);
  }

  async createTopic(topic: TopicRecord): Promise<void> {
    await this.db.write(() => {
      if (this.hasTopic(topic.name)) throw resourceExists(topic.name);
      this.db.topics.put(keyOf(topic.name), topic);
    });
  }

  async deleteTopic(name: string): Promise<void> {
    await this.db.write((afterCommit) => {
      this.topic(name);
      this.db.topics.remove(keyOf(name));
      for (const subscription of this.#subscriptions.values())
        if (subscription.topic === name) this.#save({ ...subscription, topic: DELETED }, afterCommit);
    });
  }

  subscription(name: string): SubscriptionRecord {
    const subscription = this.#subscriptions.get(name);
    if (subscription === undefined) throw resourceNotFound(name);
    return subscription;
  }

  listSubscriptions(project?: string): SubscriptionRecord[] {
    const all = [...this.#subscriptions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return project === undefined ? all : all.filter(({ name }) => name.startsWith(`projects/${project}/`));
  }

  async createSubscription(subscription: SubscriptionRecord): Promise<void> {
    await this.db.write((afterCommit) => {
      if (this.#subscriptions.has(subscription.name)) throw resourceExists(subscription.name);
      this.topic(subscription.topic);
      this.#save(subscription, afterCommit);
    });
  }

  async changeSubscription(name: string, change: Partial<SubscriptionRecord>): Promise<void> {
    await this.db.write((afterCommit) => this.#save({ ...this.subscription(name), ...change }, afterCommit));
  }

  async deleteSubscription(name: string): Promise<void> {
    await this.db.write((afterCommit) => {
      this.subscription(name);
      this.db.subscriptions.remove(keyOf(name));
      const start = keyOf(name, '');
      for (const { key } of [...this.db.messages.getRange({ start, end: endOf(start) })]) this.db.messages.remove(key);
      this.#subscriptions.delete(name);
      afterCommit(() => this.listener?.removed(name));
    });
  }

  /** Gives a message to each subscription of the topic, within a transaction; returns its ID. */
  publish(topic: string, message: Omit<MessageRecord, 'id'>, afterCommit: AfterCommit): number {
    const id = this.db.clock.next();
    for (const subscription of this.#subscriptions.values()) {
      if (subscription.topic !== topic) continue;
      this.db.messages.put(keyOf(subscription.name, tickKey(id)), { id, ...message });
      afterCommit(() => this.listener?.published(subscription.name));
    }
    return id;
  }

  #save(subscription: SubscriptionRecord, afterCommit: AfterCommit): void {
    this.db.subscriptions.put(keyOf(subscription.name), subscription);
    this.#subscriptions.set(subscription.name, subscription);
    afterCommit(() => this.listener?.changed(subscription));
  }
}
