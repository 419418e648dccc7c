import { type ServerType, serve } from '@hono/node-server';
import { bridgeApp } from '../../starter/http';
import type { EventResponse } from '../../starter/response';
import type { Starter } from '../../starter/starter';

/** The bridge of one case on its own port. Keeps the last response for each file. */
export class CaseBridge {
  private constructor(
    private readonly server: ServerType,
    readonly port: number,
    /** By URL of the file. */
    readonly responses: ReadonlyMap<string, EventResponse>,
  ) {}

  static async start(starter: Starter): Promise<CaseBridge> {
    const responses = new Map<string, EventResponse>();
    const { fetch } = bridgeApp({
      handle: (event) => starter.handle(event),
      onResponse: (response) => responses.set(response.TriggerURL, response),
      onInvalid() {},
    });
    return new Promise((resolve) => {
      const server = serve({ fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
        resolve(new CaseBridge(server, port, responses));
      });
    });
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}
