import { type JsonValue, parseJson } from '../../json';
import { PullSubscription } from '../dev/pullSubscription';

/** A message that a `push` action published. */
export interface PublishedMessage {
  readonly attributes: Readonly<Record<string, string>>;
  /** Parsed when it is JSON, else the text. */
  readonly data: JsonValue;
}

/** Collects the messages that are published to one topic. */
export class TopicListener {
  private readonly received: PublishedMessage[] = [];

  private constructor(private readonly subscription: PullSubscription) {}

  /** Creates the topic. @param pubsub address of the Pub/Sub emulator, `host:port`. */
  static async of(pubsub: string, project: string, topic: string): Promise<TopicListener> {
    return new TopicListener(await PullSubscription.create(pubsub, project, topic));
  }

  /** All messages so far. */
  async messages(): Promise<readonly PublishedMessage[]> {
    const messages = await this.subscription.take();
    this.received.push(...messages.map(({ attributes, data }) => ({ attributes, data: decoded(data) })));
    return this.received;
  }
}

function decoded(base64: string): JsonValue {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  return parseJson(text) ?? text;
}
