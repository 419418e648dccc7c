import { get } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { failureOf, RunningStorage } from './runningStorage';

let storage: RunningStorage;
beforeAll(async () => {
  storage = await RunningStorage.start();
  await storage.put('digits', '0123456789');
  await storage.put('empty', '');
});
afterAll(() => storage.stop());

interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: Buffer;
}

/** A plain request: fetch would decompress the response and add headers of its own. */
function raw(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(`${storage.url}${path}`, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    }).on('error', reject);
  });
}

describe('a range', () => {
  test.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=8-100', 206, '89', 'bytes 8-9/10'],
    ['bytes=-100', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=1-2,4-5', 200, '0123456789', undefined],
    ['bytes=5-2', 200, '0123456789', undefined],
  ])('%s is answered as by the service', async (range, status, body, contentRange) => {
    const answer = await raw('/storage/v1/b/inbox/o/digits?alt=media', { range });
    expect([answer.status, answer.body.toString(), answer.headers['content-range']]).toEqual([
      status,
      body,
      contentRange,
    ]);
  });

  test('the client reads a part of the contents', async () => {
    const [part] = await storage.bucket().file('digits').download({ start: 3, end: 5 });
    expect(part.toString()).toBe('345');
  });

  test.each(['/storage/v1/b/inbox/o/digits?alt=media', '/storage/v1/b/inbox/o/empty?alt=media'])(
    'a range after the end of %s is answered with 416',
    async (path) => {
      expect((await raw(path, { range: 'bytes=10-' })).status).toBe(416);
    },
  );
});

test('downloads have headers with hashes, generation and type', async () => {
  const [{ generation, crc32c, md5Hash }] = await storage.bucket().file('digits').getMetadata();
  const { headers } = await raw('/download/storage/v1/b/inbox/o/digits?alt=media');
  expect(headers).toMatchObject({
    'content-length': '10',
    'x-goog-generation': generation,
    'x-goog-metageneration': '1',
    'x-goog-hash': `crc32c=${crc32c},md5=${md5Hash}`,
    'x-goog-stored-content-encoding': 'identity',
    'x-goog-stored-content-length': '10',
  });
});

test('contents are downloaded by bucket and name, as in the XML API', async () => {
  expect((await raw('/inbox/digits', { range: 'bytes=0-1' })).body.toString()).toBe('01');
  const head = await storage.fetch('/inbox/digits', { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
  const missing = await raw('/inbox/none');
  expect(missing.status).toBe(404);
  expect(missing.body.toString()).toContain('<Code>NoSuchKey</Code>');
});

test('the client shows the message about an absent object', async () => {
  const failure = await failureOf(storage.bucket().file('none').download());
  expect(failure).toMatchObject({ code: 404, message: expect.stringContaining('No such object: inbox/none') });
});

test('a download continues after an overwrite or a delete', async () => {
  const file = storage.bucket().file('replaced');
  const old = Buffer.alloc(4_000_000, 'a');
  await file.save(old, { resumable: false });
  const chunks: Buffer[] = [];
  for await (const chunk of file.createReadStream({ validation: false })) {
    if (chunks.length === 0) {
      await file.save('new', { resumable: false });
      await file.delete();
    }
    chunks.push(chunk);
  }
  expect(Buffer.concat(chunks).equals(old)).toBe(true);
});

describe('gzip contents', () => {
  const plain = 'the same line\n'.repeat(1000);
  const zipped = gzipSync(plain);
  const path = '/storage/v1/b/inbox/o/zipped.txt?alt=media';
  beforeAll(async () => {
    const options = { resumable: false, metadata: { contentEncoding: 'gzip', contentType: 'text/plain' } };
    await storage.bucket().file('zipped.txt').save(zipped, options);
  });

  test('gzip contents are decompressed for a client that does not accept gzip', async () => {
    const { body, headers } = await raw(path);
    expect(body.toString()).toBe(plain);
    expect(headers).toMatchObject({ 'x-goog-stored-content-encoding': 'gzip' });
    expect(headers['content-encoding']).toBeUndefined();
  });

  test('gzip contents are sent unchanged to a client that accepts gzip', async () => {
    const { body, headers } = await raw(path, { 'accept-encoding': 'gzip, deflate' });
    expect(body.equals(zipped)).toBe(true);
    expect(headers['content-encoding']).toBe('gzip');
  });

  test('the client decompresses gzip contents unless it is configured not to', async () => {
    const file = storage.bucket().file('zipped.txt');
    expect((await file.download())[0].toString()).toBe(plain);
    expect((await file.download({ decompress: false }))[0].equals(zipped)).toBe(true);
  });

  test('gzip contents stay compressed with Cache-Control no-transform', async () => {
    await storage.bucket().file('zipped.txt').setMetadata({ cacheControl: 'no-transform' });
    expect((await raw(path)).body.equals(zipped)).toBe(true);
    await storage.bucket().file('zipped.txt').setMetadata({ cacheControl: 'no-cache' });
  });

  test('the client compresses contents on upload', async () => {
    await storage.bucket().file('by-client').save(plain, { resumable: false, gzip: true });
    const { body } = await raw('/inbox/by-client', { 'accept-encoding': 'gzip' });
    expect(gunzipSync(body).toString()).toBe(plain);
    expect((await raw('/inbox/by-client')).body.toString()).toBe(plain);
  });
});
