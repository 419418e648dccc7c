import { z } from 'zod';
import { callEmulator } from './emulatorCall';

/** A message of a subscription. */
export interface PulledMessage {
  readonly attributes: Readonly<Record<string, string>>;
  /** In base64. */
  readonly data: string;
}

const MAX_MESSAGES = 1000;

const pullResponse = z.object({
  receivedMessages: z
    .array(
      z.object({
        ackId: z.string(),
        message: z.object({
          attributes: z.record(z.string(), z.string()).default({}),
          data: z.string().default(''),
        }),
      }),
    )
    .default([]),
});

/** A topic of the Pub/Sub emulator with a subscription that is pulled. */
export class PullSubscription {
  private constructor(
    private readonly base: string,
    /** `projects/<project>/topics/<topic>`. */
    readonly topic: string,
    private readonly path: string,
  ) {}

  /**
   * Creates the topic and the subscription unless they exist.
   *
   * @param pubsub address of the emulator, `host:port`.
   */
  static async create(pubsub: string, project: string, name: string): Promise<PullSubscription> {
    const base = `http://${pubsub}`;
    const topic = `projects/${project}/topics/${name}`;
    const path = `/v1/projects/${project}/subscriptions/${name}-pulled`;
    await callEmulator(base, 'PUT', `/v1/${topic}`, {});
    await callEmulator(base, 'PUT', path, { topic, ackDeadlineSeconds: 600 });
    return new PullSubscription(base, topic, path);
  }

  /** Takes and acknowledges all messages that wait. */
  async take(): Promise<readonly PulledMessage[]> {
    const messages: PulledMessage[] = [];
    for (;;) {
      const request = { maxMessages: MAX_MESSAGES, returnImmediately: true };
      const response = await callEmulator(this.base, 'POST', `${this.path}:pull`, request);
      const { receivedMessages } = pullResponse.parse(response);
      if (receivedMessages.length === 0) return messages;
      const ackIds = receivedMessages.map(({ ackId }) => ackId);
      await callEmulator(this.base, 'POST', `${this.path}:acknowledge`, { ackIds });
      messages.push(...receivedMessages.map(({ message }) => message));
    }
  }
}
