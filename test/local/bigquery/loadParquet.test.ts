import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { makeDataset, rest, rowsOf, runJob, type Stand, startStand, tableRef } from './support';

let stand: Stand;
const folder = mkdtempSync(join(tmpdir(), 'parquet-'));

beforeAll(async () => {
  stand = await startStand();
  await makeDataset(stand, 'ds', {
    lists: [
      { name: 'id', type: 'INTEGER' },
      { name: 'tags', type: 'STRING', mode: 'REPEATED' },
    ],
  });
});
afterAll(async () => {
  await stand.close();
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
  const uri = await stand.put(`${table}.parquet`, data);
  const load = { sourceUris: [uri], destinationTable: tableRef(table), sourceFormat: 'PARQUET', ...options };
  return { uri, ...(await runJob(stand, { load })) };
}

test('types are found in the file', async () => {
  const select = `SELECT 1::INTEGER AS id, 'a' AS name, 1.5::DECIMAL(10,2) AS price, DATE '2024-01-02' AS "on",
    TIMESTAMPTZ '2024-01-02 03:04:05+00' AS at, TIMESTAMP '2024-01-02 03:04:05' AS "then", 'b'::BLOB AS raw,
    {'x': 1, 'y': true} AS "in"`;
  const job = await load('ds.types', await file(select));
  expect(job.status.errorResult).toBeUndefined();
  const { body } = await rest(stand, 'GET', '/datasets/ds/tables/types');
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
  expect(await rowsOf(stand, 'ds.types')).toEqual([
    ['1', 'a', '1.5', '2024-01-02', '1.704164645E9', '2024-01-02T03:04:05', 'Yg==', { f: [{ v: '1' }, { v: 'true' }] }],
  ]);
});

test('lists are records unless the table or the job says otherwise', async () => {
  const data = await file("SELECT 1 AS id, ['a', 'b'] AS tags");
  const list = [{ v: 'a' }, { v: 'b' }];
  await load('ds.lists', data);
  expect(await rowsOf(stand, 'ds.lists')).toEqual([['1', list]]);
  await load('ds.inferred', data, { parquetOptions: { enableListInference: true } });
  expect(await rowsOf(stand, 'ds.inferred')).toEqual([['1', list]]);
  await load('ds.records', data);
  const element = (text: string) => ({ v: { f: [{ v: text }] } });
  expect(await rowsOf(stand, 'ds.records')).toEqual([['1', { f: [{ v: [element('a'), element('b')] }] }]]);
});

test('a bad file among good ones is named', async () => {
  const good = await stand.put('good.parquet', await file('SELECT 1 AS id'));
  const bad = await stand.put('bad.parquet', 'PAR1 no');
  const load = { sourceUris: [good, bad], destinationTable: tableRef('ds.bad'), sourceFormat: 'PARQUET' };
  const { status } = await runJob(stand, { load });
  expect(status.errorResult).toMatchObject({ reason: 'invalid', location: bad });
});
