import { gzipSync } from 'node:zlib';
import { makeDataset, rest, rowsOf, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  const fields = [
    { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
    { name: 'name', type: 'STRING' },
  ];
  await makeDataset(emulator, 'ds', { t: fields });
});
afterAll(() => emulator.close());

const load = (uris: string[], options: object = {}) =>
  runJob(emulator, {
    load: { sourceUris: uris, destinationTable: tableRef('ds.t'), sourceFormat: 'NEWLINE_DELIMITED_JSON', ...options },
  });

test('the error names the bad file, row and position, and nothing is loaded', async () => {
  const good = await emulator.put('good.json', '{"id":1}');
  const bad = await emulator.put('bad.json', '{"id":2,"name":"ä"}\n{"id":3,"color":"red"}\n');
  const worse = await emulator.put('worse.json', '{"id":"x"}');
  const { status } = await load([good, bad, worse]);
  const reading = 'Error while reading data, error message:';
  const first = {
    reason: 'invalid',
    location: bad,
    message: `${reading} JSON table encountered too many errors, giving up. Rows: 2; errors: 1. Please look into the errors[] collection for more details. File: ${bad}`,
  };
  expect(status).toEqual({
    state: 'DONE',
    errorResult: first,
    errors: [
      first,
      {
        reason: 'invalid',
        message: `${reading} JSON processing encountered too many errors, giving up. Rows: 2; errors: 1; max bad: 0; error percent: 0`,
      },
      {
        reason: 'invalid',
        location: bad,
        message: `${reading} JSON parsing error in row starting at position 21: No such field: color. File: ${bad}`,
      },
    ],
  });
  expect(await rowsOf(emulator, 'ds.t')).toEqual([]);
});

test.each([
  ['an unclosed string', '{"id":1,"name":"a', 'Closing quote expected in string'],
  ['a truncated row', '{"id":1', 'Parser terminated before end of string'],
  ['a row that is not an object', '[1]', 'Start of array encountered without start of object.'],
  ['a missing required value', '{"name":"a"}', 'Missing required field: id.'],
])('the error of %s gives its position', async (_what, text, problem) => {
  const uri = await emulator.put('one.json', text);
  const { status } = await load([uri]);
  expect(status.errors?.[2]?.message).toContain(`position 0: ${problem} File: ${uri}`);
});

test('messages about malformed JSON mention neither fields nor schemas', async () => {
  const uri = await emulator.put('broken.json', '{"id": 112, "name": "dummy 12", "type_id: 1}wwww\n');
  const { status } = await load([uri]);
  expect(status.errors?.map(({ message }) => message).join()).not.toMatch(/field|schema/i);
});

test('a truncated gzip file is refused', async () => {
  const uri = await emulator.put('cut.json.gz', gzipSync('{"id":1}\n'.repeat(1000)).subarray(0, 40));
  const { status } = await load([uri]);
  expect(status.errorResult).toMatchObject({ reason: 'invalid', location: uri });
  expect(status.errorResult?.message).not.toMatch(/field|schema/i);
});

test('bad rows are left out if the job allows them', async () => {
  const uri = await emulator.put('some.json', '{"id":1}\n{"id":"x"}\n{"id":3}\n{"id":"y"}\n');
  const allowed = await load([uri], { maxBadRecords: 2, writeDisposition: 'WRITE_TRUNCATE' });
  expect(allowed.status.errorResult).toBeUndefined();
  expect(allowed.status.errors).toHaveLength(2);
  expect(allowed.statistics['load']).toMatchObject({ outputRows: '2', badRecords: '2' });
  const refused = await load([uri], { maxBadRecords: 1 });
  expect(refused.status.errors?.[1]?.message).toContain('Rows: 4; errors: 2; max bad: 1; error percent: 0');
});

test('unknown values are ignored if the job asks for it', async () => {
  const uri = await emulator.put('unknown.json', '{"id":7,"color":{"x":[1]}}');
  const job = await load([uri], { ignoreUnknownValues: true, writeDisposition: 'WRITE_TRUNCATE' });
  expect(job.status.errorResult).toBeUndefined();
  expect(await rowsOf(emulator, 'ds.t')).toEqual([['7', null]]);
});

test('a missing object is not found, and the error names the first', async () => {
  const { status } = await load(['gs://source-bucket/no/1.json', 'gs://source-bucket/no/2.json']);
  const proto = { reason: 'notFound', message: 'Not found: URI gs://source-bucket/no/1.json' };
  expect(status).toEqual({ state: 'DONE', errorResult: proto, errors: [proto] });
});

test.each([
  [{ sourceUris: [] }, 'Required parameter is missing: sourceUris'],
  [{ sourceUris: ['/tmp/x'] }, 'Source URI must be a Google Cloud Storage location: /tmp/x'],
  [{ sourceUris: ['gs://b/x'], sourceFormat: 'XML' }, 'Invalid value for: sourceFormat is not a valid value: XML'],
  [
    { sourceUris: Array.from({ length: 10_001 }, (_, place) => `gs://b/${place}`) },
    'Too many source URIs: 10001. The limit is 10000.',
  ],
])('an invalid load job is refused at once', async (options, message) => {
  const configuration = { load: { destinationTable: tableRef('ds.t'), ...options } };
  const { status, body } = await rest(emulator, 'POST', '/jobs', { configuration });
  expect(status).toBe(400);
  expect(body).toMatchObject({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } });
});

test('a load without any schema fails', async () => {
  const uri = await emulator.put('none.json', '{"id":1}');
  const job = await load([uri], { destinationTable: tableRef('ds.absent') });
  expect(job.status.errorResult).toMatchObject({ reason: 'invalid', message: 'No schema specified on job or table.' });
});

test('a job with an unsupported format fails with an error that names it', async () => {
  const uri = await emulator.put('x.orc', 'ORC');
  const job = await load([uri], { sourceFormat: 'ORC' });
  expect(job.status.errorResult?.message).toBe(
    'Source format ORC is not supported by the local BigQuery; it reads NEWLINE_DELIMITED_JSON, CSV, AVRO, PARQUET.',
  );
});
