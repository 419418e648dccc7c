import { failureOf, RunningStorage } from './runningStorage';

let storage: RunningStorage;
beforeAll(async () => {
  storage = await RunningStorage.start();
});
afterAll(() => storage.stop());

describe('object metadata', () => {
  test('object metadata is patched field by field, and metageneration counts the changes', async () => {
    const file = storage.bucket().file('patched');
    await file.save('x', {
      resumable: false,
      contentType: 'text/plain',
      metadata: { metadata: { keep: '1', drop: '2' } },
    });
    const [metadata] = await file.setMetadata({ cacheControl: 'no-store', metadata: { drop: null, added: 'ü' } });
    expect(metadata).toMatchObject({
      contentType: 'text/plain',
      cacheControl: 'no-store',
      metadata: { keep: '1', added: 'ü' },
      metageneration: '2',
    });
    expect(metadata.metadata).not.toHaveProperty('drop');
    expect(Date.parse(String(metadata.updated))).toBeGreaterThanOrEqual(Date.parse(String(metadata.timeCreated)));
  });

  test('object metadata is replaced by an update', async () => {
    await storage
      .bucket()
      .file('updated')
      .save('x', { resumable: false, metadata: { contentType: 'a/b', metadata: { a: '1' } } });
    const { body } = await storage.call<Record<string, unknown>>('PUT', '/storage/v1/b/inbox/o/updated', {
      contentType: 'c/d',
    });
    expect(body).toMatchObject({ contentType: 'c/d' });
    expect(body).not.toHaveProperty('metadata');
  });

  test('object metadata of a wrong type is refused', async () => {
    await storage.put('typed');
    const { status, body } = await storage.call('PATCH', '/storage/v1/b/inbox/o/typed', { contentType: 5 });
    expect([status, body]).toMatchObject([400, { error: { errors: [{ reason: 'invalid' }] } }]);
  });
});

describe('buckets', () => {
  test('buckets are created, listed, labelled and deleted', async () => {
    const [bucket] = await storage.client.createBucket('made-here', { labels: { a: '1' } });
    expect((await storage.client.getBuckets())[0].map(({ name }) => name)).toEqual(['inbox', 'made-here', 'other']);
    const [metadata] = await bucket.setMetadata({ labels: { a: null, b: '2' } });
    expect(metadata).toMatchObject({ name: 'made-here', labels: { b: '2' }, metageneration: '2' });
    await bucket.delete();
    expect(await bucket.exists()).toEqual([false]);
  });

  test('a bucket that exists is not created again', async () => {
    expect(await failureOf(storage.client.createBucket('inbox'))).toMatchObject({ code: 409 });
  });

  test('a bucket with objects is not deleted', async () => {
    await storage.put('inside', '', 'other');
    expect(await failureOf(storage.bucket('other').delete())).toMatchObject({ code: 409 });
  });

  test.each(['x', 'Upper', 'a b'])('the bucket name %p is refused', async (name) => {
    const { status } = await storage.call('POST', '/storage/v1/b?project=p', { name });
    expect(status).toBe(400);
  });
});

test('an unknown method is answered with 404 in JSON', async () => {
  const { status, body } = await storage.call('GET', '/storage/v1/b/inbox/unknown');
  expect([status, body]).toMatchObject([404, { error: { code: 404 } }]);
});

test('buckets and objects survive a restart', async () => {
  await storage.put('kept/object', 'content');
  const [before] = await storage.bucket().file('kept/object').getMetadata();
  await storage.shut();
  await storage.open();
  const [after] = await storage.bucket().file('kept/object').getMetadata();
  expect(after.generation).toBe(before.generation);
  expect((await storage.bucket().file('kept/object').download()).toString()).toBe('content');
});

test.each([[{ versioning: { enabled: true } }], [{ retentionPolicy: { retentionPeriod: '3600' } }]])(
  'a bucket with %j is refused, because it would not behave as in the service',
  async (settings) => {
    const message = `Buckets with ${Object.keys(settings)[0]} are not supported by the local Cloud Storage.`;
    const refused = { status: 400, body: { error: { message } } };
    expect(await storage.call('PATCH', '/storage/v1/b/inbox', settings)).toMatchObject(refused);
    const named = { name: 'with-settings', ...settings };
    expect(await storage.call('POST', '/storage/v1/b?project=p', named)).toMatchObject(refused);
    expect((await storage.call('GET', '/storage/v1/b/with-settings')).status).toBe(404);
  },
);
