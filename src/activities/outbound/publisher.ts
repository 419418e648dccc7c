import { v1 } from '@google-cloud/pubsub';
import { googleAuthLibrary } from 'google-gax';

/** A Pub/Sub message. */
export interface OutgoingMessage {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  /** Empty for none. */
  readonly orderingKey: string;
}

type Options = NonNullable<ConstructorParameters<typeof v1.PublisherClient>[0]>;

/** Publishes with Google's client over REST, for emulators without gRPC. */
export class Publisher {
  private readonly client: v1.PublisherClient;

  /** @param emulator `host:port`; absent: Google's service */
  constructor(emulator = process.env['PUBSUB_EMULATOR_HOST']) {
    this.client = new v1.PublisherClient({ fallback: true, ...(emulator ? emulatorOptions(emulator) : {}) });
  }

  /** Publishes a message without retries. @returns the ID of the message */
  async publish(topic: string, message: OutgoingMessage): Promise<string> {
    const [{ messageIds }] = await this.client.publish(
      { topic, messages: [message] },
      { retry: null, timeout: 60_000 },
    );
    return messageIds?.[0] ?? '';
  }
}

function emulatorOptions(emulator: string): Options {
  const { protocol, hostname, port } = new URL(/^https?:/.test(emulator) ? emulator : `http://${emulator}`);
  const authClient = new googleAuthLibrary.PassThroughClient();
  const auth = new googleAuthLibrary.GoogleAuth<googleAuthLibrary.AuthClient>({ authClient });
  // Remove the query parameters of Google's front end, because some emulators reject them.
  authClient.transporter.interceptors.request.add({
    resolved: async (request) => {
      request.url.search = '';
      return request;
    },
  });
  return { protocol: protocol.slice(0, -1), servicePath: hostname, port: Number(port || 80), auth };
}
