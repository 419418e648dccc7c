import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListeningService } from '@bqtail/emulator-kit';
import { type Bucket, Storage } from '@google-cloud/storage';
import { startStorage } from '../src/server';

export const PROJECT = 'test-project';

/** A stand-in on a free port with a folder of its own, and the official client for it. */
export class RunningStorage {
  #server: ListeningService | undefined;
  #client: Storage | undefined;

  private constructor(readonly dataDir: string) {}

  static async start(): Promise<RunningStorage> {
    const storage = new RunningStorage(await mkdtemp(join(tmpdir(), 'storage-test-')));
    await storage.open();
    return storage;
  }

  async open(): Promise<void> {
    this.#server = await startStorage({
      port: 0,
      dataDir: this.dataDir,
      project: PROJECT,
      buckets: ['inbox', 'other'],
    });
    this.#client = new Storage({ projectId: PROJECT, apiEndpoint: this.url, retryOptions: { autoRetry: false } });
  }

  /** Ends the server as a restart would; its data stay. */
  async shut(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  async stop(): Promise<void> {
    await this.shut();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  get url(): string {
    if (this.#server === undefined) throw new Error('The stand-in is not running');
    return `http://127.0.0.1:${this.#server.port}`;
  }

  get client(): Storage {
    if (this.#client === undefined) throw new Error('The stand-in is not running');
    return this.#client;
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
    const response = await this.fetch(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }
}

/** What a client's call failed with. */
export async function failureOf(call: Promise<unknown>): Promise<{ code: number; message: string }> {
  return call.then(
    () => {
      throw new Error('Expected a failure');
    },
    (error) => ({ code: Number(error.code ?? error.status), message: String(error.message) }),
  );
}

/** Waits until a condition holds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 10_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

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

/** An endpoint of a push subscription that answers as it is told. */
export class PushEndpoint {
  readonly received: PushedMessage[] = [];
  /** The status of the next answer. */
  answer: (pushed: PushedMessage) => number = () => 204;
  readonly #server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const pushed: PushedMessage = JSON.parse(body);
      this.received.push(pushed);
      response.statusCode = this.answer(pushed);
      response.end();
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/push`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
