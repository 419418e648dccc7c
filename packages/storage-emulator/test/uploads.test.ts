import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { until } from '../../emulator-kit/test/until';
import { failureOf, RunningStorage } from './runningStorage';

let storage: RunningStorage;
beforeAll(async () => {
  storage = await RunningStorage.start();
});
afterAll(() => storage.stop());

const CHUNK = 256 * 1024;

describe('contents are downloaded as they were uploaded', () => {
  const content = randomBytes(3 * CHUNK + 17);
  const md5 = createHash('md5').update(content).digest('base64');

  test.each([
    ['in one multipart request', { resumable: false }],
    ['resumable in one request', { resumable: true }],
    ['resumable in chunks', { resumable: true, chunkSize: CHUNK }],
  ])('by an upload that is %s', async (_, options) => {
    const file = storage.bucket().file('uploads/random.bin');
    await file.save(content, { ...options, validation: 'crc32c', contentType: 'application/x-random' });
    const [downloaded] = await file.download({ validation: 'md5' });
    expect(downloaded.equals(content)).toBe(true);
    const [metadata] = await file.getMetadata();
    expect(metadata).toMatchObject({ size: String(content.length), md5Hash: md5, contentType: 'application/x-random' });
  });

  test('by a stream of unknown length', async () => {
    const file = storage.bucket().file('uploads/stream.bin');
    await pipeline(Readable.from([content, content]), file.createWriteStream({ resumable: true }));
    const [downloaded] = await file.download();
    expect(downloaded.equals(Buffer.concat([content, content]))).toBe(true);
  });

  test.each([false, true])('when they are empty (resumable: %s)', async (resumable) => {
    const file = storage.bucket().file('uploads/empty');
    await file.save('', { resumable });
    const [downloaded] = await file.download();
    expect(downloaded.length).toBe(0);
    expect((await file.getMetadata())[0]).toMatchObject({ size: '0', crc32c: 'AAAAAA==' });
  });

  test('by a simple media upload', async () => {
    const response = await storage.fetch('/upload/storage/v1/b/inbox/o?uploadType=media&name=uploads%2Fsimple.txt', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'simple',
    });
    expect(await response.json()).toMatchObject({
      kind: 'storage#object',
      name: 'uploads/simple.txt',
      contentType: 'text/plain',
      size: '6',
    });
    expect((await storage.bucket().file('uploads/simple.txt').download()).toString()).toBe('simple');
  });
});

test.each(['plain', 'a b+c%41%2F&?=#.json', 'ünïcödé/日本語/🙂', 'a//b/../c', 'quote\'"<>', 'trailing/'])(
  'the object name %p is kept unchanged',
  async (name) => {
    const file = storage.bucket().file(name);
    await file.save(name, { resumable: false });
    expect((await file.getMetadata())[0].name).toBe(name);
    expect((await file.download()).toString()).toBe(name);
    expect(await storage.names({ prefix: name })).toEqual([name]);
    await file.delete();
    expect(await file.exists()).toEqual([false]);
  },
);

test.each([['..'], [''], ['a\nb'], ['x'.repeat(1025)]])('the object name %j is refused', async (name) => {
  const path = `/upload/storage/v1/b/inbox/o?uploadType=media&name=${encodeURIComponent(name)}`;
  const { status } = await storage.call('POST', path, {});
  expect(status).toBe(400);
});

describe('the resumable protocol', () => {
  const start = async (name: string) => {
    const path = `/upload/storage/v1/b/inbox/o?uploadType=resumable&name=${name}`;
    const response = await storage.fetch(path, { method: 'POST', body: '{}' });
    const location = response.headers.get('location');
    if (location === null) throw new Error('Expected a location');
    return (range: string | undefined, body: string | undefined) => {
      const headers: Record<string, string> = range === undefined ? {} : { 'content-range': range };
      const path = new URL(location);
      return storage.fetch(`${path.pathname}${path.search}`, {
        method: 'PUT',
        headers,
        body: body ?? null,
        redirect: 'manual',
      });
    };
  };

  test('a chunk is answered with the number of bytes that have arrived, the last one with the object', async () => {
    const put = await start('resumed-1');
    const first = await put('bytes 0-3/*', 'abcd');
    expect([first.status, first.headers.get('range')]).toEqual([308, 'bytes=0-3']);
    const status = await put('bytes */*', undefined);
    expect([status.status, status.headers.get('range')]).toEqual([308, 'bytes=0-3']);
    const last = await put('bytes 4-5/6', 'ef');
    expect(await last.json()).toMatchObject({ name: 'resumed-1', size: '6' });
    expect((await put('bytes */6', undefined)).status).toBe(200);
  });

  test('chunks may be sent by POST, and a client that cannot handle 308 gets the status in a header', async () => {
    const path = '/upload/storage/v1/b/inbox/o?uploadType=resumable&name=posted';
    const location = (await storage.fetch(path, { method: 'POST', body: '{}' })).headers.get('location') ?? '';
    const { pathname, search } = new URL(location);
    const post = (range: string, body: string) => {
      const headers = { 'content-range': range, 'x-guploader-no-308': 'yes' };
      return storage.fetch(`${pathname}${search}`, { method: 'POST', headers, body });
    };
    const first = await post('bytes 0-3/*', 'abcd');
    expect([first.status, first.headers.get('range')]).toEqual([200, 'bytes=0-3']);
    expect(first.headers.get('x-http-status-code-override')).toBe('308');
    const last = await post('bytes 4-5/6', 'ef');
    expect(last.headers.get('x-http-status-code-override')).toBeNull();
    expect(await last.json()).toMatchObject({ name: 'posted', size: '6' });
  });

  test('an upload continues after a restart, and bytes that are sent twice are stored once', async () => {
    const put = await start('resumed-2');
    await put('bytes 0-3/*', 'abcd');
    await storage.shut();
    await storage.open();
    const status = await put('bytes */8', undefined);
    expect([status.status, status.headers.get('range')]).toEqual([308, 'bytes=0-3']);
    expect((await put('bytes 2-7/8', 'cdefgh')).status).toBe(200);
    const [content] = await storage.bucket().file('resumed-2').download();
    expect(content.toString()).toBe('abcdefgh');
  });

  test('a chunk after a gap is refused', async () => {
    const put = await start('resumed-3');
    expect((await put('bytes 5-6/7', 'xy')).status).toBe(400);
  });

  test('an unknown upload is answered with 404', async () => {
    const response = await storage.fetch('/upload/storage/v1/b/inbox/o?upload_id=none', { method: 'PUT', body: 'x' });
    expect(response.status).toBe(404);
  });
});

test('contents without the declared hash are refused and removed', async () => {
  const file = storage.bucket().file('wrong-hash');
  const failure = await failureOf(
    file.save('abc', { resumable: false, validation: false, metadata: { md5Hash: 'AAAA' } }),
  );
  expect(failure.code).toBe(400);
  expect(await file.exists()).toEqual([false]);
});

test('an upload that breaks off leaves no object and no file', async () => {
  const files = () => readdirSync(join(storage.dataDir, 'contents'), { recursive: true, withFileTypes: true });
  const count = () => files().filter((entry) => entry.isFile()).length;
  const before = count();
  const socket = connect(Number(new URL(storage.url).port), '127.0.0.1');
  socket.write(
    'POST /upload/storage/v1/b/inbox/o?uploadType=media&name=broken HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf',
  );
  await until(() => count() === before + 1, 'the file is created');
  socket.destroy();
  await until(() => count() === before, 'the file is removed');
  expect(await storage.names({ prefix: 'broken' })).toEqual([]);
});

test.each([
  [
    'no end',
    '--b\r\ncontent-type: application/json\r\n\r\n{"name":"cut"}\r\n--b\r\ncontent-type: text/plain\r\n\r\nhalf',
  ],
  ['one part', '--b\r\ncontent-type: application/json\r\n\r\n{"name":"cut"}\r\n--b--'],
  ['no JSON', '--b\r\ncontent-type: application/json\r\n\r\n{\r\n--b\r\ncontent-type: a/b\r\n\r\nx\r\n--b--'],
  ['no part', 'nothing'],
])('a multipart body with %s is refused', async (_, body) => {
  const headers = { 'content-type': 'multipart/related; boundary=b' };
  const init = { method: 'POST', headers, body };
  const response = await storage.fetch('/upload/storage/v1/b/inbox/o?uploadType=multipart', init);
  expect(response.status).toBe(400);
  expect(await storage.names({ prefix: 'cut' })).toEqual([]);
});

test('an upload to an absent bucket is answered with 404', async () => {
  const failure = await failureOf(storage.bucket('nowhere').file('a').save('x', { resumable: false }));
  expect(failure).toEqual({ code: 404, message: 'The specified bucket does not exist.' });
});
