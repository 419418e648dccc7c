import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Message } from './message';
import { pushedMessage } from './messageResource';
import { type Lease, NO_DEADLINE, type Subscription } from './subscription';

const MAX_IN_FLIGHT = 64;
/** Statuses by which an endpoint acknowledges a message. */
const ACKNOWLEDGING: readonly number[] = [102, 200, 201, 202, 204];

/**
 * Posts the messages of a subscription to its endpoint, many at a time over connections that stay open. A message that is
 * not acknowledged is sent again after a backoff.
 */
export class PushDelivery {
  private readonly endpoint: URL;
  private readonly agent: HttpAgent | HttpsAgent;
  /** Failed attempts by message ID. */
  private readonly failures = new Map<string, number>();
  private readonly stopListening: () => void;
  private inFlight = 0;
  private closed = false;

  constructor(
    private readonly subscription: Subscription,
    pushEndpoint: string,
  ) {
    this.endpoint = new URL(pushEndpoint);
    const settings = { keepAlive: true, maxSockets: MAX_IN_FLIGHT, maxFreeSockets: MAX_IN_FLIGHT };
    this.agent = this.endpoint.protocol === 'https:' ? new HttpsAgent(settings) : new HttpAgent(settings);
    this.stopListening = subscription.onReady(() => this.deliver());
    this.deliver();
  }

  /** Ends the delivery; messages in flight return to the backlog. */
  close(): void {
    this.closed = true;
    this.stopListening();
    this.agent.destroy();
  }

  private deliver(): void {
    if (this.closed || this.inFlight >= MAX_IN_FLIGHT) return;
    const leases = this.subscription.take(MAX_IN_FLIGHT - this.inFlight, NO_DEADLINE);
    this.inFlight += leases.length;
    for (const lease of leases) void this.push(lease);
  }

  private async push({ ackId, message }: Lease): Promise<void> {
    const acknowledged = await this.post(message).then(
      (status) => ACKNOWLEDGING.includes(status),
      () => false,
    );
    this.inFlight--;
    if (acknowledged) {
      this.failures.delete(message.messageId);
      void this.subscription.acknowledge([ackId]);
    } else {
      this.subscription.extend([ackId], this.closed ? 0 : this.backoffMs(message));
    }
    this.deliver();
  }

  private backoffMs({ messageId }: Message): number {
    const failures = (this.failures.get(messageId) ?? 0) + 1;
    this.failures.set(messageId, failures);
    const { minimumBackoffMs, maximumBackoffMs } = this.subscription.settings;
    return Math.min(minimumBackoffMs * 2 ** Math.min(failures - 1, 30), maximumBackoffMs);
  }

  /** @returns the HTTP status of the answer. */
  private post(message: Message): Promise<number> {
    const { name, ackDeadlineSeconds } = this.subscription.settings;
    const body = Buffer.from(JSON.stringify({ message: pushedMessage(message), subscription: name }));
    const options: RequestOptions = {
      method: 'POST',
      agent: this.agent,
      headers: { 'content-type': 'application/json', 'content-length': body.length, accept: 'application/json' },
      timeout: ackDeadlineSeconds * 1000,
    };
    const request = this.endpoint.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const post = request(this.endpoint, options, (response) => {
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
