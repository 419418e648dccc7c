import { createServer } from 'node:http';
import { type ListeningService, listen } from '@bqtail/emulator-kit';

/** The body of a push request. */
export interface PushedMessage {
  readonly subscription: string;
  readonly message: {
    readonly attributes: Record<string, string>;
    readonly data: string;
    readonly messageId: string;
    readonly message_id: string;
    readonly publishTime: string;
  };
}

/** An endpoint of a push subscription that records its messages. */
export class PushEndpoint {
  readonly received: PushedMessage[] = [];
  /** Status of the next response. */
  answer: (pushed: PushedMessage) => number | Promise<number> = () => 204;
  private service: ListeningService | undefined;

  /** @returns the URL of the endpoint. */
  async listen(): Promise<string> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', async () => {
        const pushed: PushedMessage = JSON.parse(body);
        this.received.push(pushed);
        response.statusCode = await this.answer(pushed);
        response.end();
      });
    });
    this.service = await listen(server, { port: 0 });
    return `http://127.0.0.1:${this.service.port}/push`;
  }

  async close(): Promise<void> {
    await this.service?.close();
  }
}
