import { readFileSync } from 'node:fs';
import { failureOf, RunningStorage } from './runningStorage';

let storage: RunningStorage;
beforeAll(async () => {
  storage = await RunningStorage.start();
});
afterAll(() => storage.stop());
afterEach(() => storage.call('DELETE', '/_local/faults'));

test('the health check answers', async () => {
  expect((await storage.call('GET', '/_local/health')).body).toMatchObject({ status: 'ok' });
});

interface Resolved {
  readonly objects: readonly {
    readonly uri: string;
    readonly path: string;
    readonly size: string;
    readonly generation: string;
  }[];
  readonly missing: readonly string[];
}

describe('resolve', () => {
  beforeAll(async () => {
    for (const name of ['load/1.json', 'load/2.json', 'load/sub/3.json', 'load/4.csv']) await storage.put(name, name);
    await storage
      .bucket()
      .file('load/5.gz')
      .save('zip', { resumable: false, metadata: { contentEncoding: 'gzip' } });
  });

  test.each([
    [['gs://inbox/load/1.json'], ['gs://inbox/load/1.json'], []],
    [
      ['gs://inbox/load/*.json'],
      ['gs://inbox/load/1.json', 'gs://inbox/load/2.json', 'gs://inbox/load/sub/3.json'],
      [],
    ],
    [['gs://inbox/load/1.json', 'gs://inbox/load/1*'], ['gs://inbox/load/1.json'], []],
    [['gs://inbox/none', 'gs://nowhere/x*', 'load/1.json'], [], ['gs://inbox/none', 'gs://nowhere/x*', 'load/1.json']],
  ])('%j is resolved to objects and missing URIs', async (uris, existing, missing) => {
    const { body } = await storage.call<Resolved>('POST', '/_local/resolve', { uris });
    expect(body.objects.map(({ uri }) => uri)).toEqual(existing);
    expect(body.missing).toEqual(missing);
  });

  test('resolve returns the path of the file with the contents', async () => {
    const { body } = await storage.call<Resolved>('POST', '/_local/resolve', {
      uris: ['gs://inbox/load/2.json', 'gs://inbox/load/5.gz'],
    });
    const [plain, zipped] = body.objects;
    expect(readFileSync(plain?.path ?? '', 'utf8')).toBe('load/2.json');
    expect(plain).toMatchObject({ size: '11', generation: expect.stringMatching(/^\d{16}$/) });
    expect(zipped).toMatchObject({ contentEncoding: 'gzip' });
  });

  test('a file stays readable for a while after its object is deleted', async () => {
    await storage.put('load/gone', 'still here');
    const { body } = await storage.call<Resolved>('POST', '/_local/resolve', { uris: ['gs://inbox/load/gone'] });
    await storage.bucket().file('load/gone').delete();
    expect(readFileSync(body.objects[0]?.path ?? '', 'utf8')).toBe('still here');
  });
});

test('calls are counted by method and by bucket', async () => {
  await storage.call('DELETE', '/_local/stats');
  await storage.put('counted', 'x');
  await storage.put('counted', 'x', 'other');
  await storage.bucket().file('counted').copy(storage.bucket('other').file('copy'));
  await storage.names();
  await storage.bucket().file('counted').delete();
  await failureOf(storage.bucket().file('counted').getMetadata());
  expect((await storage.call('GET', '/_local/stats')).body).toEqual({
    calls: { 'objects.insert': 2, 'objects.rewrite': 1, 'objects.list': 1, 'objects.delete': 1, 'objects.get': 1 },
    total: 6,
  });
  expect((await storage.call('GET', '/_local/stats?bucket=other')).body).toEqual({
    calls: { 'objects.insert': 1, 'objects.rewrite': 1 },
    total: 2,
  });
  expect((await storage.call('GET', '/_local/stats?bucket=inbox,other')).body).toMatchObject({ total: 6 });
});

describe('faults', () => {
  const set = (...faults: object[]) => storage.call('PUT', '/_local/faults', faults);

  test('a fault answers a status as often as it is set to, and is counted', async () => {
    await set({ match: { method: 'GET', bucket: 'inbox' }, action: 'status', status: 429, times: 2 });
    expect(await failureOf(storage.bucket().getFiles())).toMatchObject({ code: 429 });
    expect(await failureOf(storage.bucket().getFiles())).toMatchObject({ code: 429 });
    await storage.bucket().getFiles();
    expect((await storage.call('GET', '/_local/faults')).body).toMatchObject([{ injected: 2 }]);
  });

  test('a fault strikes only calls that it matches', async () => {
    await set({ match: { path: '/o/struck/.*json$' }, action: 'status' });
    await storage.put('struck/a.json');
    await storage.put('spared/a.json');
    expect(await failureOf(storage.bucket().file('struck/a.json').getMetadata())).toMatchObject({ code: 503 });
    await storage.bucket().file('spared/a.json').getMetadata();
  });

  test('a fault may match a call by its name in the counts', async () => {
    await storage.put('named');
    await set({ match: { call: 'objects.list' }, action: 'status', status: 500 });
    expect(await failureOf(storage.bucket().getFiles())).toMatchObject({ code: 500 });
    await storage.bucket().file('named').getMetadata();
  });

  test('a dropped call has no effect', async () => {
    await storage.put('dropped');
    await set({ match: { method: 'DELETE' }, action: 'drop' });
    expect(await failureOf(storage.bucket().file('dropped').delete())).toMatchObject({ code: Number.NaN });
    expect(await storage.names({ prefix: 'dropped' })).toEqual(['dropped']);
  });

  test('a call that is dropped afterwards has its effect', async () => {
    await storage.put('dropped-after');
    await set({ match: { method: 'DELETE' }, action: 'dropAfter' });
    expect(await failureOf(storage.bucket().file('dropped-after').delete())).toMatchObject({ code: Number.NaN });
    expect(await storage.names({ prefix: 'dropped-after' })).toEqual([]);
  });

  test('a dropped upload creates no object', async () => {
    await set({ match: { method: 'POST', path: '/upload/' }, action: 'drop' });
    await failureOf(storage.put('never-there', 'x'.repeat(100_000)));
    expect(await storage.names({ prefix: 'never-there' })).toEqual([]);
  });

  test('a fault delays a call', async () => {
    await set({ match: { path: '/b/inbox$' }, action: 'delay', delayMs: 60 });
    const start = performance.now();
    await storage.bucket().getMetadata();
    expect(performance.now() - start).toBeGreaterThan(50);
  });

  test('a fault with a probability strikes the same calls for the same seed', async () => {
    const run = async () => {
      await set({ action: 'status', probability: 0.5, seed: 7 });
      const statuses: number[] = [];
      for (let call = 0; call < 20; call++) statuses.push((await storage.call('GET', '/storage/v1/b/inbox')).status);
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 503]));
    expect(await run()).toEqual(first);
  });

  test.each([[{ action: 'explode' }], [{ action: 'status', match: { path: '(' } }], [{ action: 'drop', unknown: 1 }]])(
    'the fault %j is refused',
    async (fault) => {
      expect((await set(fault)).status).toBe(400);
    },
  );
});
