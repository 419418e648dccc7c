/** @jest-environment ./packages/bigquery-emulator/test/clientEnvironment.js */
import { finished, makeDataset, PROJECT, rest, rowsOf, runJob, type Stand, startStand, tableRef } from './support';

let stand: Stand;
let uri: string;

beforeAll(async () => {
  stand = await startStand();
  await makeDataset(stand, 'ds');
  uri = await stand.put('one.json', '{"id":1}');
});
afterAll(() => stand.close());

const load = (table: string) => ({
  labels: { window: 'w1' },
  load: {
    sourceUris: [uri],
    destinationTable: tableRef(table),
    sourceFormat: 'NEWLINE_DELIMITED_JSON',
    schema: { fields: [{ name: 'id', type: 'INTEGER' }] },
  },
});
const insert = (jobId: string, configuration: object = load(`ds.${jobId}`)) =>
  rest(stand, 'POST', '/jobs', { jobReference: { projectId: PROJECT, jobId }, configuration });
const faults = (list: object[]) => fetch(`${stand.url}/_local/faults`, { method: 'PUT', body: JSON.stringify(list) });
const ids = (body: Record<string, unknown>) =>
  (body['jobs'] as { jobReference: { jobId: string } }[]).map((job) => job.jobReference.jobId);

test('a job is PENDING when it is taken in, then RUNNING, then DONE, with times and statistics', async () => {
  await faults([{ match: { path: '^slow$' }, action: 'slowJob', delayMs: 300 }]);
  const { body } = await insert('slow');
  expect(body).toMatchObject({
    kind: 'bigquery#job',
    id: `${PROJECT}:US.slow`,
    jobReference: { projectId: PROJECT, jobId: 'slow', location: 'US' },
    configuration: { jobType: 'LOAD', labels: { window: 'w1' } },
    status: { state: 'PENDING' },
    statistics: { creationTime: expect.stringMatching(/^\d{13}$/) },
  });
  let state = 'PENDING';
  while (state === 'PENDING') {
    const job = (await rest(stand, 'GET', '/jobs/slow?location=US')).body;
    ({ state } = job['status'] as { state: string });
  }
  expect(state).toBe('RUNNING');
  const running = (await rest(stand, 'GET', '/jobs?stateFilter=running')).body;
  expect(ids(running)).toEqual(['slow']);
  const done = await finished(stand, 'slow');
  const { creationTime, startTime, endTime } = done.statistics;
  expect(Number(creationTime)).toBeLessThanOrEqual(Number(startTime));
  expect(Number(startTime) + 250).toBeLessThanOrEqual(Number(endTime));
  expect((await rest(stand, 'GET', '/jobs?stateFilter=running')).body['jobs']).toEqual([]);
});

test('an ID is taken once', async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => insert('once')));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
  const refused = answers.find(({ status }) => status === 409);
  expect(refused?.body).toMatchObject({
    error: { message: `Already Exists: Job ${PROJECT}:US.once`, errors: [{ reason: 'duplicate' }] },
  });
  await finished(stand, 'once');
  expect(await rowsOf(stand, 'ds.once')).toEqual([['1']]);
});

test('jobs are listed newest first, by time, state and parent, page by page', async () => {
  const begin = Date.now();
  for (const id of ['l1', 'l2', 'l3']) await runJob(stand, load(`ds.${id}`), id);
  const list = async (query: string) => (await rest(stand, 'GET', `/jobs?minCreationTime=${begin}&${query}`)).body;
  const first = await list('maxResults=2');
  expect(ids(first)).toEqual(['l3', 'l2']);
  expect(ids(await list(`maxResults=2&pageToken=${first['nextPageToken']}`))).toEqual(['l1']);
  expect(ids(await list('stateFilter=done'))).toHaveLength(3);
  expect((await list('stateFilter=pending&stateFilter=running'))['jobs']).toEqual([]);
  expect((await list(`maxCreationTime=${begin - 1}`))['jobs']).toEqual([]);
  expect((await list('parentJobId=l1'))['jobs']).toEqual([]);
  const [minimal] = first['jobs'] as Record<string, unknown>[];
  expect(minimal).toMatchObject({ kind: 'bigquery#job', state: 'DONE', status: { state: 'DONE' } });
  expect(minimal).toMatchObject({ configuration: { jobType: 'LOAD' } });
  const [full] = (await list('projection=full'))['jobs'] as Record<string, unknown>[];
  expect(full).toMatchObject({ configuration: { load: { sourceUris: [uri] } } });
});

test('a job can be cancelled while it runs, and deleted when it is done', async () => {
  await faults([{ match: { path: '^stop' }, action: 'slowJob', delayMs: 60_000 }]);
  await insert('stop');
  expect((await rest(stand, 'DELETE', '/jobs/stop/delete')).status).toBe(400);
  expect((await rest(stand, 'POST', '/jobs/stop/cancel')).body).toMatchObject({ kind: 'bigquery#jobCancelResponse' });
  const { status } = await finished(stand, 'stop');
  expect(status.errorResult).toMatchObject({ reason: 'stopped' });
  expect((await rest(stand, 'GET', '/datasets/ds/tables/stop')).status).toBe(404);
  expect((await rest(stand, 'DELETE', '/jobs/stop/delete')).status).toBe(204);
  expect((await rest(stand, 'GET', '/jobs/stop')).status).toBe(404);
});

test('jobs of projects are apart', async () => {
  const other = await fetch(`${stand.url}/projects/other/jobs`);
  expect(await other.json()).toMatchObject({ kind: 'bigquery#jobList', jobs: [] });
});

test('loads of one table at a time all arrive', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, place) => runJob(stand, load('ds.busy'), `busy${place}`)));
  expect(await rowsOf(stand, 'ds.busy')).toHaveLength(20);
});

test.each([
  ['nothing to do', {}],
  ['two things to do', { load: {}, copy: {} }],
  ['no destination', { load: { sourceUris: ['gs://b/x'] } }],
])('a job with %s is refused', async (_what, configuration) => {
  expect(await insert('refused', configuration)).toMatchObject({ status: 400 });
  expect((await rest(stand, 'GET', '/jobs/refused')).status).toBe(404);
});

test('the official client loads, and learns why it could not', async () => {
  const table = stand.bigquery.dataset('ds').table('client');
  const file = stand.storage.bucket('source-bucket').file('one.json');
  const [job] = await table.load(file, { sourceFormat: 'NEWLINE_DELIMITED_JSON', autodetect: true });
  expect(job.status?.state).toBe('DONE');
  expect((await table.getRows())[0]).toEqual([{ id: 1 }]);
  const bad = stand.storage.bucket('source-bucket').file('none.json');
  await expect(table.load(bad, { sourceFormat: 'NEWLINE_DELIMITED_JSON' })).rejects.toThrow(
    'Not found: URI gs://source-bucket/none.json',
  );
});
