import { gunzipSync } from 'node:zlib';
import { BUCKET, makeDataset, rest, rowsOf, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

let emulator: TestEmulator;
const flat = [
  { name: 'id', type: 'INTEGER' },
  { name: 'name', type: 'STRING' },
  { name: 'at', type: 'TIMESTAMP' },
];
const rich = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'amount', type: 'NUMERIC' },
  { name: 'ratio', type: 'FLOAT' },
  { name: 'raw', type: 'BYTES' },
  { name: 'at', type: 'TIMESTAMP' },
  { name: 'on', type: 'DATE' },
  { name: 'later', type: 'DATETIME' },
  { name: 'clock', type: 'TIME' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  {
    name: 'in',
    type: 'RECORD',
    fields: [
      { name: 'x', type: 'INTEGER' },
      { name: 'y', type: 'BOOLEAN', mode: 'REPEATED' },
    ],
  },
];
const row = {
  id: '9007199254740993',
  amount: '-12.345678901',
  ratio: 1.5,
  raw: 'AAH/',
  at: '2024-01-02 03:04:05.678 UTC',
  on: '2024-01-02',
  later: '2024-01-02T03:04:05',
  clock: '03:04:05.500000',
  tags: ['a', 'b'],
  in: { x: 1, y: [true, false] },
};

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds', { flat, rich });
  const rows = [{ json: { id: 1, name: 'a,"b"', at: '2024-01-02 03:04:05 UTC' } }, { json: { id: 2 } }];
  await rest(emulator, 'POST', '/datasets/ds/tables/flat/insertAll', { rows });
  await rest(emulator, 'POST', '/datasets/ds/tables/rich/insertAll', { rows: [{ json: row }, { json: { id: 1 } }] });
});
afterAll(() => emulator.close());

const extract = (table: string, name: string, options: object = {}) =>
  runJob(emulator, {
    extract: { sourceTable: tableRef(table), destinationUris: [`gs://${BUCKET}/${name}`], ...options },
  });
const read = async (name: string) =>
  (await emulator.storage.bucket(BUCKET).file(name).download({ decompress: false }))[0];

test('CSV is written with a header, or without one and as gzip', async () => {
  const job = await extract('ds.flat', 'out.csv');
  expect(job.status).toEqual({ state: 'DONE' });
  expect(job.statistics['extract']).toMatchObject({ destinationUriFileCounts: ['1'] });
  expect((await read('out.csv')).toString()).toBe('id,name,at\n1,"a,""b""",2024-01-02 03:04:05 UTC\n2,,\n');
  await extract('ds.flat', 'out.csv.gz', { compression: 'GZIP', printHeader: false, fieldDelimiter: 'tab' });
  expect(gunzipSync(await read('out.csv.gz')).toString()).toBe('1\t"a,""b"""\t2024-01-02 03:04:05 UTC\n2\t\t\n');
});

test('JSON is written to numbered files of a wildcard', async () => {
  await extract('ds.rich', 'out-*.json', { destinationFormat: 'NEWLINE_DELIMITED_JSON' });
  const [first, second] = (await read('out-000000000000.json')).toString().trim().split('\n');
  expect(JSON.parse(first ?? '')).toEqual({ ...row, in: { x: '1', y: [true, false] } });
  expect(JSON.parse(second ?? '')).toEqual({ id: '1', tags: [] });
});

test('a large table is split into numbered files that contain each row once', async () => {
  const many = "SELECT n AS id, REPEAT('x', 1000000) AS name FROM UNNEST(GENERATE_ARRAY(1, 140)) AS n";
  await runJob(emulator, {
    query: {
      query: many,
      useLegacySql: false,
      destinationTable: tableRef('ds.large'),
      writeDisposition: 'WRITE_TRUNCATE',
    },
  });
  const job = await extract('ds.large', 'large/*.csv.gz', { compression: 'GZIP', printHeader: false });
  expect(job.status.errorResult).toBeUndefined();
  expect(job.statistics['extract']).toMatchObject({ destinationUriFileCounts: ['3'] });
  const [files] = await emulator.storage.bucket(BUCKET).getFiles({ prefix: 'large/' });
  expect(files.map(({ name }) => name)).toEqual([0, 1, 2].map((n) => `large/00000000000${n}.csv.gz`));
  const ids: number[] = [];
  for (const { name } of files) {
    for (const line of gunzipSync(await read(name))
      .toString()
      .trim()
      .split('\n'))
      ids.push(Number.parseInt(line, 10));
  }
  expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 140 }, (_id, place) => place + 1));
});

test('several URIs share the rows, and a table without rows gets one file', async () => {
  const both = { destinationUris: [`gs://${BUCKET}/both/a.csv`, `gs://${BUCKET}/both/b-*.csv`], printHeader: false };
  const job = await extract('ds.flat', '', both);
  expect(job.statistics['extract']).toMatchObject({ destinationUriFileCounts: ['1', '1'] });
  expect((await read('both/a.csv')).toString()).toMatch(/^1,[^\n]*\n$/);
  expect((await read('both/b-000000000000.csv')).toString()).toBe('2,,\n');
  await rest(emulator, 'POST', '/datasets/ds/tables', {
    tableReference: { tableId: 'none' },
    schema: { fields: flat },
  });
  await extract('ds.none', 'none-*.csv');
  expect((await read('none-000000000000.csv')).toString()).toBe('id,name,at\n');
});

test.each([
  ['AVRO', {}],
  ['AVRO', { compression: 'DEFLATE' }],
  ['AVRO', { compression: 'SNAPPY' }],
  ['PARQUET', { compression: 'ZSTD' }],
  ['NEWLINE_DELIMITED_JSON', { compression: 'GZIP' }],
])('rows written as %s with %j are read back unchanged', async (format, options) => {
  const name = `round.${format}.${JSON.stringify(options).replace(/\W/g, '')}`;
  const out = await extract('ds.rich', name, { destinationFormat: format, useAvroLogicalTypes: true, ...options });
  expect(out.status.errorResult).toBeUndefined();
  const table = `ds.${name.replace(/\W/g, '_')}`;
  await makeTable(table);
  const load = {
    sourceUris: [`gs://${BUCKET}/${name}`],
    destinationTable: tableRef(table),
    sourceFormat: format,
    useAvroLogicalTypes: true,
    schemaUpdateOptions: ['ALLOW_FIELD_RELAXATION'],
  };
  const job = await runJob(emulator, { load });
  expect(job.status.errorResult).toBeUndefined();
  expect(await rowsOf(emulator, table)).toEqual(await rowsOf(emulator, 'ds.rich'));
});

const makeTable = (name: string) =>
  rest(emulator, 'POST', '/datasets/ds/tables', {
    tableReference: { tableId: name.slice(3) },
    schema: { fields: rich },
  });

test('nested rows as CSV, a missing bucket and an unknown format are refused', async () => {
  expect((await extract('ds.rich', 'x.csv')).status.errorResult?.message).toBe(
    'Operation cannot be performed on a nested schema. Field: tags',
  );
  const nowhere = { destinationUris: ['gs://no-such-bucket/x.csv'] };
  expect((await extract('ds.flat', '', nowhere)).status.errorResult).toMatchObject({ reason: 'notFound' });
  await expect(extract('ds.flat', 'x', { destinationFormat: 'XML' })).rejects.toThrow('XML');
});
