import { createServer, type Server } from 'node:http';

/** A request that a `call` action made. */
export interface ReceivedCall {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly body: string;
}

/** An HTTP server that records each request and echoes its body, for the `call` actions of a case: `${auxUrl}`. */
export class CallReceiver {
  readonly calls: ReceivedCall[] = [];

  private constructor(
    private readonly server: Server,
    /** `http://127.0.0.1:<port>`. */
    readonly url: string,
  ) {}

  static async start(): Promise<CallReceiver> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      const [path = ''] = (request.url ?? '').split('?');
      receiver.calls.push({ method: request.method ?? '', path, body: body.toString('utf8') });
      response.setHeader('content-type', request.headers['content-type'] ?? 'text/plain');
      response.end(body);
    });
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    const receiver = new CallReceiver(server, `http://127.0.0.1:${port}`);
    return receiver;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
