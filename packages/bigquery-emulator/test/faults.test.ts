import { makeDataset, PROJECT, rest, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds', { t: [{ name: 'id', type: 'INTEGER' }] });
});
beforeEach(() => local('DELETE', 'faults'));
afterAll(() => emulator.close());

async function local(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${emulator.url}/_local/${path}`, {
    method,
    body: body ? JSON.stringify(body) : undefined,
  });
  const text = await answer.text();
  return text === '' ? {} : JSON.parse(text);
}

test('a status fault is answered the requested number of times and counted', async () => {
  const fault = {
    match: { method: 'GET', path: '/tables/t$' },
    action: 'status',
    status: 503,
    reason: 'backendError',
    times: 2,
  };
  await local('PUT', 'faults', [fault]);
  const get = async () => (await rest(emulator, 'GET', '/datasets/ds/tables/t')).status;
  expect([await get(), await get(), await get()]).toEqual([503, 503, 200]);
  expect(await local('GET', 'faults')).toEqual([{ ...fault, injected: 2 }]);
});

test('dropAfter does the work and loses the answer; drop does no work', async () => {
  const body = (datasetId: string) => ({ datasetReference: { datasetId } });
  await local('PUT', 'faults', [{ match: { method: 'POST', path: '/datasets$' }, action: 'dropAfter', times: 1 }]);
  await expect(rest(emulator, 'POST', '/datasets', body('after'))).rejects.toThrow();
  expect((await rest(emulator, 'GET', '/datasets/after')).status).toBe(200);
  await local('PUT', 'faults', [{ match: { method: 'POST', path: '/datasets$' }, action: 'drop', times: 1 }]);
  await expect(rest(emulator, 'POST', '/datasets', body('before'))).rejects.toThrow();
  expect((await rest(emulator, 'GET', '/datasets/before')).status).toBe(404);
});

test('a delay fault delays the call', async () => {
  await local('PUT', 'faults', [{ match: { path: '/datasets/ds$' }, action: 'delay', delayMs: 100 }]);
  const begin = performance.now();
  await rest(emulator, 'GET', '/datasets/ds');
  expect(performance.now() - begin).toBeGreaterThanOrEqual(99);
});

test('a failJob fault ends the job with the given error', async () => {
  const fault = {
    match: { path: '^fails' },
    action: 'failJob',
    reason: 'backendError',
    message: 'Try again',
    times: 1,
  };
  await local('PUT', 'faults', [fault]);
  const copy = { copy: { sourceTable: tableRef('ds.t'), destinationTable: tableRef('ds.u') } };
  const failed = await runJob(emulator, copy, 'fails1');
  expect(failed.status.errorResult).toEqual({ reason: 'backendError', message: 'Try again' });
  expect((await runJob(emulator, copy, 'fails2')).status.errorResult).toBeUndefined();
});

test('the same seed injects faults into the same calls', async () => {
  const injectedCalls = async () => {
    await local('PUT', 'faults', [
      { match: { path: '/datasets/ds$' }, action: 'status', status: 500, probability: 0.5, seed: 7 },
    ]);
    const answers: number[] = [];
    for (let n = 0; n < 12; n++) answers.push((await rest(emulator, 'GET', '/datasets/ds')).status);
    return answers;
  };
  const first = await injectedCalls();
  expect(new Set(first)).toEqual(new Set([200, 500]));
  expect(await injectedCalls()).toEqual(first);
});

test.each([
  [429, 'rateLimitExceeded'],
  [500, 'internalError'],
  [503, 'backendError'],
])('a fault matches a call by the method name of the counts and answers %d', async (status, reason) => {
  await local('PUT', 'faults', [{ match: { call: 'tables.get' }, action: 'status', status }]);
  const { status: answered, body } = await rest(emulator, 'GET', '/datasets/ds/tables/t');
  expect(answered).toBe(status);
  expect(body).toMatchObject({ error: { code: status, errors: [{ reason }] } });
  expect((await rest(emulator, 'GET', '/datasets/ds/tables')).status).toBe(200);
});

test('invalid faults are refused', async () => {
  expect(await local('PUT', 'faults', [{ action: 'explode' }])).toMatchObject({ error: { code: 400 } });
  expect(await local('PUT', 'faults', [{ action: 'drop', match: { path: '(' } }])).toMatchObject({
    error: { code: 400 },
  });
});

test('calls are counted by method, project and dataset', async () => {
  await local('DELETE', 'stats');
  await rest(emulator, 'GET', '/datasets/ds/tables/t');
  await rest(emulator, 'GET', '/jobs');
  await fetch(`${emulator.url}/projects/other/jobs`);
  expect(await local('GET', 'stats')).toEqual({ calls: { 'tables.get': 1, 'jobs.list': 2 }, total: 3 });
  expect(await local('GET', `stats?project=${PROJECT}`)).toEqual({
    calls: { 'tables.get': 1, 'jobs.list': 1 },
    total: 2,
  });
  expect(await local('GET', 'stats?dataset=ds')).toEqual({ calls: { 'tables.get': 1 }, total: 1 });
});
