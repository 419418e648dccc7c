import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { send, upload } from '../packages/local-stack/bench/emulatorCalls';
import { type LocalStack, startStack } from '../src/cli/dev';
import { errorText } from '../src/errorText';
import { Deletions } from './deletions';
import { table, trace } from './report';
import { type Bench, DEST, FOLDER, type Round, runRound, SUFFIX, WINDOW_SEC } from './round';

const RULE = {
  When: { Prefix: `/${FOLDER}`, Suffix: SUFFIX },
  Dest: { Table: DEST },
  Batch: { Window: { DurationInSec: WINDOW_SEC } },
  OnSuccess: [{ Action: 'delete' }],
};
const SCHEMA = [
  { name: 'id', type: 'INTEGER' },
  { name: 'name', type: 'STRING' },
];
const WARM_UP_FILES = 2;
/** The bridge reads new rules within a second. */
const RULE_READ_MS = 1000;

const OPTIONS = {
  files: { type: 'string', default: '2,100,1000' },
  rounds: { type: 'string', default: '3' },
  output: { type: 'string', default: 'text' },
  trace: { type: 'boolean', default: false },
} as const;

/**
 * `npm run bench`: loads windows of several sizes on the local stack, and measures times and calls at its emulators.
 *
 * @example npm run bench -- --files 1000 --rounds 1 --trace
 */
async function bench(): Promise<void> {
  const { values: options } = parseArgs({ options: OPTIONS });
  const sizes = options.files.split(',').map((text) => positive('--files', text));
  const rounds = positive('--rounds', options.rounds);
  const log = (line: string) => process.stderr.write(`bench: ${line}\n`);
  log(`starting the local stack; each round loads one window of ${WINDOW_SEC} s`);
  const stack = await startStack('dev', { portBase: 0 }, 'ignore');
  try {
    const connection = await Connection.connect({ address: stack.services.temporal });
    const ready: Bench = { stack, client: new Client({ connection }), deletions: await prepare(stack) };
    const { dueToSubmitted, doneToDeleted } = await runRound(ready, WARM_UP_FILES);
    log(
      `warm-up window, not counted: ${dueToSubmitted} ms to submit, ${doneToDeleted} ms to delete ${WARM_UP_FILES} files`,
    );
    const done: Round[] = [];
    for (const size of sizes) {
      for (let round = 1; round <= rounds; round++) {
        log(`${size} files, round ${round} of ${rounds}`);
        done.push(await runRound(ready, size));
      }
    }
    await connection.close();
    process.stdout.write(options.output === 'json' ? `${JSON.stringify(done)}\n` : `${table(done)}\n`);
    if (!options.trace) return;
    for (const size of sizes) {
      const last = done.findLast(({ files }) => files === size);
      if (last) process.stdout.write(`\n${trace(last)}\n`);
    }
  } finally {
    await stack.stop();
  }
}

/** Makes table, rule and notifications. The rule is in use when this resolves. */
async function prepare({ services, app }: LocalStack): Promise<Deletions> {
  const { names } = app;
  const [datasetId, tableId] = DEST.split('.');
  const datasets = `${services.bigquery}/bigquery/v2/projects/${names.project}/datasets`;
  await send(datasets, 'POST', { datasetReference: { datasetId } });
  await send(`${datasets}/${datasetId}/tables`, 'POST', {
    tableReference: { tableId },
    schema: { fields: SCHEMA },
  });
  await upload(services.storage, names.configBucket, 'BqTail/Rules/bench.json', JSON.stringify(RULE));
  await sleep(RULE_READ_MS);
  return Deletions.of(services, names.project, names.triggerBucket, FOLDER);
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${option}: expected whole numbers from 1, got ${text}`);
}

bench().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`bench: ${errorText(error)}\n`);
    process.exit(1);
  },
);
