import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Random } from './random';
import type { Tally } from './tally';

const LATE_MS = 9000;
/** Longest delay of a second delivery: long after the window has closed. */
const TWICE_MS = 25_000;

/**
 * Receives the notifications in place of the bridge and delivers them to it as Pub/Sub may at worst: twice, late, out of order, or
 * lost and repeated. Acknowledges a message only after the bridge has acknowledged it.
 */
export class Deliveries {
  private calm = false;
  private readonly under = new Set<Promise<void>>();

  private constructor(
    private readonly server: Server,
    private readonly bridge: string,
    private readonly random: Random,
    private readonly tally: Tally,
  ) {}

  static async start(bridge: string, random: Random, tally: Tally): Promise<Deliveries> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        response.statusCode = await deliveries.take(Buffer.concat(chunks));
        response.end();
      });
    });
    const deliveries = new Deliveries(server, bridge, random, tally);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return deliveries;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/`;
  }

  /** From now on, delivers every message once and at once. Ends when all second deliveries are done. */
  async calmDown(): Promise<void> {
    this.calm = true;
    await Promise.all(this.under);
  }

  async stop(): Promise<void> {
    await Promise.all(this.under);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** @returns status for the sender; any other than 2xx requests the message again */
  private async take(body: Buffer): Promise<number> {
    if (this.calm) return this.deliver(body);
    const chance = this.random.next();
    if (chance < 0.15) {
      this.tally.add('event lost, sent again');
      return 503;
    }
    if (chance < 0.3) {
      this.tally.add('event late and out of order');
      await new Promise((resolve) => setTimeout(resolve, this.random.between(100, LATE_MS)));
      return this.deliver(body);
    }
    const status = await this.deliver(body);
    if (status >= 300) return status;
    if (chance < 0.5) {
      this.tally.add('event twice');
      const pauseMs = this.random.between(0, TWICE_MS);
      const again = new Promise<void>((resolve) => setTimeout(resolve, pauseMs)).then(async () => {
        await this.deliver(body);
        this.under.delete(again);
      });
      this.under.add(again);
    } else if (chance < 0.6) {
      this.tally.add('acknowledgement lost');
      return 503;
    }
    return status;
  }

  private async deliver(body: Buffer): Promise<number> {
    try {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(this.bridge, { method: 'POST', headers, body: new Uint8Array(body) });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 503;
    }
  }
}
