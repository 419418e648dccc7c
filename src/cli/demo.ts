import { BigQuery } from '@google-cloud/bigquery';
import { Storage } from '@google-cloud/storage';
import { Client, Connection } from '@temporalio/client';
import Table from 'cli-table3';
import { PassThroughClient } from 'google-auth-library';
import { status, type WindowStatus } from '../workflows/contract';
import { type LocalStack, startStack } from './dev';
import { untilStopped } from './serviceProcess';
import { WrittenObjects } from './writtenObjects';

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
/** Least time that both uploads need within one window. */
const ROOM_SEC = 3;
const RULE_SEEN_MS = 1000;
const LOOK_MS = 100;
const PATIENCE_MS = 60_000;

/** `bqtail demo`: the main job, once, with a line for whatever happens. */
export async function demo(options: { readonly portBase: number; readonly keep?: boolean }): Promise<void> {
  const say = narrator();
  say('starting Cloud Storage and BigQuery stand-ins, Temporal, bridge and worker');
  const stack = await startStack('demo', { portBase: options.portBase }, 'ignore');
  try {
    await new Demo(stack, say).run();
    if (options.keep) {
      const { ui, storage, bigquery } = stack.services;
      say(`staying up: ${ui === undefined ? '' : `Web UI ${ui}, `}Cloud Storage ${storage}, BigQuery ${bigquery}`);
      await untilStopped();
    }
  } finally {
    await stack.stop();
  }
  say('everything is stopped');
}

class Demo {
  private readonly storage: Storage;
  private readonly bigquery: BigQuery;

  constructor(
    private readonly stack: LocalStack,
    private readonly say: (line: string) => void,
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
    this.say(`rule written: gs://${names.configBucket}/${rule}, window ${WINDOW_SEC} s into ${DATASET}.${TABLE}`);
    const written = await WrittenObjects.of(this.stack.services, names.project, [names.triggerBucket, names.opsBucket]);
    await waitForFreshWindow();
    for (const [name, rows] of Object.entries(FILES)) {
      const text = rows.map((row) => JSON.stringify(row)).join('\n');
      await this.storage.bucket(names.triggerBucket).file(name).save(text, { resumable: false });
      this.say(`file uploaded: gs://${names.triggerBucket}/${name}`);
    }
    const workflowId = await this.follow();
    await this.showRows();
    this.say('files written on the way; * are still there:');
    const left = new Set(await this.objects());
    for (const { url, time } of await written.take()) {
      process.stdout.write(`  ${time.slice(11, 23)} ${left.has(url) ? '*' : ' '} ${url}\n`);
    }
    const { ui } = this.stack.services;
    const where = ui === undefined ? workflowId : `${ui}/namespaces/default/workflows/${workflowId}`;
    this.say(`the workflow, while the stack runs (--keep): ${where}`);
  }

  /** Looks at the workflow until it ends, and tells each change. */
  private async follow(): Promise<string> {
    const connection = await Connection.connect({ address: this.stack.services.temporal });
    const client = new Client({ connection });
    let workflowId: string | undefined;
    const told = new Set<string>();
    const tell = (line: string) => {
      if (!told.has(line)) this.say(line);
      told.add(line);
    };
    const giveUpAt = Date.now() + PATIENCE_MS;
    for (;;) {
      if (Date.now() > giveUpAt) throw new Error(`the window was not loaded within ${PATIENCE_MS / 1000} s`);
      for await (const { workflowId: found } of client.workflow.list({ query: "WorkflowType = 'batchWindow'" }))
        workflowId ??= found;
      if (workflowId !== undefined) {
        const handle = client.workflow.getHandle(workflowId);
        describe(await handle.query(status), workflowId).forEach(tell);
        const { status: state } = await handle.describe();
        if (state.name !== 'RUNNING') {
          const result = await handle.result();
          tell(`workflow ended: ${result.files} files, ${result.rows} rows`);
          await connection.close();
          return workflowId;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  private async objects(): Promise<string[]> {
    const { triggerBucket, opsBucket } = this.stack.app.names;
    const found = await Promise.all(
      [triggerBucket, opsBucket].map(async (bucket) => {
        const [files] = await this.storage.bucket(bucket).getFiles();
        return files.map(({ name }) => `gs://${bucket}/${name}`);
      }),
    );
    return found.flat();
  }

  private async showRows(): Promise<void> {
    const [rows] = await this.bigquery.query(`SELECT id, type_id, name FROM ${DATASET}.${TABLE} ORDER BY id`);
    const table = new Table({ head: SCHEMA.map(({ name }) => name), style: { head: [], border: [] } });
    for (const row of rows) table.push(SCHEMA.map(({ name }) => String(row[name])));
    this.say(`rows of ${DATASET}.${TABLE}:`);
    process.stdout.write(`${table.toString()}\n`);
    const [left] = await this.storage.bucket(this.stack.app.names.triggerBucket).getFiles();
    this.say(
      left.length === 0
        ? 'both source files are deleted'
        : `left in the trigger bucket: ${left.map(({ name }) => name).join(', ')}`,
    );
  }
}

/** What a status says, a line a fact. */
function describe({ announced, due = 0, processes }: WindowStatus, workflowId: string): string[] {
  const seconds = Math.max(0, Math.round(due - Date.now() / 1000));
  return [
    ...(processes.length === 0 ? [`window ${workflowId}: ${announced} of 2 files joined`] : []),
    ...(announced > 1 && processes.length === 0 && seconds > 0 && seconds % 2 === 0 ? [`due in ${seconds} s`] : []),
    ...processes.flatMap(({ jobs, stage }) => [
      ...jobs.map(
        ({ jobId, state, rows }) => `load job ${jobId} ${state}${rows === undefined ? '' : `: ${rows} rows`}`,
      ),
      ...(stage === 'done' ? ['source files deleted, journal closed'] : []),
    ]),
  ];
}

/** The bridge sees the rule within a second; and both files should fall into one window, also just before its end. */
async function waitForFreshWindow(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, RULE_SEEN_MS));
  const leftMs = WINDOW_SEC * 1000 - (Date.now() % (WINDOW_SEC * 1000));
  if (leftMs < ROOM_SEC * 1000) await new Promise((resolve) => setTimeout(resolve, leftMs));
}

function narrator(): (line: string) => void {
  const started = Date.now();
  return (line) => {
    process.stdout.write(`${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s  ${line}\n`);
  };
}
