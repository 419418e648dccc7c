import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListeningService } from '@bqtail/emulator-kit';
import { type Bucket, Storage } from '@google-cloud/storage';
import { startStorage } from '../src/server';

export const PROJECT = 'test-project';

/** An emulator on a free port with a folder of its own, and the official client for it. */
export class RunningStorage {
  private server: ListeningService | undefined;
  private connected: Storage | undefined;

  private constructor(
    readonly dataDir: string,
    private readonly pubsub: string | undefined,
  ) {}

  /** @param pubsub `host:port` of the Pub/Sub emulator. */
  static async start(pubsub?: string): Promise<RunningStorage> {
    const storage = new RunningStorage(await mkdtemp(join(tmpdir(), 'storage-test-')), pubsub);
    await storage.open();
    return storage;
  }

  async open(): Promise<void> {
    this.server = await startStorage({
      port: 0,
      dataDir: this.dataDir,
      project: PROJECT,
      buckets: ['inbox', 'other'],
      pubsub: this.pubsub,
    });
    this.connected = new Storage({ projectId: PROJECT, apiEndpoint: this.url, retryOptions: { autoRetry: false } });
  }

  /** Ends the server as a restart would; its data stays. */
  async shut(): Promise<void> {
    await this.server?.close();
    this.server = undefined;
  }

  async stop(): Promise<void> {
    await this.shut();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  get url(): string {
    if (this.server === undefined) throw new Error('The emulator is not running');
    return `http://127.0.0.1:${this.server.port}`;
  }

  get client(): Storage {
    if (this.connected === undefined) throw new Error('The emulator is not running');
    return this.connected;
  }

  bucket(name = 'inbox'): Bucket {
    return this.client.bucket(name);
  }

  async put(name: string, content: string | Buffer = '', bucket = 'inbox'): Promise<void> {
    await this.client.bucket(bucket).file(name).save(content, { resumable: false });
  }

  async names(query: object = {}): Promise<string[]> {
    const [files] = await this.bucket().getFiles(query);
    return files.map(({ name }) => name);
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.url}${path}`, init);
  }

  /** A call with JSON in and out. */
  async call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const headers = { 'content-type': 'application/json' };
    const response = await this.fetch(path, { method, headers, body: JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }
}

/** Code and message with which a call of a client fails. */
export async function failureOf(call: Promise<unknown>): Promise<{ code: number; message: string }> {
  return call.then(
    () => {
      throw new Error('Expected a failure');
    },
    (error) => ({ code: Number(error.code ?? error.status), message: String(error.message) }),
  );
}
