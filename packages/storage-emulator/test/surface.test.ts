import { RunningStorage } from './runningStorage';

let storage: RunningStorage;
beforeAll(async () => {
  storage = await RunningStorage.start();
});
afterAll(() => storage.stop());

const call = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
  fetch(`${storage.url}${path}`, { method, headers, body });

describe('XML API', () => {
  test('the XML API writes, reads and deletes objects, as clients with signed URLs do', async () => {
    const headers = { 'content-type': 'text/csv', 'x-goog-meta-team': 'a', 'cache-control': 'no-store' };
    const put = await call('PUT', '/inbox/folder/a%20b', 'hello', headers);
    expect([put.status, put.headers.get('etag')]).toEqual([200, '"5d41402abc4b2a76b9719d911017c592"']);
    const [metadata] = await storage.bucket().file('folder/a b').getMetadata();
    expect(metadata).toMatchObject({ contentType: 'text/csv', cacheControl: 'no-store', metadata: { team: 'a' } });
    expect(await (await call('GET', '/inbox/folder/a%20b')).text()).toBe('hello');
    expect((await call('DELETE', '/inbox/folder/a%20b')).status).toBe(204);
    expect((await call('GET', '/inbox/folder/a%20b')).status).toBe(404);
  });

  test.each([
    ['PUT', '/none/object', {}, 404],
    ['PUT', '/inbox/new', { 'x-goog-if-generation-match': '1' }, 412],
    ['PUT', '/inbox/new', { 'x-goog-hash': 'md5=AAAAAAAAAAAAAAAAAAAAAA==' }, 400],
    ['PUT', '/inbox/new', { 'x-goog-copy-source': '/inbox/old' }, 501],
    ['PUT', '/inbox/new?partNumber=1&uploadId=none', {}, 404],
    ['POST', '/inbox/new?uploadId=none', {}, 404],
  ])('%s %s %j is answered with an error in XML', async (method, path, headers, status) => {
    const answer = await call(method, path, 'x', headers);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringMatching(/^<\?xml.*<Error><Code>/)]);
  });

  test('the XML API joins parts into one object', async () => {
    const started = await (await call('POST', '/inbox/parts?uploads', '', { 'x-goog-meta-k': 'v' })).text();
    const [, id] = /<UploadId>(.*?)<\/UploadId>/.exec(started) ?? [];
    const put = async (number: number, text: string) =>
      (await call('PUT', `/inbox/parts?partNumber=${number}&uploadId=${id}`, text)).headers.get('etag');
    const tags = [await put(3, 'left out'), await put(2, ' world'), await put(1, 'bad'), await put(1, 'hello')];
    const end = (...parts: [number, string | null | undefined][]) => {
      const list = parts.map(([number, tag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${tag}</ETag></Part>`);
      const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`;
      return call('POST', `/inbox/parts?uploadId=${id}`, body);
    };
    expect((await end([1, tags[2]])).status).toBe(400);
    expect((await end([2, tags[1]], [1, tags[3]])).status).toBe(400);
    expect(await (await end([1, tags[3]], [2, tags[1]])).text()).toContain('<Key>parts</Key>');
    const file = storage.bucket().file('parts');
    expect((await file.download())[0].toString()).toBe('hello world');
    expect((await file.getMetadata())[0]).toMatchObject({ size: '11', metadata: { k: 'v' } });
    expect((await end([1, tags[3]])).status).toBe(404);
  });
});

describe('JSON API', () => {
  test('a read checks conditions on the ETag', async () => {
    await storage.put('tagged', 'x');
    const path = '/storage/v1/b/inbox/o/tagged?alt=media';
    const etag = (await call('GET', path)).headers.get('etag') ?? '';
    const status = async (headers: Record<string, string>) => (await call('GET', path, undefined, headers)).status;
    expect(await status({ 'if-match': `"${etag}"` })).toBe(200);
    expect(await status({ 'if-match': 'other' })).toBe(412);
    expect(await status({ 'if-none-match': etag })).toBe(304);
    expect(await status({ 'if-none-match': 'other' })).toBe(200);
  });

  test('an object on hold is not deleted or overwritten', async () => {
    await storage.put('held', 'x');
    const file = storage.bucket().file('held');
    await file.setMetadata({ temporaryHold: true });
    await expect(file.delete()).rejects.toMatchObject({ code: 403 });
    await expect(storage.put('held', 'y')).rejects.toMatchObject({ code: 403 });
    await file.setMetadata({ temporaryHold: false });
    await file.delete();
  });

  test('a PATCH may be sent as POST with the method in a header', async () => {
    await storage.put('patched', 'x');
    const headers = { 'x-http-method-override': 'PATCH' };
    const answer = await call('POST', '/storage/v1/b/inbox/o/patched', '{"metadata":{"a":"1"}}', headers);
    expect(await answer.json()).toMatchObject({ metadata: { a: '1' } });
  });

  test.each([
    ['/b/inbox/iam', 200, { kind: 'storage#policy', bindings: [] }],
    ['/b/inbox/iam/testPermissions?permissions=a&permissions=b', 200, { permissions: ['a', 'b'] }],
    ['/b/inbox/storageLayout', 200, { kind: 'storage#storageLayout', bucket: 'inbox' }],
    ['/b/inbox/acl', 400, { error: { errors: [{ reason: 'invalid' }] } }],
    ['/b/none/iam', 404, { error: { errors: [{ reason: 'notFound' }] } }],
  ])('%s is answered as when everybody has access', async (path, status, body) => {
    const answer = await call('GET', `/storage/v1${path}`);
    expect([answer.status, await answer.json()]).toMatchObject([status, body]);
  });
});

test.each([
  ['eu', 'EU', 'multi-region'],
  ['europe-west1', 'EUROPE-WEST1', 'region'],
  ['nam4', 'NAM4', 'dual-region'],
])('objects of a bucket in %s have its storage class', async (location, shown, locationType) => {
  const name = `placed-${location}`;
  const body = JSON.stringify({ name, location, storageClass: 'NEARLINE' });
  const made = await call('POST', '/storage/v1/b?project=test-project', body);
  expect(await made.json()).toMatchObject({ location: shown, locationType });
  await storage.put('o', 'x', name);
  const [metadata] = await storage.bucket(name).file('o').getMetadata();
  expect(metadata.storageClass).toBe('NEARLINE');
});
