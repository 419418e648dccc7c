import { BrokerError } from './brokerError';
import type { NewMessage, PublishedMessage, SubscriptionSettings } from './message';
import { Subscription } from './subscription';

/** Messages that `recent` remembers. */
const REMEMBERED = 500;

/** Topics and subscriptions, all in memory: what a subscription has not acknowledged is gone when the process ends. */
export class Broker {
  private readonly topics = new Set<string>();
  private readonly subscriptions = new Map<string, Subscription>();
  private readonly remembered: PublishedMessage[] = [];
  private lastId = 0;

  /** @throws BrokerError ALREADY_EXISTS */
  createTopic(name: string): void {
    if (!/^projects\/[^/]+\/topics\/[^/]+$/.test(name))
      throw new BrokerError('INVALID_ARGUMENT', `topic ${name}: allowed is projects/<project>/topics/<name>`);
    if (this.topics.has(name)) throw new BrokerError('ALREADY_EXISTS', `topic ${name} exists`);
    this.topics.add(name);
  }

  /** @throws BrokerError NOT_FOUND, like all that take a name. */
  requireTopic(name: string): void {
    if (!this.topics.has(name)) throw new BrokerError('NOT_FOUND', `topic ${name} does not exist`);
  }

  deleteTopic(name: string): void {
    this.requireTopic(name);
    this.topics.delete(name);
  }

  /** Names of a project's topics; `project` is `projects/<project>`. */
  listTopics(project: string): readonly string[] {
    return [...this.topics].filter((name) => name.startsWith(`${project}/`));
  }

  /** Gives messages to every subscription of the topic. @returns their IDs. */
  publish(topic: string, messages: readonly NewMessage[]): readonly string[] {
    this.requireTopic(topic);
    return messages.map((message) => {
      const published = { ...message, messageId: String(++this.lastId), publishTime: new Date() };
      for (const subscription of this.subscriptions.values()) {
        if (subscription.settings.topic === topic) subscription.put(published);
      }
      this.remembered.push({ ...published, topic });
      if (this.remembered.length > REMEMBERED) this.remembered.shift();
      return published.messageId;
    });
  }

  /** The last messages published to any topic, oldest first. */
  recent(): readonly PublishedMessage[] {
    return this.remembered;
  }

  /** @throws BrokerError NOT_FOUND without its topic, ALREADY_EXISTS */
  createSubscription(settings: SubscriptionSettings): void {
    this.requireTopic(settings.topic);
    const { name } = settings;
    if (this.subscriptions.has(name)) throw new BrokerError('ALREADY_EXISTS', `subscription ${name} exists`);
    this.subscriptions.set(name, new Subscription(settings));
  }

  subscription(name: string): Subscription {
    const found = this.subscriptions.get(name);
    if (!found) throw new BrokerError('NOT_FOUND', `subscription ${name} does not exist`);
    return found;
  }

  deleteSubscription(name: string): void {
    this.subscription(name).close();
    this.subscriptions.delete(name);
  }

  listSubscriptions(project: string): readonly SubscriptionSettings[] {
    return [...this.subscriptions.values()]
      .map(({ settings }) => settings)
      .filter(({ name }) => name.startsWith(`${project}/`));
  }

  close(): void {
    for (const subscription of this.subscriptions.values()) subscription.close();
  }
}
