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

/** Length of a window, seconds, that is not due while the tests run. */
export const LONG_SEC = 7 * 24 * 3600;

const SCHEMA = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'name', type: 'STRING' },
];

/** A row of the tables that `createTable` makes. */
export interface Row {
  readonly id: number;
  readonly name: string;
}

/** One structured log line of the bridge or a worker. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A bridge and a worker with their own buckets, dataset and task queue. Other apps may share the services. */
export class TestApp {
  readonly lines: LogLine[] = [];
  private ownServices: OwnServices | undefined;

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
   * Starts an app on running services.
   *
   * @param services default: the services of globalSetup.
   * @param settings configuration settings over the usual ones.
   * @param command the compiled `bqtail` command; default: the one of this checkout.
   */
  static async start(
    services: Services & { readonly dataDir?: string } = sharedServices(),
    settings: Readonly<Record<string, unknown>> = {},
    command?: string,
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
    const app = await startApp(services, names, { dataDir, bridgePort, stdout: 'ignore', settings, command });
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
   * Starts an app on its own services. A test that sets faults needs them, because faults apply to a whole service.
   *
   * @param settings configuration settings over the usual ones.
   * @param dynamicConfig Temporal's dynamic configuration.
   */
  static async startAlone(
    settings: Readonly<Record<string, unknown>> = {},
    dynamicConfig: Readonly<Record<string, number>> = {},
  ): Promise<TestApp> {
    const services = await startOwnServices(dynamicConfig);
    try {
      const app = await TestApp.start(services, settings);
      app.ownServices = services;
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
    if (this.ownServices) await stopOwnServices(this.ownServices);
  }

  /** Replaces all faults of a service. */
  async setFaults(service: 'bigquery' | 'storage', faults: readonly object[]): Promise<void> {
    const response = await fetch(`${this.services[service]}/_local/faults`, {
      method: 'PUT',
      body: JSON.stringify(faults),
    });
    if (!response.ok) throw new Error(`faults: ${response.status} ${await response.text()}`);
  }

  /** How many times a service has injected each of its faults, in their order. */
  async struck(service: 'bigquery' | 'storage'): Promise<number[]> {
    const response = await fetch(`${this.services[service]}/_local/faults`);
    const faults: { injected: number }[] = JSON.parse(await response.text());
    return faults.map(({ injected }) => injected);
  }

  /** Adds the log lines of a process to `lines`; needed for workers that a test starts itself. */
  collect(stream: NodeJS.ReadableStream | null): void {
    let rest = '';
    stream?.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) this.lines.push(JSON.parse(part));
    });
  }

  /** Creates a table with the columns `id` and `name`. @returns `dataset.table`. */
  async createTable(name: string): Promise<string> {
    await this.bigquery.dataset(this.dataset).createTable(name, { schema: SCHEMA });
    return `${this.dataset}.${name}`;
  }

  /** Writes a rule file and waits until the bridge has read it. @returns its URL. */
  async writeRules(name: string, rules: unknown): Promise<string> {
    const path = `BqTail/Rules/${name}.json`;
    const text = typeof rules === 'string' ? rules : JSON.stringify(rules);
    const url = `gs://${this.names.configBucket}/${path}`;
    const reports = () => this.lines.filter((line) => line['url'] === url && line['component'] === 'bridge').length;
    const before = reports();
    await this.storage.bucket(this.names.configBucket).file(path).save(text, { resumable: false });
    await waitFor(`the bridge to read ${url}`, () => reports() > before);
    return url;
  }

  /** Uploads rows as newline-delimited JSON. @returns the URL. */
  async upload(path: string, rows: readonly object[]): Promise<string> {
    const file = this.storage.bucket(this.names.triggerBucket).file(path);
    await file.save(rows.map((row) => JSON.stringify(row)).join('\n'), { resumable: false });
    return `gs://${this.names.triggerBucket}/${path}`;
  }

  /** Sends a notification of an object to the bridge, as Pub/Sub does. @returns the bridge's response. */
  async push(resource: object, messageId: string): Promise<LogLine> {
    const data = Buffer.from(JSON.stringify(resource)).toString('base64');
    const message = { attributes: { eventType: 'OBJECT_FINALIZE' }, data, messageId };
    const response = await fetch(`http://127.0.0.1:${this.app.bridge.port}/`, {
      method: 'POST',
      body: JSON.stringify({ message }),
    });
    return (await response.json()) as LogLine;
  }

  /** All rows of a table, by ID. */
  async rows(table: string): Promise<Row[]> {
    const [rows] = await this.bigquery.query(`SELECT id, name FROM ${table} ORDER BY id, name`);
    return rows;
  }

  /** URLs of all objects of a bucket. */
  async objects(bucket: string): Promise<string[]> {
    const [files] = await this.storage.bucket(bucket).getFiles();
    return files.map((file) => `gs://${bucket}/${file.name}`).sort();
  }

  /** The content of a JSON object in storage. */
  async readJson(url: string): Promise<Record<string, unknown>> {
    const [, bucket = '', name = ''] = /^gs:\/\/([^/]+)\/(.*)$/.exec(url) ?? [];
    const [content] = await this.storage.bucket(bucket).file(name).download();
    return JSON.parse(content.toString());
  }

  /** Flushes the window of a table once it has received this number of files. */
  async loadNow(dest: string, files: number): Promise<void> {
    const handle = this.temporal.workflow.getHandle(await this.workflowId(dest));
    const announced = async () => (await handle.query(status)).announced;
    await waitFor(`${files} files in a window of ${dest}`, async () => (await announced()) === files);
    await handle.signal(flush);
  }

  /** The bridge's response to the event of a file, from its log. */
  response(url: string): Promise<LogLine> {
    return waitFor(`a response for ${url}`, () => this.lines.find((line) => line['TriggerURL'] === url));
  }

  /** ID of the first workflow of a destination table; waits until one exists. */
  workflowId(dest: string): Promise<string> {
    return waitFor(`a workflow for ${dest}`, async () => {
      const query = `BqtailDest = '${dest}'`;
      for await (const { workflowId } of this.temporal.workflow.list({ query })) return workflowId;
      return undefined;
    });
  }
}

function sharedServices(): Services & { readonly dataDir: string } {
  const text = process.env['BQTAIL_TEST_SERVICES'];
  if (!text) throw new Error('the services of globalSetup are not running; run flow tests by `npm test`');
  return JSON.parse(text);
}
