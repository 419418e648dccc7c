import { makeDataset, rest, rowsOf, runJob, type Stand, startStand, tableRef } from './support';

let stand: Stand;
const fields = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  { name: 'in', type: 'RECORD', fields: [{ name: 'x', type: 'BYTES' }] },
];

beforeAll(async () => {
  stand = await startStand();
  await makeDataset(stand, 'ds', { a: fields, b: fields, other: [{ name: 'id', type: 'STRING' }] });
  await rest(stand, 'POST', '/datasets/ds/tables/a/insertAll', {
    rows: [{ json: { id: 1, tags: ['x'], in: { x: 'AA==' } } }],
  });
  await rest(stand, 'POST', '/datasets/ds/tables/b/insertAll', { rows: [{ json: { id: 2 } }] });
});
afterAll(() => stand.close());

const copy = (sources: string[], destination: string, options: object = {}) =>
  runJob(stand, {
    copy: { sourceTables: sources.map(tableRef), destinationTable: tableRef(destination), ...options },
  });
const ids = async (table: string) => (await rowsOf(stand, table)).map(([id]) => id);

test('a table is made like its source, with its rows', async () => {
  const job = await copy(['ds.a'], 'ds.made');
  expect(job.status).toEqual({ state: 'DONE' });
  expect(job.statistics['copy']).toMatchObject({ copiedRows: '1' });
  expect(await rowsOf(stand, 'ds.made')).toEqual(await rowsOf(stand, 'ds.a'));
  const { body } = await rest(stand, 'GET', '/datasets/ds/tables/made');
  expect(body['schema']).toMatchObject({
    fields: [{ name: 'id', mode: 'REQUIRED' }, { mode: 'REPEATED' }, { type: 'RECORD' }],
  });
});

test('several sources, appended and in place of what is there', async () => {
  await copy(['ds.a', 'ds.b'], 'ds.several');
  expect(await ids('ds.several')).toEqual(['1', '2']);
  await copy(['ds.b'], 'ds.several', { writeDisposition: 'WRITE_APPEND' });
  expect(await ids('ds.several')).toEqual(['1', '2', '2']);
  await copy(['ds.a'], 'ds.several', { writeDisposition: 'WRITE_TRUNCATE' });
  expect(await ids('ds.several')).toEqual(['1']);
});

test('a destination with rows is refused when nothing else is said', async () => {
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

test('a source that is not there is not found', async () => {
  const { status } = await copy(['ds.none'], 'ds.x');
  expect(status.errorResult).toMatchObject({ reason: 'notFound', message: 'Not found: Table local-project:ds.none' });
});
