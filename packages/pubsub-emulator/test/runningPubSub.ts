import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListeningService } from '@bqtail/emulator-kit';
import { startPubSub } from '../src/server';

/** An emulator with a data folder of its own. It keeps its port when it is opened again. */
export class RunningPubSub {
  private service: ListeningService | undefined;
  private port = 0;

  private constructor(private readonly dataDir: string) {}

  static async start(): Promise<RunningPubSub> {
    const pubsub = new RunningPubSub(await mkdtemp(join(tmpdir(), 'pubsub-test-')));
    await pubsub.open();
    return pubsub;
  }

  async open(): Promise<void> {
    this.service = await startPubSub({ port: this.port, dataDir: this.dataDir });
    this.port = this.service.port;
  }

  /** Ends the server as a restart would; its data stays. */
  async shut(): Promise<void> {
    await this.service?.close();
    this.service = undefined;
  }

  async stop(): Promise<void> {
    await this.shut();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** `host:port` */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** A call of the REST API with JSON in and out; the path begins after `/v1/`. */
  async call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    // A connection of a server that was shut down must not be used again.
    const headers = { connection: 'close' };
    const response = await fetch(`http://${this.address}/v1/${path}`, { method, headers, body: JSON.stringify(body) });
    return { status: response.status, body: JSON.parse(await response.text()) };
  }

  /** Publishes messages with this data, in Base64. */
  publish(topic: string, ...data: string[]): Promise<{ status: number; body: { messageIds: string[] } }> {
    return this.call('POST', `${topic}:publish`, { messages: data.map((item) => ({ data: item })) });
  }
}
