import { RunningStorage } from './runningStorage';

let storage: RunningStorage;
beforeAll(async () => {
  storage = await RunningStorage.start();
});
afterAll(() => storage.stop());

/** A batch body; the Python client ends lines with LF alone. */
function batch(calls: readonly string[], newline = '\r\n'): RequestInit {
  const parts = calls.map((call, index) =>
    [
      '--==b==',
      'Content-Type: application/http',
      'MIME-Version: 1.0',
      `Content-ID: <call+${index}>`,
      '',
      call,
      '',
    ].join('\n'),
  );
  const body = `${parts.join('\n')}\n--==b==--\n`;
  return {
    method: 'POST',
    headers: { 'content-type': 'multipart/mixed; boundary="==b=="' },
    body: body.replaceAll('\n', newline),
  };
}

const statuses = (text: string) => [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));

test.each([
  ['CRLF', '\r\n'],
  ['LF', '\n'],
])('a batch deletes a hundred objects, with lines that end in %s', async (_, newline) => {
  const names = Array.from({ length: 100 }, (_, index) => `gone/ü ${index}`);
  await Promise.all(names.map((name) => storage.put(name)));
  const calls = names.map((name) => `DELETE /storage/v1/b/inbox/o/${encodeURIComponent(name)} HTTP/1.1\n\n`);
  const response = await storage.fetch('/batch/storage/v1', batch(calls, newline));
  expect(statuses(await response.text())).toEqual(new Array(100).fill(204));
  expect(await storage.names({ prefix: 'gone/' })).toEqual([]);
});

test('each call of a batch has its own response, in the order of the calls', async () => {
  await storage.put('here', 'content');
  const patch = JSON.stringify({ metadata: { a: '1' } });
  const response = await storage.fetch(
    '/batch',
    batch([
      'GET /storage/v1/b/inbox/o/none HTTP/1.1\n\n',
      `PATCH ${storage.url}/storage/v1/b/inbox/o/here HTTP/1.1\nContent-Type: application/json\n\n${patch}`,
      'POST /storage/v1/b/inbox/o/here/copyTo/b/other/o/copied HTTP/1.1\n\n',
      'DELETE /storage/v1/b/inbox/o/here?ifGenerationMatch=1 HTTP/1.1\n\n',
    ]),
  );
  const text = await response.text();
  expect(statuses(text)).toEqual([404, 200, 200, 412]);
  expect(text).toContain('Content-ID: <response-call+0>');
  expect(text).toContain('No such object: inbox/none');
  const [metadata] = await storage.bucket('other').file('copied').getMetadata();
  expect(metadata.name).toBe('copied');
});

test('a batch counts as one call, and its calls are listed separately', async () => {
  await storage.put('counted');
  await storage.call('DELETE', '/_local/stats');
  await (
    await storage.fetch(
      '/batch/storage/v1',
      batch(['DELETE /storage/v1/b/inbox/o/counted HTTP/1.1\n\n', 'GET /storage/v1/b/other HTTP/1.1\n\n']),
    )
  ).text();
  const expected = { calls: { batch: 1, 'batch.objects.delete': 1, 'batch.buckets.get': 1 }, total: 1 };
  expect((await storage.call('GET', '/_local/stats')).body).toEqual(expected);
  expect((await storage.call('GET', '/_local/stats?bucket=other')).body).toEqual({
    calls: { batch: 1, 'batch.buckets.get': 1 },
    total: 1,
  });
});

test.each([
  ['too many calls', batch(new Array(101).fill('GET /storage/v1/b HTTP/1.1\n\n'))],
  ['no calls', batch([])],
  ['no boundary', { method: 'POST', body: 'x' }],
  ['no end', { method: 'POST', headers: { 'content-type': 'multipart/mixed; boundary=b' }, body: '--b\r\n' }],
])('a batch with %s is refused', async (_, request) => {
  expect((await storage.fetch('/batch', request)).status).toBe(400);
});
