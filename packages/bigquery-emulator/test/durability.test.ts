import { finished, makeDataset, rest, rowsOf, runJob, type Stand, startStand, tableRef } from './support';

let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand.close());

test('datasets, tables, rows and jobs are there after a restart; a job that was not done is run again', async () => {
  await makeDataset(stand, 'ds', { t: [{ name: 'id', type: 'INTEGER' }] });
  const uri = await stand.put('a.json', '{"id":1}');
  const load = { sourceUris: [uri], destinationTable: tableRef('ds.t'), sourceFormat: 'NEWLINE_DELIMITED_JSON' };
  const done = await runJob(stand, { load }, 'done');
  const slow = [{ match: { path: '^slow' }, action: 'slowJob', delayMs: 60_000 }];
  await fetch(`${stand.url}/_local/faults`, { method: 'PUT', body: JSON.stringify(slow) });
  await rest(stand, 'POST', '/jobs', { jobReference: { jobId: 'slow' }, configuration: { load } });

  stand = await stand.restart();

  expect((await rest(stand, 'GET', '/jobs/done')).body).toMatchObject({
    statistics: done.statistics,
    status: done.status,
  });
  expect((await finished(stand, 'slow')).status).toEqual({ state: 'DONE' });
  expect(await rowsOf(stand, 'ds.t')).toEqual([['1'], ['1']]);
  const again = await rest(stand, 'POST', '/jobs', { jobReference: { jobId: 'slow' }, configuration: { load } });
  expect(again.status).toBe(409);
  expect((await rest(stand, 'GET', '/datasets/ds/tables/t')).body).toMatchObject({ numRows: '2' });
});
