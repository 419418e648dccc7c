import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Services } from '@bqtail/local-stack';
import { choosePorts } from '@bqtail/local-stack';
import { BigQuery } from '@google-cloud/bigquery';
import { Storage } from '@google-cloud/storage';
import { Client, Connection } from '@temporalio/client';
import { PassThroughClient } from 'google-auth-library';
import type { AppNames } from '../../../src/cli/dev/appConfig';
import { type App, startApp } from '../../../src/cli/dev/localApp';
import { flush, status } from '../../../src/workflows/contract';
import { type OwnServices, startOwnServices, stopOwnServices } from './ownServices';
import { saveHistories } from './saveHistories';
import { waitFor } from './waitFor';

/** Length in seconds of a window that is not due while the tests run. */
export const LONG_SEC = 7 * 24 * 3600;

const SCHEMA = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'name', type: 'STRING' },
];

/** Row of the tests' tables. */
export interface Row {
  readonly id: number;
  readonly name: string;
}

/** A structured line that bridge or worker wrote. */
export type LogLine = Readonly<Record<string, unknown>>;

/** One bridge and worker with buckets, dataset and task queue of their own, on services that others may share. */
export class TestApp {
  readonly lines: LogLine[] = [];
  #own: OwnServices | undefined;

  private constructor(
    readonly services: Services,
    readonly names: AppNames,
    readonly dataset: string,
    readonly app: App,
    readonly storage: Storage,
    readonly bigquery: BigQuery,
    readonly temporal: Client,
  ) {
    this.collect(app.bridge.process.stdout);
    this.collect(app.worker.process.stdout);
  }

  /**
   * @param services default: those of globalSetup.
   * @param settings of the configuration, besides the usual ones.
   */
  static async start(
    services: Services & { readonly dataDir?: string } = shared(),
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<TestApp> {
    const id = randomBytes(4).toString('hex');
    const names = {
      project: 'bqtail-test',
      triggerBucket: `trigger-${id}`,
      configBucket: `config-${id}`,
      opsBucket: `ops-${id}`,
      taskQueue: `queue-${id}`,
    };
    const dataDir = join(services.dataDir ?? process.cwd(), id);
    const { bridge: bridgePort } = await choosePorts(0);
    const app = await startApp(services, names, { dataDir, bridgePort, stdout: 'ignore', settings });
    try {
      process.env['BIGQUERY_EMULATOR_HOST'] = services.bigquery;
      const storage = new Storage({ projectId: names.project, apiEndpoint: services.storage });
      const bigquery = new BigQuery({ projectId: names.project, authClient: new PassThroughClient() });
      const dataset = `ds_${id}`;
      await bigquery.createDataset(dataset);
      const temporal = new Client({ connection: await Connection.connect({ address: services.temporal }) });
      return new TestApp(services, names, dataset, app, storage, bigquery, temporal);
    } catch (error) {
      await app.stop();
      throw error;
    }
  }

  /**
   * On services of its own: faults are set for a whole service, so who sets some shares none.
   *
   * @param dynamicConfig of Temporal.
   */
  static async startAlone(
    settings: Readonly<Record<string, unknown>> = {},
    dynamicConfig: Readonly<Record<string, number>> = {},
  ): Promise<TestApp> {
    const services = await startOwnServices(dynamicConfig);
    try {
      const app = await TestApp.start(services, settings);
      app.#own = services;
      return app;
    } catch (error) {
      await stopOwnServices(services);
      throw error;
    }
  }

  async stop(): Promise<void> {
    const folder = process.env['SAVE_HISTORIES'];
    if (folder) await saveHistories(this.temporal, this.services.temporal, this.names.taskQueue, folder);
    await this.app.stop();
    await this.temporal.connection.close();
    if (this.#own) await stopOwnServices(this.#own);
  }

  /** Replaces the faults of a service. */
  async setFaults(service: 'bigquery' | 'storage', faults: readonly object[]): Promise<void> {
    const answer = await fetch(`${this.services[service]}/_local/faults`, {
      method: 'PUT',
      body: JSON.stringify(faults),
    });
    if (!answer.ok) throw new Error(`faults: ${answer.status} ${await answer.text()}`);
  }

  /** How often each fault of a service has struck, in their order. */
  async struck(service: 'bigquery' | 'storage'): Promise<number[]> {
    const answer = await fetch(`${this.services[service]}/_local/faults`);
    const faults: { injected: number }[] = JSON.parse(await answer.text());
    return faults.map(({ injected }) => injected);
  }

  /** Reads the lines of a worker that was started later. */
  collect(stream: NodeJS.ReadableStream | null): void {
    let rest = '';
    stream?.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) this.lines.push(JSON.parse(part));
    });
  }

  async createTable(name: string): Promise<string> {
    await this.bigquery.dataset(this.dataset).createTable(name, { schema: SCHEMA });
    return `${this.dataset}.${name}`;
  }

  /** Writes a rule file and waits until the bridge has seen it. */
  async writeRules(name: string, rules: unknown): Promise<string> {
    const path = `BqTail/Rules/${name}.json`;
    const text = typeof rules === 'string' ? rules : JSON.stringify(rules);
    const url = `gs://${this.names.configBucket}/${path}`;
    const reports = () => this.lines.filter((line) => line['url'] === url && line['component'] === 'bridge').length;
    const before = reports();
    await this.storage.bucket(this.names.configBucket).file(path).save(text, { resumable: false });
    await waitFor(`the bridge to see ${url}`, () => reports() > before);
    return url;
  }

  /** Uploads rows as newline-delimited JSON. @returns the URL. */
  async upload(path: string, rows: readonly object[]): Promise<string> {
    const file = this.storage.bucket(this.names.triggerBucket).file(path);
    await file.save(rows.map((row) => JSON.stringify(row)).join('\n'), { resumable: false });
    return `gs://${this.names.triggerBucket}/${path}`;
  }

  /** Sends a notification of an object to the bridge, as Pub/Sub does. @returns the bridge's answer. */
  async push(resource: object, messageId: string): Promise<LogLine> {
    const data = Buffer.from(JSON.stringify(resource)).toString('base64');
    const message = { attributes: { eventType: 'OBJECT_FINALIZE' }, data, messageId };
    const answer = await fetch(`http://127.0.0.1:${this.app.bridge.port}/`, {
      method: 'POST',
      body: JSON.stringify({ message }),
    });
    return (await answer.json()) as LogLine;
  }

  async rows(table: string): Promise<Row[]> {
    const [rows] = await this.bigquery.query(`SELECT id, name FROM ${table} ORDER BY id, name`);
    return rows;
  }

  /** URLs of all objects of a bucket. */
  async objects(bucket: string): Promise<string[]> {
    const [files] = await this.storage.bucket(bucket).getFiles();
    return files.map((file) => `gs://${bucket}/${file.name}`).sort();
  }

  async readJson(url: string): Promise<Record<string, unknown>> {
    const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.*)$/.exec(url) ?? [];
    const [content] = await this.storage.bucket(bucket).file(name).download();
    return JSON.parse(content.toString());
  }

  /** Has a window load now, once it knows all its files. */
  async loadNow(dest: string, files: number): Promise<void> {
    const handle = this.temporal.workflow.getHandle(await this.workflowId(dest));
    const announced = async () => (await handle.query(status)).announced;
    await waitFor(`${files} files in a window of ${dest}`, async () => (await announced()) === files);
    await handle.signal(flush);
  }

  /** The bridge's answer to the event of a file. */
  response(url: string): Promise<LogLine> {
    return waitFor(`a response for ${url}`, () => this.lines.find((line) => line['TriggerURL'] === url));
  }

  /** The first workflow of a destination table, once there is one. */
  workflowId(dest: string): Promise<string> {
    return waitFor(`a workflow for ${dest}`, async () => {
      const query = `BqtailDest = '${dest}'`;
      for await (const { workflowId } of this.temporal.workflow.list({ query })) return workflowId;
      return undefined;
    });
  }
}

function shared(): Services & { readonly dataDir: string } {
  const text = process.env['BQTAIL_TEST_SERVICES'];
  if (!text) throw new Error('flow tests need the services of globalSetup: run them by jest with the project config');
  return JSON.parse(text);
}
