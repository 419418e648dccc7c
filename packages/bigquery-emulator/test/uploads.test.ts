import { gzipSync } from 'node:zlib';
import {
  finished,
  makeDataset,
  PROJECT,
  rest,
  rowsOf,
  startTestEmulator,
  type TestEmulator,
  tableRef,
} from './support';

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds');
});
afterAll(() => emulator.close());

const job = (table: string, jobId: string) => ({
  jobReference: { projectId: PROJECT, jobId },
  configuration: {
    load: {
      destinationTable: tableRef(table),
      sourceFormat: 'CSV',
      schema: {
        fields: [
          { name: 'id', type: 'INTEGER' },
          { name: 'name', type: 'STRING' },
        ],
      },
    },
  },
});
const path = () => `${emulator.url}/upload/bigquery/v2/projects/${PROJECT}/jobs`;

function multipart(parts: string[]): { body: string; headers: Record<string, string> } {
  const body = parts.map((part) => `--==x==\r\nContent-Type: application/json\r\n\r\n${part}\r\n`).join('');
  return { body: `${body}--==x==--\r\n`, headers: { 'content-type': 'multipart/related; boundary="==x=="' } };
}

test('a load job reads the media in the second part of a multipart request', async () => {
  const request = multipart([JSON.stringify(job('ds.multi', 'multi')), '1,a\r\n2,"b\r\n"']);
  const answer = await fetch(`${path()}?uploadType=multipart`, { method: 'POST', ...request });
  expect(await answer.json()).toMatchObject({ kind: 'bigquery#job', jobReference: { jobId: 'multi' } });
  const { status } = await finished(emulator, 'multi');
  expect(status.errorResult?.message).toContain('CSV table encountered too many errors');
  const again = multipart([JSON.stringify(job('ds.multi', 'multi2')), '1,a\r\n2,b']);
  await fetch(`${path()}?uploadType=multipart`, { method: 'POST', ...again });
  await finished(emulator, 'multi2');
  expect(await rowsOf(emulator, 'ds.multi')).toEqual([
    ['1', 'a'],
    ['2', 'b'],
  ]);
});

test('a multipart request with one part or three is refused', async () => {
  for (const parts of [['{}'], ['{}', 'a', 'b']]) {
    const answer = await fetch(`${path()}?uploadType=multipart`, { method: 'POST', ...multipart(parts) });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { status: 'INVALID_ARGUMENT' } });
  }
});

test('a resumable upload accepts a chunk that is sent again', async () => {
  const begun = await fetch(`${path()}?uploadType=resumable`, {
    method: 'POST',
    body: JSON.stringify(job('ds.pieces', 'pieces')),
  });
  const url = begun.headers.get('location') ?? '';
  const chunk = (text: string, range: string) =>
    fetch(url, { method: 'PUT', body: text, headers: { 'content-range': range } });
  const first = await chunk('1,a\n', 'bytes 0-3/8');
  expect([first.status, first.headers.get('range')]).toEqual([308, 'bytes=0-3']);
  expect((await chunk('1,a\n', 'bytes 0-3/8')).status).toBe(308);
  const asked = await fetch(url, { method: 'PUT', headers: { 'content-range': 'bytes */8' } });
  expect([asked.status, asked.headers.get('range')]).toEqual([308, 'bytes=0-3']);
  expect(await (await chunk('2,b\n', 'bytes 4-7/8')).json()).toMatchObject({ jobReference: { jobId: 'pieces' } });
  await finished(emulator, 'pieces');
  expect(await rowsOf(emulator, 'ds.pieces')).toEqual([
    ['1', 'a'],
    ['2', 'b'],
  ]);
  expect((await chunk('', 'bytes */8')).status).toBe(404);
});

test('chunks may come by POST, and a client that cannot handle 308 gets the status in a header', async () => {
  const body = JSON.stringify(job('ds.posted', 'posted'));
  const begun = await fetch(`${path()}?uploadType=resumable`, { method: 'POST', body });
  const post = (text: string, range: string) =>
    fetch(begun.headers.get('location') ?? '', {
      method: 'POST',
      body: text,
      headers: { 'content-range': range, 'x-guploader-no-308': 'yes' },
    });
  const first = await post('1,a\n', 'bytes 0-3/*');
  expect([first.status, first.headers.get('range')]).toEqual([200, 'bytes=0-3']);
  expect(first.headers.get('x-http-status-code-override')).toBe('308');
  expect(await (await post('2,b\n', 'bytes 4-7/8')).json()).toMatchObject({ jobReference: { jobId: 'posted' } });
  await finished(emulator, 'posted');
  expect(await rowsOf(emulator, 'ds.posted')).toHaveLength(2);
});

test('a request body may be gzip', async () => {
  const answer = await fetch(`${emulator.url}/bigquery/v2/projects/${PROJECT}/datasets`, {
    method: 'POST',
    body: gzipSync('{"datasetReference":{"datasetId":"zipped"}}'),
    headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(200);
  expect((await rest(emulator, 'GET', '/datasets/zipped')).status).toBe(200);
});
