import { v1 } from '@google-cloud/pubsub';
import { googleAuthLibrary } from 'google-gax';

/** A message to be published. */
export interface OutgoingMessage {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  /** Empty without one. */
  readonly orderingKey: string;
}

type Options = NonNullable<ConstructorParameters<typeof v1.PublisherClient>[0]>;

/** Publishes by Google's client over REST, which the service, and emulators that know no gRPC, understand. */
export class Publisher {
  private readonly client: v1.PublisherClient;

  /** @param emulator `host:port`; absent: the service. */
  constructor(emulator = process.env['PUBSUB_EMULATOR_HOST']) {
    this.client = new v1.PublisherClient({ fallback: true, ...(emulator ? emulatorOptions(emulator) : {}) });
  }

  /** @returns the message's ID. Does not retry. */
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
  // Parameters of Google's own front end, for which emulators have no use and some no tolerance.
  authClient.transporter.interceptors.request.add({
    resolved: async (request) => {
      request.url.search = '';
      return request;
    },
  });
  return { protocol: protocol.slice(0, -1), servicePath: hostname, port: Number(port || 80), auth };
}
