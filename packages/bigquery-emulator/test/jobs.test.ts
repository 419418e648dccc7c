/** @jest-environment ./packages/bigquery-emulator/test/clientEnvironment.js */
import {
  finished,
  makeDataset,
  PROJECT,
  rest,
  rowsOf,
  runJob,
  startTestEmulator,
  type TestEmulator,
  tableRef,
} from './support';

let emulator: TestEmulator;
let uri: string;

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds');
  uri = await emulator.put('one.json', '{"id":1}');
});
afterAll(() => emulator.close());

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
  rest(emulator, 'POST', '/jobs', { jobReference: { projectId: PROJECT, jobId }, configuration });
const faults = (list: object[]) =>
  fetch(`${emulator.url}/_local/faults`, { method: 'PUT', body: JSON.stringify(list) });
const ids = (body: Record<string, unknown>) =>
  (body['jobs'] as { jobReference: { jobId: string } }[]).map((job) => job.jobReference.jobId);

test('a new job is PENDING, then RUNNING, then DONE, with times and statistics', async () => {
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
    const job = (await rest(emulator, 'GET', '/jobs/slow?location=US')).body;
    ({ state } = job['status'] as { state: string });
  }
  expect(state).toBe('RUNNING');
  const running = (await rest(emulator, 'GET', '/jobs?stateFilter=running')).body;
  expect(ids(running)).toEqual(['slow']);
  const done = await finished(emulator, 'slow');
  const { creationTime, startTime, endTime } = done.statistics;
  expect(Number(creationTime)).toBeLessThanOrEqual(Number(startTime));
  expect(Number(startTime) + 250).toBeLessThanOrEqual(Number(endTime));
  expect((await rest(emulator, 'GET', '/jobs?stateFilter=running')).body['jobs']).toEqual([]);
});

test('of several inserts with one job ID only one succeeds', async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => insert('once')));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
  const refused = answers.find(({ status }) => status === 409);
  expect(refused?.body).toMatchObject({
    error: { message: `Already Exists: Job ${PROJECT}:US.once`, errors: [{ reason: 'duplicate' }] },
  });
  await finished(emulator, 'once');
  expect(await rowsOf(emulator, 'ds.once')).toEqual([['1']]);
});

test('jobs are listed newest first, page by page, by time, state and parent', async () => {
  const begin = Date.now();
  for (const id of ['l1', 'l2', 'l3']) await runJob(emulator, load(`ds.${id}`), id);
  const list = async (query: string) => (await rest(emulator, 'GET', `/jobs?minCreationTime=${begin}&${query}`)).body;
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
  expect((await rest(emulator, 'DELETE', '/jobs/stop/delete')).status).toBe(400);
  expect((await rest(emulator, 'POST', '/jobs/stop/cancel')).body).toMatchObject({
    kind: 'bigquery#jobCancelResponse',
  });
  const { status } = await finished(emulator, 'stop');
  expect(status.errorResult).toMatchObject({ reason: 'stopped' });
  expect((await rest(emulator, 'GET', '/datasets/ds/tables/stop')).status).toBe(404);
  expect((await rest(emulator, 'DELETE', '/jobs/stop/delete')).status).toBe(204);
  expect((await rest(emulator, 'GET', '/jobs/stop')).status).toBe(404);
});

test('a project does not list the jobs of another one', async () => {
  const other = await fetch(`${emulator.url}/projects/other/jobs`);
  expect(await other.json()).toMatchObject({ kind: 'bigquery#jobList', jobs: [] });
});

test('simultaneous loads into one table all succeed', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, place) => runJob(emulator, load('ds.busy'), `busy${place}`)));
  expect(await rowsOf(emulator, 'ds.busy')).toHaveLength(20);
});

test.each([
  ['no configuration', {}],
  ['two configurations', { load: {}, copy: {} }],
  ['no destination', { load: { sourceUris: ['gs://b/x'] } }],
])('a job with %s is refused', async (_what, configuration) => {
  expect(await insert('refused', configuration)).toMatchObject({ status: 400 });
  expect((await rest(emulator, 'GET', '/jobs/refused')).status).toBe(404);
});

test('the official client loads a file and gets the reason of a failed load', async () => {
  const table = emulator.bigquery.dataset('ds').table('client');
  const file = emulator.storage.bucket('source-bucket').file('one.json');
  const [job] = await table.load(file, { sourceFormat: 'NEWLINE_DELIMITED_JSON', autodetect: true });
  expect(job.status?.state).toBe('DONE');
  expect((await table.getRows())[0]).toEqual([{ id: 1 }]);
  const bad = emulator.storage.bucket('source-bucket').file('none.json');
  await expect(table.load(bad, { sourceFormat: 'NEWLINE_DELIMITED_JSON' })).rejects.toThrow(
    'Not found: URI gs://source-bucket/none.json',
  );
});
