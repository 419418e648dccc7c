import { finished, makeDataset, rest, rowsOf, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());

test('datasets, tables, rows and jobs survive a restart, and a job that was not done runs again', async () => {
  await makeDataset(emulator, 'ds', { t: [{ name: 'id', type: 'INTEGER' }] });
  const uri = await emulator.put('a.json', '{"id":1}');
  const load = { sourceUris: [uri], destinationTable: tableRef('ds.t'), sourceFormat: 'NEWLINE_DELIMITED_JSON' };
  const done = await runJob(emulator, { load }, 'done');
  const slow = [{ match: { path: '^slow' }, action: 'slowJob', delayMs: 60_000 }];
  await fetch(`${emulator.url}/_local/faults`, { method: 'PUT', body: JSON.stringify(slow) });
  await rest(emulator, 'POST', '/jobs', { jobReference: { jobId: 'slow' }, configuration: { load } });

  emulator = await emulator.restart();

  expect((await rest(emulator, 'GET', '/jobs/done')).body).toMatchObject({
    statistics: done.statistics,
    status: done.status,
  });
  expect((await finished(emulator, 'slow')).status).toEqual({ state: 'DONE' });
  expect(await rowsOf(emulator, 'ds.t')).toEqual([['1'], ['1']]);
  const again = await rest(emulator, 'POST', '/jobs', { jobReference: { jobId: 'slow' }, configuration: { load } });
  expect(again.status).toBe(409);
  expect((await rest(emulator, 'GET', '/datasets/ds/tables/t')).body).toMatchObject({ numRows: '2' });
});
