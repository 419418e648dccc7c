import { parseJson } from '../../json';
import type { JsonValue } from '../../rules/types';

/** A message that a `push` action published. */
export interface PublishedMessage {
  readonly attributes: Readonly<Record<string, string>>;
  /** Parsed when it is JSON, else the text. */
  readonly data: JsonValue;
}

interface PullAnswer {
  readonly receivedMessages?: readonly {
    readonly ackId: string;
    readonly message: { readonly attributes?: Readonly<Record<string, string>>; readonly data?: string };
  }[];
}

/** Collects the messages that are published to one topic. */
export class TopicListener {
  private readonly received: PublishedMessage[] = [];

  private constructor(
    private readonly pubsub: string,
    private readonly subscription: string,
  ) {}

  /** Makes the topic and a subscription. @param pubsub address of the Pub/Sub emulator. */
  static async of(pubsub: string, project: string, topic: string): Promise<TopicListener> {
    const name = `projects/${project}/topics/${topic}`;
    const subscription = `projects/${project}/subscriptions/${topic}-listener`;
    await send(pubsub, 'PUT', name, {});
    await send(pubsub, 'PUT', subscription, { topic: name });
    return new TopicListener(pubsub, subscription);
  }

  /** All messages so far. */
  async messages(): Promise<readonly PublishedMessage[]> {
    const request = { maxMessages: 1000, returnImmediately: true };
    const answer: PullAnswer = await send(this.pubsub, 'POST', `${this.subscription}:pull`, request);
    const { receivedMessages = [] } = answer;
    if (receivedMessages.length > 0) {
      const ackIds = receivedMessages.map(({ ackId }) => ackId);
      await send(this.pubsub, 'POST', `${this.subscription}:acknowledge`, { ackIds });
    }
    this.received.push(
      ...receivedMessages.map(({ message: { attributes = {}, data = '' } }) => ({ attributes, data: decoded(data) })),
    );
    return this.received;
  }
}

function decoded(base64: string): JsonValue {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  return parseJson(text) ?? text;
}

async function send(pubsub: string, method: string, path: string, body: unknown): Promise<PullAnswer> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${pubsub}/v1/${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok && answer.status !== 409)
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return JSON.parse(await answer.text());
}
