import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { MessageRecord, SubscriptionRecord } from '../store/records';
import { receivedMessage } from './messages';
import type { SubscriptionQueue } from './queue';

const IN_FLIGHT = 64;
const ACKNOWLEDGING: readonly number[] = [102, 200, 201, 202, 204];

/** Posts a subscription's messages to its endpoint, many at a time over connections that stay open, until each is acknowledged. */
export class PushDelivery {
  readonly #endpoint: URL;
  readonly #agent: HttpAgent | HttpsAgent;
  #inFlight = 0;
  #closed = false;

  constructor(
    private readonly subscription: SubscriptionRecord,
    pushEndpoint: string,
    private readonly queue: SubscriptionQueue,
  ) {
    this.#endpoint = new URL(pushEndpoint);
    const settings = { keepAlive: true, maxSockets: IN_FLIGHT, maxFreeSockets: IN_FLIGHT };
    this.#agent = this.#endpoint.protocol === 'https:' ? new HttpsAgent(settings) : new HttpAgent(settings);
  }

  /** Takes up what has become ready; call it after every change of the queue. */
  wake(): void {
    while (this.#inFlight < IN_FLIGHT && !this.#closed) {
      const message = this.queue.take();
      if (message === undefined) return;
      this.#inFlight++;
      void this.#deliver(message);
    }
  }

  close(): void {
    this.#closed = true;
    this.#agent.destroy();
  }

  async #deliver(message: MessageRecord): Promise<void> {
    const acknowledged = await this.#post(message).then(
      (status) => ACKNOWLEDGING.includes(status),
      () => false,
    );
    this.#inFlight--;
    if (acknowledged) this.queue.acknowledge(message.id);
    else if (this.#closed) this.queue.giveBack(message.id, 0);
    else this.queue.giveBack(message.id, this.#backoff(this.queue.failed(message.id)));
    this.wake();
  }

  #backoff(failures: number): number {
    const { minimumBackoffMs, maximumBackoffMs } = this.subscription;
    return Math.min(minimumBackoffMs * 2 ** Math.min(failures - 1, 30), maximumBackoffMs);
  }

  #post(message: MessageRecord): Promise<number> {
    const body = Buffer.from(
      JSON.stringify({ message: receivedMessage(message), subscription: this.subscription.name }),
    );
    const options: RequestOptions = {
      method: 'POST',
      agent: this.#agent,
      headers: { 'content-type': 'application/json', 'content-length': body.length, accept: 'application/json' },
      timeout: this.subscription.ackDeadlineSeconds * 1000,
    };
    const request = this.#endpoint.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const post = request(this.#endpoint, options, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', reject);
      });
      post.on('error', reject);
      // The service takes 102 as an acknowledgement although it is not a final answer.
      post.on('information', ({ statusCode }) => {
        if (ACKNOWLEDGING.includes(statusCode)) resolve(statusCode);
      });
      post.on('timeout', () => post.destroy(new Error('No answer within the acknowledgement deadline')));
      post.end(body);
    });
  }
}
