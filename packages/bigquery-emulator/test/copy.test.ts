import { makeDataset, rest, rowsOf, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

let emulator: TestEmulator;
const fields = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  { name: 'in', type: 'RECORD', fields: [{ name: 'x', type: 'BYTES' }] },
];

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds', { a: fields, b: fields, other: [{ name: 'id', type: 'STRING' }] });
  await rest(emulator, 'POST', '/datasets/ds/tables/a/insertAll', {
    rows: [{ json: { id: 1, tags: ['x'], in: { x: 'AA==' } } }],
  });
  await rest(emulator, 'POST', '/datasets/ds/tables/b/insertAll', { rows: [{ json: { id: 2 } }] });
});
afterAll(() => emulator.close());

const copy = (sources: string[], destination: string, options: object = {}) =>
  runJob(emulator, {
    copy: { sourceTables: sources.map(tableRef), destinationTable: tableRef(destination), ...options },
  });
const ids = async (table: string) => (await rowsOf(emulator, table)).map(([id]) => id);

test('a copy creates a table with the schema and the rows of its source', async () => {
  const job = await copy(['ds.a'], 'ds.made');
  expect(job.status).toEqual({ state: 'DONE' });
  expect(job.statistics['copy']).toMatchObject({ copiedRows: '1' });
  expect(await rowsOf(emulator, 'ds.made')).toEqual(await rowsOf(emulator, 'ds.a'));
  const { body } = await rest(emulator, 'GET', '/datasets/ds/tables/made');
  expect(body['schema']).toMatchObject({
    fields: [{ name: 'id', mode: 'REQUIRED' }, { mode: 'REPEATED' }, { type: 'RECORD' }],
  });
});

test('a copy of several sources can append to a table or replace it', async () => {
  await copy(['ds.a', 'ds.b'], 'ds.several');
  expect(await ids('ds.several')).toEqual(['1', '2']);
  await copy(['ds.b'], 'ds.several', { writeDisposition: 'WRITE_APPEND' });
  expect(await ids('ds.several')).toEqual(['1', '2', '2']);
  await copy(['ds.a'], 'ds.several', { writeDisposition: 'WRITE_TRUNCATE' });
  expect(await ids('ds.several')).toEqual(['1']);
});

test('a destination with rows is refused by default', async () => {
  await copy(['ds.a'], 'ds.taken');
  const { status } = await copy(['ds.b'], 'ds.taken');
  expect(status.errorResult).toEqual({ reason: 'duplicate', message: 'Already Exists: Table local-project:ds.taken' });
  expect(await ids('ds.taken')).toEqual(['1']);
});

test('a destination of another schema is refused', async () => {
  const { status } = await copy(['ds.a'], 'ds.other', { writeDisposition: 'WRITE_APPEND' });
  expect(status.errorResult).toMatchObject({
    reason: 'invalid',
    message:
      'Provided Schema does not match Table local-project:ds.other. Field id has changed type from STRING to INTEGER',
  });
});

test('a missing source is not found', async () => {
  const { status } = await copy(['ds.none'], 'ds.x');
  expect(status.errorResult).toMatchObject({ reason: 'notFound', message: 'Not found: Table local-project:ds.none' });
});
