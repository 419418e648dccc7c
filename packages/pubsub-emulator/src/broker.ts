import { invalidArgument, resourceExists, resourceNotFound } from './brokerError';
import type { Message, NewMessage, PublishedMessage, Topic } from './message';
import { PushDelivery } from './pushDelivery';
import { RecentMessages } from './recentMessages';
import type { Store } from './store';
import { Subscription } from './subscription';
import type { SubscriptionSettings } from './subscriptionSettings';

/** Topic of a subscription whose own topic was deleted. */
const DELETED_TOPIC = '_deleted-topic_';

/**
 * Topics and subscriptions. They live in memory; a store, when there is one, persists every change before the call that
 * made it resolves. The methods that take a name throw BrokerError NOT_FOUND when it does not exist.
 */
export class Broker {
  private readonly topics = new Map<string, Topic>();
  private readonly subscriptions = new Map<string, Subscription>();
  /** Deliveries of push subscriptions, by subscription name. */
  private readonly pushes = new Map<string, PushDelivery>();
  private readonly recentMessages = new RecentMessages();
  private lastId = 0;

  /** @param store absent: everything is lost when the process ends. */
  constructor(private readonly store?: Store) {
    if (store === undefined) return;
    for (const topic of store.topics()) this.topics.set(topic.name, topic);
    for (const settings of store.subscriptions()) {
      const messages = store.messages(settings.name);
      this.lastId = Math.max(this.lastId, ...messages.slice(-1).map(({ messageId }) => Number(messageId)));
      this.open(settings).add(messages);
    }
  }

  /** @throws BrokerError ALREADY_EXISTS, INVALID_ARGUMENT */
  async createTopic(topic: Topic): Promise<void> {
    checkName('topics', topic.name);
    if (this.topics.has(topic.name)) throw resourceExists(topic.name);
    this.topics.set(topic.name, topic);
    await this.store?.saveTopic(topic);
  }

  topic(name: string): Topic {
    const topic = this.topics.get(name);
    if (topic === undefined) throw resourceNotFound(name);
    return topic;
  }

  /** Deletes a topic. Its subscriptions stay, with the messages that they have. */
  async deleteTopic(name: string): Promise<void> {
    this.topic(name);
    this.topics.delete(name);
    this.recentMessages.remove(name);
    const changes = this.subscriptionsOf(name).map((subscription) =>
      this.change(subscription, { topic: DELETED_TOPIC }),
    );
    await Promise.all([this.store?.removeTopic(name), ...changes]);
  }

  /** Topics of a project, by name; `project` is `projects/<project>`. */
  listTopics(project: string): readonly Topic[] {
    return [...this.topics.values()].filter(({ name }) => name.startsWith(`${project}/`)).sort(byName);
  }

  /** Delivers messages to every subscription of the topic. @returns their IDs, once the messages are persisted. */
  async publish(topic: string, newMessages: readonly NewMessage[]): Promise<readonly string[]> {
    this.topic(topic);
    const messages = newMessages.map((message) => this.numbered(message, topic));
    this.recentMessages.add(messages);
    const subscriptions = this.subscriptionsOf(topic);
    const names = subscriptions.map(({ settings }) => settings.name);
    const saved = this.store?.saveMessages(names, messages.map(withoutTopic));
    for (const subscription of subscriptions) subscription.add(messages);
    await saved;
    return messages.map(({ messageId }) => messageId);
  }

  /** The last messages published to each topic, oldest first. */
  recent(): readonly PublishedMessage[] {
    return this.recentMessages.list();
  }

  /** @throws BrokerError NOT_FOUND without its topic, ALREADY_EXISTS, INVALID_ARGUMENT */
  async createSubscription(settings: SubscriptionSettings): Promise<void> {
    checkName('subscriptions', settings.name);
    this.topic(settings.topic);
    if (this.subscriptions.has(settings.name)) throw resourceExists(settings.name);
    this.open(settings);
    await this.store?.saveSubscription(settings);
  }

  subscription(name: string): Subscription {
    const subscription = this.subscriptions.get(name);
    if (subscription === undefined) throw resourceNotFound(name);
    return subscription;
  }

  /** @param pushEndpoint undefined makes it a pull subscription. */
  async modifyPushEndpoint(name: string, pushEndpoint: string | undefined): Promise<void> {
    const subscription = this.subscription(name);
    const saved = this.change(subscription, { pushEndpoint });
    this.restartPush(subscription);
    await saved;
  }

  async deleteSubscription(name: string): Promise<void> {
    this.subscription(name).close();
    this.pushes.get(name)?.close();
    this.pushes.delete(name);
    this.subscriptions.delete(name);
    await this.store?.removeSubscription(name);
  }

  /** Subscriptions of a project, by name; `project` is `projects/<project>`. */
  listSubscriptions(project: string): readonly SubscriptionSettings[] {
    const all = [...this.subscriptions.values()].map(({ settings }) => settings);
    return all.filter(({ name }) => name.startsWith(`${project}/`)).sort(byName);
  }

  /** Names of the subscriptions of a topic. */
  listTopicSubscriptions(topic: string): readonly string[] {
    this.topic(topic);
    return this.subscriptionsOf(topic)
      .map(({ settings }) => settings.name)
      .sort();
  }

  async close(): Promise<void> {
    for (const subscription of this.subscriptions.values()) subscription.close();
    for (const push of this.pushes.values()) push.close();
    await this.store?.close();
  }

  private subscriptionsOf(topic: string): readonly Subscription[] {
    return [...this.subscriptions.values()].filter(({ settings }) => settings.topic === topic);
  }

  private open(settings: SubscriptionSettings): Subscription {
    const subscription = new Subscription(settings, {
      leasePrefix: this.store ? `${this.store.starts}-` : '',
      acknowledged: async (message) => this.store?.removeMessage(settings.name, message),
    });
    this.subscriptions.set(settings.name, subscription);
    this.restartPush(subscription);
    return subscription;
  }

  private async change(subscription: Subscription, change: Partial<SubscriptionSettings>): Promise<void> {
    subscription.settings = { ...subscription.settings, ...change };
    await this.store?.saveSubscription(subscription.settings);
  }

  private restartPush(subscription: Subscription): void {
    const { name, pushEndpoint } = subscription.settings;
    this.pushes.get(name)?.close();
    this.pushes.delete(name);
    if (pushEndpoint !== undefined) this.pushes.set(name, new PushDelivery(subscription, pushEndpoint));
  }

  /** IDs are microseconds since 1970, each larger than the one before, so that they also grow from start to start. */
  private numbered(message: NewMessage, topic: string): PublishedMessage {
    const publishTime = new Date();
    this.lastId = Math.max(publishTime.getTime() * 1000, this.lastId + 1);
    return { ...message, messageId: String(this.lastId), publishTime, topic };
  }
}

function checkName(collection: 'topics' | 'subscriptions', name: string): void {
  if (!new RegExp(`^projects/[^/]+/${collection}/[^/]+$`).test(name))
    throw invalidArgument(`${name}: expected projects/<project>/${collection}/<name>`);
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}

function withoutTopic({ topic: _topic, ...message }: PublishedMessage): Message {
  return message;
}
