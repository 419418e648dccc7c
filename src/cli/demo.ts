import { setTimeout as sleep } from 'node:timers/promises';
import { BigQuery } from '@google-cloud/bigquery';
import { Storage } from '@google-cloud/storage';
import { Client, Connection } from '@temporalio/client';
import Table from 'cli-table3';
import { PassThroughClient } from 'google-auth-library';
import { status, type WindowStatus } from '../workflows/contract';
import { WrittenObjects } from './demo/writtenObjects';
import { type LocalStack, startStack } from './dev';
import { untilStopped } from './serviceProcess';
import { waitForFreshWindow } from './waitForFreshWindow';

const DATASET = 'bqtail';
const TABLE = 'dummy';
const WINDOW_SEC = 10;
const RULE = {
  When: { Prefix: '/data/case003', Suffix: '.json' },
  Dest: { Table: `${DATASET}.${TABLE}` },
  Batch: { Window: { DurationInSec: WINDOW_SEC } },
  OnSuccess: [{ Action: 'delete' }],
};
const SCHEMA = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'type_id', type: 'INTEGER' },
  { name: 'name', type: 'STRING' },
];
const FILES: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  'data/case003/dummy1.json': [1, 2, 3].map((id) => ({ id, type_id: 1, name: `dummy ${id}` })),
  'data/case003/dummy2.json': [4, 5].map((id) => ({ id, type_id: 2, name: `dummy ${id}` })),
};
/** Time that both uploads need within one window. */
const UPLOADS_MS = 3000;
/** The bridge reads new rules within a second. */
const RULE_READ_MS = 1000;
const POLL_MS = 100;
const TIMEOUT_MS = 60_000;

/** `bqtail demo`: loads two files through one window, and prints a line per step. */
export async function demo(options: { readonly portBase: number; readonly keep?: boolean }): Promise<void> {
  const print = timedPrinter();
  print('starting the Cloud Storage and BigQuery emulators, Temporal, bridge and worker');
  const stack = await startStack('demo', { portBase: options.portBase }, 'ignore');
  try {
    await new Demo(stack, print).run();
    if (options.keep) {
      const { ui, storage, bigquery } = stack.services;
      print(`still running: ${ui === undefined ? '' : `Web UI ${ui}, `}Cloud Storage ${storage}, BigQuery ${bigquery}`);
      await untilStopped();
    }
  } finally {
    await stack.stop();
  }
  print('everything is stopped');
}

class Demo {
  private readonly storage: Storage;
  private readonly bigquery: BigQuery;

  constructor(
    private readonly stack: LocalStack,
    private readonly print: (line: string) => void,
  ) {
    const { project: projectId } = stack.app.names;
    this.storage = new Storage({ projectId, apiEndpoint: stack.services.storage });
    process.env['BIGQUERY_EMULATOR_HOST'] = stack.services.bigquery;
    this.bigquery = new BigQuery({ projectId, authClient: new PassThroughClient() });
  }

  async run(): Promise<void> {
    const { names } = this.stack.app;
    await this.bigquery.createDataset(DATASET);
    await this.bigquery.dataset(DATASET).createTable(TABLE, { schema: SCHEMA });
    const rule = 'BqTail/Rules/case003/rule.json';
    await this.storage
      .bucket(names.configBucket)
      .file(rule)
      .save(JSON.stringify(RULE, null, 2), { resumable: false });
    this.print(`rule written: gs://${names.configBucket}/${rule}, window ${WINDOW_SEC} s into ${DATASET}.${TABLE}`);
    const written = await WrittenObjects.of(this.stack.services, names.project, [names.triggerBucket, names.opsBucket]);
    await sleep(RULE_READ_MS);
    await waitForFreshWindow(WINDOW_SEC * 1000, UPLOADS_MS);
    for (const [name, rows] of Object.entries(FILES)) {
      const text = rows.map((row) => JSON.stringify(row)).join('\n');
      await this.storage.bucket(names.triggerBucket).file(name).save(text, { resumable: false });
      this.print(`file uploaded: gs://${names.triggerBucket}/${name}`);
    }
    const workflowId = await this.follow();
    await this.showRows();
    this.print('files written meanwhile; * marks those that still exist:');
    const left = new Set(await this.objects());
    for (const { url, time } of await written.take()) {
      process.stdout.write(`  ${time.slice(11, 23)} ${left.has(url) ? '*' : ' '} ${url}\n`);
    }
    const { ui } = this.stack.services;
    const where = ui === undefined ? workflowId : `${ui}/namespaces/default/workflows/${workflowId}`;
    this.print(`the workflow, as long as the stack runs (--keep): ${where}`);
  }

  /** Polls the workflow until it ends, and prints each change. @returns its ID. */
  private async follow(): Promise<string> {
    const connection = await Connection.connect({ address: this.stack.services.temporal });
    const client = new Client({ connection });
    let workflowId: string | undefined;
    const printed = new Set<string>();
    const printOnce = (line: string) => {
      if (!printed.has(line)) this.print(line);
      printed.add(line);
    };
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      if (Date.now() > deadline) throw new Error(`the window was not loaded within ${TIMEOUT_MS / 1000} s`);
      for await (const { workflowId: id } of client.workflow.list({ query: "WorkflowType = 'batchWindow'" }))
        workflowId ??= id;
      if (workflowId !== undefined) {
        const handle = client.workflow.getHandle(workflowId);
        describe(await handle.query(status), workflowId).forEach(printOnce);
        const { status: state } = await handle.describe();
        if (state.name !== 'RUNNING') {
          const result = await handle.result();
          printOnce(`workflow ended: ${result.files} files, ${result.rows} rows`);
          await connection.close();
          return workflowId;
        }
      }
      await sleep(POLL_MS);
    }
  }

  private async objects(): Promise<string[]> {
    const { triggerBucket, opsBucket } = this.stack.app.names;
    const urls = await Promise.all(
      [triggerBucket, opsBucket].map(async (bucket) => {
        const [files] = await this.storage.bucket(bucket).getFiles();
        return files.map(({ name }) => `gs://${bucket}/${name}`);
      }),
    );
    return urls.flat();
  }

  private async showRows(): Promise<void> {
    const [rows] = await this.bigquery.query(`SELECT id, type_id, name FROM ${DATASET}.${TABLE} ORDER BY id`);
    const table = new Table({ head: SCHEMA.map(({ name }) => name), style: { head: [], border: [] } });
    for (const row of rows) table.push(SCHEMA.map(({ name }) => String(row[name])));
    this.print(`rows of ${DATASET}.${TABLE}:`);
    process.stdout.write(`${table.toString()}\n`);
    const [left] = await this.storage.bucket(this.stack.app.names.triggerBucket).getFiles();
    this.print(
      left.length === 0
        ? 'both source files are deleted'
        : `left in the trigger bucket: ${left.map(({ name }) => name).join(', ')}`,
    );
  }
}

/** The facts of a status, one per line. */
function describe({ announced, due = 0, processes }: WindowStatus, workflowId: string): string[] {
  const seconds = Math.max(0, Math.round(due - Date.now() / 1000));
  return [
    ...(processes.length === 0 ? [`window ${workflowId}: ${announced} of 2 files arrived`] : []),
    ...(announced > 1 && processes.length === 0 && seconds > 0 && seconds % 2 === 0 ? [`due in ${seconds} s`] : []),
    ...processes.flatMap(({ jobs, stage }) => [
      ...jobs.map(
        ({ jobId, state, rows }) => `load job ${jobId} ${state}${rows === undefined ? '' : `: ${rows} rows`}`,
      ),
      ...(stage === 'done' ? ['source files deleted, journal closed'] : []),
    ]),
  ];
}

/** Prints lines with the seconds since the start. */
function timedPrinter(): (line: string) => void {
  const startedAt = Date.now();
  return (line) => {
    process.stdout.write(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(5)} s  ${line}\n`);
  };
}
