import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TestApp } from './support/testApp';
import { waitFor } from './support/waitFor';

const run = promisify(execFile);
const ROOT = join(__dirname, '..', '..');
/** Packages that only emulators and tests need. */
const NOT_IN_PRODUCTION = [
  '@bqtail/local-stack',
  '@duckdb/node-api',
  '@fastify/busboy',
  '@node-rs/crc32',
  '@temporalio/testing',
  'avsc',
  'csv-parse',
  'farmhash-modern',
  'jest',
  'json-mask',
  'lmdb',
  'snappyjs',
  'tldts',
  'typescript',
];

let folder: string;
let command: string;

/** Packs the product and installs the package in an empty folder, as `npm install --omit=dev bqtail` does. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bqtail-install-'));
  const npm = (args: readonly string[], cwd: string) =>
    run('npm', [...args, '--loglevel', 'error'], { cwd, shell: process.platform === 'win32' });
  const { stdout } = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT);
  const [{ filename }] = JSON.parse(stdout);
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  await npm(['install', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename)], folder);
  command = join(folder, 'node_modules', 'bqtail', 'dist', 'cli', 'main.js');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a production install has no emulator and none of the packages that only emulators and tests need', async () => {
  const installed = NOT_IN_PRODUCTION.filter((name) => existsSync(join(folder, 'node_modules', name)));
  expect(installed).toEqual([]);
  expect((await readdir(join(folder, 'node_modules', 'bqtail', 'dist'))).sort()).toContain('cli');
});

test('bridge and worker of a production install load a file on services that were started elsewhere', async () => {
  const app = await TestApp.start(undefined, {}, command);
  try {
    const dest = await app.createTable('installed');
    await app.writeRules('installed', {
      When: { Prefix: '/installed/' },
      Dest: { Table: dest },
      Batch: { Window: { DurationInSec: 2 } },
      OnSuccess: [{ Action: 'delete' }],
    });
    const url = await app.upload('installed/a.json', [{ id: 1, name: 'a' }]);
    await waitFor('the row', async () => (await app.rows(dest)).length === 1);
    await waitFor('the source to be deleted', async () => !(await app.objects(app.names.triggerBucket)).includes(url));
    expect(await app.rows(dest)).toEqual([{ id: 1, name: 'a' }]);
  } finally {
    await app.stop();
  }
});

test.each(['dev', 'demo', 'test'])('bqtail %s of a production install names the package to install', async (name) => {
  const args = name === 'test' ? [join(ROOT, 'test', 'cases', 'csv')] : [];
  const ended = await run(process.execPath, [command, name, ...args]).catch((error) => error);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toBe(
    `bqtail: \`bqtail ${name}\` needs the local stack: npm install --save-dev @bqtail/local-stack\n`,
  );
});
