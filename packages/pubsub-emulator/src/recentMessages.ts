import type { PublishedMessage } from './message';

const MAX_PER_TOPIC = 500;

/** The last messages of each topic, for those who look at the emulator. */
export class RecentMessages {
  private readonly byTopic = new Map<string, PublishedMessage[]>();

  add(messages: readonly PublishedMessage[]): void {
    for (const message of messages) {
      const recent = this.byTopic.get(message.topic) ?? [];
      recent.push(message);
      if (recent.length > MAX_PER_TOPIC) recent.shift();
      this.byTopic.set(message.topic, recent);
    }
  }

  /** Forgets the messages of a topic. */
  remove(topic: string): void {
    this.byTopic.delete(topic);
  }

  /** In the order of publishing. */
  list(): readonly PublishedMessage[] {
    return [...this.byTopic.values()].flat().sort((one, other) => Number(one.messageId) - Number(other.messageId));
  }
}
