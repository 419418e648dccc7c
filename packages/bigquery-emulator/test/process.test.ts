import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkProcess, killProcesses, track } from '../../emulator-kit/test/forkedProcess';
import { finished, makeDataset, PROJECT, rest, rowsOf } from './support';

const MAIN = join(__dirname, '../dist/main.js');
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'bigquery-process-'));
});
afterEach(() => {
  killProcesses();
  rmSync(dataDir, { recursive: true, force: true });
});

const options = () => ({ port: 0, dataDir, project: PROJECT });
const forked = () => forkProcess(MAIN, options());

test('everything acknowledged survives SIGKILL, and each job takes effect once', async () => {
  const first = await forked();
  await makeDataset(first, 'ds', { t: [{ name: 'id', type: 'INTEGER' }], s: [{ name: 'id', type: 'INTEGER' }] });
  const acknowledged: number[] = [];
  const streamed: number[] = [];
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let count = 0; ; count++) {
      const id = writer * 100_000 + count;
      const insert = { query: { query: `INSERT INTO ds.t VALUES (${id})`, useLegacySql: false } };
      const answer = await rest(first, 'POST', '/jobs', { jobReference: { jobId: `j${id}` }, configuration: insert });
      if (answer.status === 200) acknowledged.push(id);
      const row = { rows: [{ json: { id } }] };
      if ((await rest(first, 'POST', '/datasets/ds/tables/s/insertAll', row)).status === 200) streamed.push(id);
    }
  });
  const settled = Promise.allSettled(writers);
  while (acknowledged.length < 60) await new Promise((resolve) => setTimeout(resolve, 5));
  first.child.kill('SIGKILL');
  await settled;

  const second = await forked();
  for (const id of acknowledged) expect((await finished(second, `j${id}`)).status).toEqual({ state: 'DONE' });
  const ids = async (table: string) => (await rowsOf(second, table)).map(([id]) => Number(id));
  const inserted = await ids('ds.t');
  expect(new Set(inserted).size).toBe(inserted.length);
  expect(inserted).toEqual(expect.arrayContaining(acknowledged));
  expect(await ids('ds.s')).toEqual(expect.arrayContaining(streamed));
});

test('the process ends when its parent disconnects and on SIGTERM', async () => {
  const { child } = await forked();
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);

  const alone = track(
    spawn(process.execPath, [MAIN, JSON.stringify(options())], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const [line] = await once(alone.stdout, 'data');
  expect(JSON.parse(String(line))).toEqual({ ready: true, port: expect.any(Number) });
  alone.kill('SIGTERM');
  expect(await once(alone, 'exit')).toEqual([0, null]);
});

test('invalid options are refused with a message that names the emulator', async () => {
  const child = track(spawn(process.execPath, [MAIN, '{"port":-1}'], { stdio: ['ignore', 'ignore', 'pipe'] }));
  const [text] = await once(child.stderr, 'data');
  expect(String(text)).toMatch(/^BigQuery emulator: /);
  expect(await once(child, 'exit')).toEqual([1, null]);
});
