import { statusError } from '../errors';
import type { OutboxRecord } from '../store/records';

/** A call that hangs is given up, so that it can be tried again. */
const TIMEOUT_MS = 10_000;

/** Answer of Pub/Sub to a publish call. */
export type PublishResult = 'published' | 'noTopic';

/** The part of the Pub/Sub REST API that notifications need. */
export class PubsubClient {
  private readonly url: string;
  private readonly closing = new AbortController();

  /** @param address `host:port`, as in PUBSUB_EMULATOR_HOST. */
  constructor(address: string) {
    this.url = /^https?:/.test(address) ? address : `http://${address}`;
  }

  /**
   * Whether a topic exists.
   *
   * @param topic `projects/<project>/topics/<name>`
   * @throws ApiError 503 when Pub/Sub gives no answer.
   */
  async hasTopic(topic: string): Promise<boolean> {
    const response = await this.call('GET', topic).catch((error: unknown) => {
      throw statusError(503, `Pub/Sub at ${this.url} does not answer: ${error}`);
    });
    if (response.ok || response.status === 404) return response.ok;
    throw statusError(503, `Pub/Sub at ${this.url} answered ${response.status} for ${topic}`);
  }

  /** @throws Error when Pub/Sub did not accept the messages; publish them again. */
  async publish(topic: string, records: readonly OutboxRecord[]): Promise<PublishResult> {
    const messages = records.map(({ data, attributes }) => ({ data, attributes }));
    const response = await this.call('POST', `${topic}:publish`, { messages });
    if (response.ok) return 'published';
    if (response.status === 404) return 'noTopic';
    throw new Error(`Pub/Sub at ${this.url} answered ${response.status}: ${response.text}`);
  }

  /** Aborts the calls in flight. */
  close(): void {
    this.closing.abort();
  }

  private async call(method: string, path: string, body?: object) {
    const response = await fetch(`${this.url}/v1/${path}`, {
      method,
      headers: body && { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
      signal: AbortSignal.any([this.closing.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    return { ok: response.ok, status: response.status, text: await response.text() };
  }
}
