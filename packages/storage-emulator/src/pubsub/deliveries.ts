import type { Database } from '../store/database';
import type { MessageRecord, SubscriptionRecord } from '../store/records';
import { PushDelivery } from './push';
import { SubscriptionQueue } from './queue';
import type { SubscriptionListener, Topics } from './topics';

interface Delivery {
  readonly queue: SubscriptionQueue;
  push: PushDelivery | undefined;
  /** Pull calls that wait for a message. */
  readonly waiting: Set<() => void>;
}

/** Brings messages to the subscribers: pushes them, or leases them to whoever pulls. */
export class Deliveries implements SubscriptionListener {
  readonly #deliveries = new Map<string, Delivery>();

  constructor(
    private readonly db: Database,
    private readonly topics: Topics,
  ) {
    topics.listener = this;
  }

  /** Starts with what was left unacknowledged when the last process ended. */
  start(): void {
    for (const subscription of this.topics.listSubscriptions()) this.changed(subscription);
  }

  changed(subscription: SubscriptionRecord): void {
    const delivery = this.#delivery(subscription.name);
    delivery.push?.close();
    const { pushEndpoint } = subscription;
    delivery.push =
      pushEndpoint === undefined ? undefined : new PushDelivery(subscription, pushEndpoint, delivery.queue);
    delivery.push?.wake();
  }

  removed(subscription: string): void {
    this.#close(this.#deliveries.get(subscription));
    this.#deliveries.delete(subscription);
  }

  published(subscription: string): void {
    const delivery = this.#deliveries.get(subscription);
    delivery?.push?.wake();
    for (const wake of delivery?.waiting ?? []) wake();
  }

  /** Leases messages for the subscription's acknowledgement deadline; waits for the first one up to the given time. */
  async pull(subscription: SubscriptionRecord, maxMessages: number, waitMs: number): Promise<MessageRecord[]> {
    const { queue, waiting } = this.#delivery(subscription.name);
    const messages: MessageRecord[] = [];
    const take = () => {
      while (messages.length < maxMessages) {
        const message = queue.take();
        if (message === undefined) return;
        queue.giveBack(message.id, subscription.ackDeadlineSeconds * 1000);
        messages.push(message);
      }
    };
    take();
    if (messages.length > 0 || waitMs === 0) return messages;
    await new Promise<void>((resolve) => {
      const wake = () => {
        take();
        if (messages.length > 0) end();
      };
      const end = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(end, waitMs).unref();
      waiting.add(wake);
    });
    return messages;
  }

  acknowledge(subscription: string, ids: readonly number[]): void {
    for (const id of ids) this.#delivery(subscription).queue.acknowledge(id);
  }

  /** @param deadlineMs 0 gives the messages back at once. */
  extend(subscription: string, ids: readonly number[], deadlineMs: number): void {
    for (const id of ids) this.#delivery(subscription).queue.giveBack(id, deadlineMs);
  }

  close(): void {
    for (const delivery of this.#deliveries.values()) this.#close(delivery);
    this.#deliveries.clear();
  }

  #delivery(subscription: string): Delivery {
    const known = this.#deliveries.get(subscription);
    if (known !== undefined) return known;
    const queue = new SubscriptionQueue(this.db, subscription, () => this.published(subscription));
    const delivery: Delivery = { queue, push: undefined, waiting: new Set() };
    this.#deliveries.set(subscription, delivery);
    return delivery;
  }

  #close(delivery: Delivery | undefined): void {
    delivery?.queue.close();
    delivery?.push?.close();
  }
}
