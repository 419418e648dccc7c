import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { makeDataset, rest, rowsOf, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

let emulator: TestEmulator;
const folder = mkdtempSync(join(tmpdir(), 'parquet-'));

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds', {
    lists: [
      { name: 'id', type: 'INTEGER' },
      { name: 'tags', type: 'STRING', mode: 'REPEATED' },
    ],
  });
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

async function file(select: string): Promise<Buffer> {
  const path = join(folder, 'x.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return readFileSync(path);
}

async function load(table: string, data: Buffer, options: object = {}) {
  const uri = await emulator.put(`${table}.parquet`, data);
  const load = { sourceUris: [uri], destinationTable: tableRef(table), sourceFormat: 'PARQUET', ...options };
  return { uri, ...(await runJob(emulator, { load })) };
}

test('columns have the types of the Parquet file', async () => {
  const select = `SELECT 1::INTEGER AS id, 'a' AS name, 1.5::DECIMAL(10,2) AS price, DATE '2024-01-02' AS "on",
    TIMESTAMPTZ '2024-01-02 03:04:05+00' AS at, TIMESTAMP '2024-01-02 03:04:05' AS "then", 'b'::BLOB AS raw,
    {'x': 1, 'y': true} AS "in"`;
  const job = await load('ds.types', await file(select));
  expect(job.status.errorResult).toBeUndefined();
  const { body } = await rest(emulator, 'GET', '/datasets/ds/tables/types');
  const { fields } = body['schema'] as { fields: { name: string; type: string }[] };
  expect(fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'id INTEGER',
    'name STRING',
    'price NUMERIC',
    'on DATE',
    'at TIMESTAMP',
    'then DATETIME',
    'raw BYTES',
    'in RECORD',
  ]);
  expect(await rowsOf(emulator, 'ds.types')).toEqual([
    ['1', 'a', '1.5', '2024-01-02', '1.704164645E9', '2024-01-02T03:04:05', 'Yg==', { f: [{ v: '1' }, { v: 'true' }] }],
  ]);
});

test('lists become records unless the table or the job asks for repeated columns', async () => {
  const data = await file("SELECT 1 AS id, ['a', 'b'] AS tags");
  const list = [{ v: 'a' }, { v: 'b' }];
  await load('ds.lists', data);
  expect(await rowsOf(emulator, 'ds.lists')).toEqual([['1', list]]);
  await load('ds.inferred', data, { parquetOptions: { enableListInference: true } });
  expect(await rowsOf(emulator, 'ds.inferred')).toEqual([['1', list]]);
  await load('ds.records', data);
  const element = (text: string) => ({ v: { f: [{ v: text }] } });
  expect(await rowsOf(emulator, 'ds.records')).toEqual([['1', { f: [{ v: [element('a'), element('b')] }] }]]);
});

test('the error names the bad file among good ones', async () => {
  const good = await emulator.put('good.parquet', await file('SELECT 1 AS id'));
  const bad = await emulator.put('bad.parquet', 'PAR1 no');
  const load = { sourceUris: [good, bad], destinationTable: tableRef('ds.bad'), sourceFormat: 'PARQUET' };
  const { status } = await runJob(emulator, { load });
  expect(status.errorResult).toMatchObject({ reason: 'invalid', location: bad });
});

test('the error message does not contain the SQL of DuckDB', async () => {
  const { status } = await load('ds.broken', Buffer.from('PAR1 nothing that could be read'));
  expect(status.errorResult?.message).toContain('Input file is not in Parquet format.');
  expect(status.errorResult?.message).not.toMatch(/SELECT|\n/);
});

test('a column of another type than in the job is refused', async () => {
  const data = await file("SELECT 1::BIGINT AS id, {'x': 1.5::DOUBLE} AS r");
  const wrong = [
    [
      { name: 'id', type: 'STRING' },
      "Parquet column 'id' has type INT64 which does not match the target cpp_type STRING.",
    ],
    [
      { name: 'r', type: 'RECORD', fields: [{ name: 'x', type: 'INT64' }] },
      "Parquet column 'x' has type DOUBLE which does not match the target cpp_type INT64.",
    ],
  ] as const;
  for (const [field, problem] of wrong) {
    const { uri, status } = await load('ds.wrong', data, { schema: { fields: [field] } });
    expect(status.errorResult).toMatchObject({ reason: 'invalid', location: uri });
    expect(status.errorResult?.message).toBe(`Error while reading data, error message: ${problem} File: ${uri}`);
  }
});

test('a column is converted to the type in the job where the service converts it', async () => {
  const data = await file("SELECT 'e'::BLOB AS s, TIMESTAMP '2024-01-02 03:04:05' AS at, ['b'::BLOB] AS l");
  const fields = [
    { name: 's', type: 'STRING' },
    { name: 'at', type: 'TIMESTAMP' },
    { name: 'l', type: 'STRING', mode: 'REPEATED' },
  ];
  const { status } = await load('ds.converted', data, { schema: { fields } });
  expect(status.errorResult).toBeUndefined();
  expect(await rowsOf(emulator, 'ds.converted')).toEqual([['e', '1.704164645E9', [{ v: 'b' }]]]);
});

test('columns that a file lacks are NULL if another file or the job has them', async () => {
  const wide = await emulator.put('apart/1.parquet', await file("SELECT 1::BIGINT AS id, 'a' AS name"));
  const narrow = await emulator.put('apart/2.parquet', await file('SELECT 2::BIGINT AS id'));
  const fields = [
    { name: 'id', type: 'INTEGER' },
    { name: 'extra', type: 'NUMERIC' },
    { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  ];
  const job = (table: string, sourceUris: string[], options: object = {}) =>
    runJob(emulator, { load: { sourceUris, destinationTable: tableRef(table), sourceFormat: 'PARQUET', ...options } });
  expect((await job('ds.apart', [wide, narrow], { schema: { fields } })).status.errorResult).toBeUndefined();
  expect((await rowsOf(emulator, 'ds.apart')).sort()).toEqual([
    ['1', 'a', null, []],
    ['2', null, null, []],
  ]);
  const other = await emulator.put('apart/3.parquet', await file("SELECT 'x' AS id"));
  const { errorResult } = (await job('ds.mixed', [wide, other])).status;
  expect(errorResult).toMatchObject({ reason: 'invalid', location: other });
});

test.each([
  [undefined, 'NUMERIC', 'BIGNUMERIC', '1.5'],
  [['NUMERIC', 'STRING'], 'NUMERIC', 'STRING', '1.500000000000'],
  [['STRING'], 'STRING', 'STRING', '1.500000000000'],
  [['NUMERIC'], 'NUMERIC', 'NUMERIC', '1.5'],
])('decimals become the first fitting type of %j', async (decimalTargetTypes, short, long, value) => {
  const data = await file('SELECT 1.5::DECIMAL(10, 2) AS short, 1.5::DECIMAL(30, 12) AS long');
  const table = `decimals_${decimalTargetTypes?.join('_') ?? 'any'}`;
  await load(`ds.${table}`, data, { decimalTargetTypes });
  const { body } = await rest(emulator, 'GET', `/datasets/ds/tables/${table}`);
  expect(body['schema']).toMatchObject({
    fields: [
      { name: 'short', type: short },
      { name: 'long', type: long },
    ],
  });
  expect((await rowsOf(emulator, `ds.${table}`))[0]?.[1]).toBe(value);
});

test.each([
  ['an unsigned number beyond INT64', '18446744073709551615::UBIGINT AS id', 'out of range'],
  [
    'a list with a null item',
    "1 AS id, ['x', NULL] AS tags",
    'Only optional fields can be set to NULL. Field: tags; Value: NULL',
  ],
  [
    'a date after the year 9999',
    "1 AS id, DATE '12024-01-02' AS d",
    'Invalid date value: it is out of range. Field: d',
  ],
  [
    'a timestamp before the year 1',
    "1 AS id, TIMESTAMPTZ '0044-03-15 (BC) 00:00:00+00' AS at",
    'Invalid timestamp value',
  ],
])('a file with %s is refused and named, and its table stays readable', async (_what, columns, problem) => {
  const fields = [
    { name: 'id', type: 'INTEGER' },
    { name: 'tags', type: 'STRING', mode: 'REPEATED' },
    { name: 'd', type: 'DATE' },
    { name: 'at', type: 'TIMESTAMP' },
  ];
  await makeDataset(emulator, 'ds', { refused: fields });
  const good = await emulator.put('good1.parquet', await file('SELECT 1::UBIGINT AS id'));
  const bad = await emulator.put('bad1.parquet', await file(`SELECT ${columns}`));
  const load = { sourceUris: [good, bad], destinationTable: tableRef('ds.refused'), sourceFormat: 'PARQUET' };
  const { status } = await runJob(emulator, { load });
  expect(status.errorResult).toMatchObject({ reason: 'invalid', location: bad });
  expect(status.errorResult?.message).toContain(problem);
  expect(await rowsOf(emulator, 'ds.refused')).toEqual([]);
});

test('names that BigQuery does not have are refused', async () => {
  const dotted = await load('ds.dotted', await file('SELECT 1 AS "a.b"'));
  expect(dotted.status.errorResult?.message).toContain('Invalid field name "a.b".');
});
