import { failureOf, RunningStorage } from './runningStorage';

let storage: RunningStorage;
beforeAll(async () => {
  storage = await RunningStorage.start();
});
afterAll(() => storage.stop());

beforeEach(async () => {
  const options = { resumable: false, contentType: 'text/plain', metadata: { metadata: { owner: 'me' } } };
  await storage.bucket().file('dir/source').save('content', options);
});

test('a copy into another bucket has the same contents and metadata, and its own generation', async () => {
  const source = storage.bucket().file('dir/source');
  const [copy] = await source.copy(storage.bucket('other').file('copy/of it'));
  const [original] = await source.getMetadata();
  const [metadata] = await copy.getMetadata();
  expect(metadata).toMatchObject({ contentType: 'text/plain', metadata: { owner: 'me' }, crc32c: original.crc32c });
  expect(metadata.generation).not.toBe(original.generation);
  await source.delete();
  expect((await copy.download()).toString()).toBe('content');
});

test('metadata in the request of a copy replaces the metadata of the source', async () => {
  const target = storage.bucket().file('with-metadata');
  await storage
    .bucket()
    .file('dir/source')
    .copy(target, { contentType: 'a/b', metadata: { other: 'x' } });
  const [metadata] = await target.getMetadata();
  expect(metadata).toMatchObject({ contentType: 'a/b', metadata: { other: 'x' } });
  expect(metadata.metadata).not.toHaveProperty('owner');
});

test('rewriteTo is done in one call', async () => {
  const path = '/storage/v1/b/inbox/o/dir%2Fsource/rewriteTo/b/inbox/o/dir%2Frewritten';
  expect((await storage.call('POST', path, {})).body).toMatchObject({
    kind: 'storage#rewriteResponse',
    done: true,
    objectSize: '7',
    resource: { name: 'dir/rewritten', contentType: 'text/plain' },
  });
});

test.each([
  ['ifSourceGenerationMatch=1', 412],
  ['ifSourceMetagenerationMatch=1', 200],
  ['ifGenerationMatch=1', 412],
  ['ifGenerationMatch=0', 200],
  ['sourceGeneration=1', 404],
])('copyTo with %s is answered with %d', async (query, expected) => {
  const path = `/storage/v1/b/inbox/o/dir%2Fsource/copyTo/b/inbox/o/${encodeURIComponent(query)}`;
  expect((await storage.call('POST', `${path}?${query}`)).status).toBe(expected);
});

test('a moved object does not exist under its old name', async () => {
  const source = storage.bucket().file('dir/source');
  await source.moveFileAtomic('moved/there');
  expect(await source.exists()).toEqual([false]);
  const moved = storage.bucket().file('moved/there');
  expect((await moved.download()).toString()).toBe('content');
  expect((await moved.getMetadata())[0]).toMatchObject({ contentType: 'text/plain', metadata: { owner: 'me' } });
});

test("the client's move() moves an object, too", async () => {
  await storage.bucket().file('dir/source').move(storage.bucket('other').file('moved-over'));
  expect((await storage.bucket('other').file('moved-over').download()).toString()).toBe('content');
  expect(await storage.bucket().file('dir/source').exists()).toEqual([false]);
});

test('a copy of an absent object is answered with 404', async () => {
  expect(await failureOf(storage.bucket().file('none').copy('elsewhere'))).toMatchObject({ code: 404 });
});

test('compose joins objects in the given order', async () => {
  await Promise.all(['one ', 'two ', 'three'].map((text, index) => storage.put(`part-${index}`, text)));
  await storage.bucket().combine(['part-0', 'part-1', 'part-2'], 'joined.txt');
  const joined = storage.bucket().file('joined.txt');
  expect((await joined.download()).toString()).toBe('one two three');
  const [metadata] = await joined.getMetadata();
  expect(metadata).toMatchObject({ componentCount: 3, size: '13' });
  expect(metadata).not.toHaveProperty('md5Hash');
});

test.each([
  [[], 400],
  [[{ name: 'none' }], 404],
  [[{ name: 'dir/source', objectPreconditions: { ifGenerationMatch: '1' } }], 412],
  [new Array(33).fill({ name: 'dir/source' }), 400],
])('compose refuses sources that it cannot join (%#)', async (sourceObjects, expected) => {
  const path = '/storage/v1/b/inbox/o/unfit/compose';
  expect((await storage.call('POST', path, { sourceObjects })).status).toBe(expected);
});

test('null in a request means that the field is not set', async () => {
  await storage.put('null/source', 'abc');
  const sourceObjects = [{ name: 'null/source', generation: null, objectPreconditions: null }];
  const body = { sourceObjects, destination: { name: null, contentType: null, md5Hash: null } };
  const answer = await storage.call('POST', '/storage/v1/b/inbox/o/null%2Fjoined/compose', body);
  expect(answer).toMatchObject({ status: 200, body: { name: 'null/joined', size: '3' } });
});
