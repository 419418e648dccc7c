import { makeDataset, rest, rowsOf, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

let emulator: TestEmulator;
const fields = [
  { name: 'id', type: 'INTEGER' },
  { name: 'day', type: 'DATE' },
];

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds');
});
afterAll(() => emulator.close());

const create = (tableId: string, more: object) =>
  rest(emulator, 'POST', '/datasets/ds/tables', { tableReference: { tableId }, schema: { fields }, ...more });

async function load(table: string, rows: object[], writeDisposition = 'WRITE_APPEND') {
  const uri = await emulator.put('rows.json', rows.map((row) => JSON.stringify(row)).join('\n'));
  const destinationTable = tableRef(table);
  return runJob(emulator, {
    load: {
      sourceUris: [uri],
      destinationTable,
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      schema: { fields },
      writeDisposition,
    },
  });
}
const ids = async (table: string) => (await rowsOf(emulator, table)).map(([id]) => id).sort();

test('WRITE_TRUNCATE with a decorator truncates only that partition of a column-partitioned table', async () => {
  await create('col', { timePartitioning: { type: 'DAY', field: 'day' } });
  await load('ds.col', [
    { id: 1, day: '2024-01-01' },
    { id: 2, day: '2024-01-02' },
  ]);
  await load('ds.col$20240101', [{ id: 3, day: '2024-01-01' }], 'WRITE_TRUNCATE');
  expect(await ids('ds.col')).toEqual(['2', '3']);
  expect(await ids('ds.col$20240101')).toEqual(['3']);
  expect((await rest(emulator, 'GET', '/datasets/ds/tables/col$20240102')).body).toMatchObject({ numRows: '1' });
});

test('a load with rows of another partition is refused and changes nothing', async () => {
  await create('strict', { timePartitioning: { type: 'DAY', field: 'day' } });
  await load('ds.strict', [{ id: 1, day: '2024-01-01' }]);
  const job = await load('ds.strict$20240101', [{ id: 2, day: '2024-01-02' }], 'WRITE_TRUNCATE');
  expect(job.status.errorResult).toMatchObject({
    reason: 'invalid',
    message: 'Some rows belong to different partitions rather than destination partition 20240101',
  });
  expect(await ids('ds.strict')).toEqual(['1']);
});

test('rows of an ingestion-time table go to the partition of the decorator, or else to that of today', async () => {
  await create('ingest', { timePartitioning: { type: 'DAY' } });
  await load('ds.ingest$20240101', [{ id: 1 }]);
  await load('ds.ingest$20240102', [{ id: 2 }]);
  await load('ds.ingest', [{ id: 3 }]);
  const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  expect(await ids('ds.ingest')).toEqual(['1', '2', '3']);
  expect(await ids('ds.ingest$20240101')).toEqual(['1']);
  expect(await ids(`ds.ingest$${today}`)).toEqual(['3']);
});

test('a new table whose load names a partition is partitioned by ingestion time', async () => {
  await load('ds.fresh$20240101', [{ id: 1 }]);
  expect((await rest(emulator, 'GET', '/datasets/ds/tables/fresh')).body).toMatchObject({
    timePartitioning: { type: 'DAY' },
  });
});

test('a copy can read and replace a single partition', async () => {
  await create('from', { timePartitioning: { type: 'DAY', field: 'day' } });
  await create('into', { timePartitioning: { type: 'DAY', field: 'day' } });
  await load('ds.from', [
    { id: 1, day: '2024-01-01' },
    { id: 2, day: '2024-01-02' },
  ]);
  await load('ds.into', [
    { id: 9, day: '2024-01-01' },
    { id: 8, day: '2024-01-03' },
  ]);
  const copy = { sourceTable: tableRef('ds.from$20240101'), destinationTable: tableRef('ds.into$20240101') };
  const job = await runJob(emulator, { copy: { ...copy, writeDisposition: 'WRITE_TRUNCATE' } });
  expect(job.status.errorResult).toBeUndefined();
  expect(await ids('ds.into')).toEqual(['1', '8']);
});

test('a copy of an ingestion-time table keeps the partition of each row', async () => {
  await load('ds.kept$20240101', [{ id: 1 }]);
  await load('ds.kept$20240102', [{ id: 2 }]);
  const copy = { sourceTable: tableRef('ds.kept'), destinationTable: tableRef('ds.copied') };
  expect((await runJob(emulator, { copy })).status.errorResult).toBeUndefined();
  expect(await ids('ds.copied$20240101')).toEqual(['1']);
  const into = { sourceTable: tableRef('ds.kept'), destinationTable: tableRef('ds.copied$20240103') };
  await runJob(emulator, { copy: { ...into, writeDisposition: 'WRITE_TRUNCATE' } });
  expect(await ids('ds.copied$20240103')).toEqual(['1', '2']);
});

test('a job cannot change how a table is partitioned', async () => {
  await create('fixed', { timePartitioning: { type: 'DAY', field: 'day' } });
  const uri = await emulator.put('fixed.json', '{"id":1,"day":"2024-01-01"}');
  const again = (timePartitioning: object) =>
    runJob(emulator, {
      load: {
        sourceUris: [uri],
        destinationTable: tableRef('ds.fixed'),
        sourceFormat: 'NEWLINE_DELIMITED_JSON',
        timePartitioning,
      },
    });
  expect((await again({ type: 'DAY', field: 'day' })).status.errorResult).toBeUndefined();
  expect((await again({ type: 'DAY' })).status.errorResult?.message).toContain(
    'Incompatible table partitioning specification',
  );
});

test('deleting a partition keeps the others', async () => {
  await create('drop', { timePartitioning: { type: 'DAY', field: 'day' } });
  await load('ds.drop', [
    { id: 1, day: '2024-01-01' },
    { id: 2, day: '2024-01-02' },
  ]);
  expect((await rest(emulator, 'DELETE', '/datasets/ds/tables/drop$20240101')).status).toBe(204);
  expect(await ids('ds.drop')).toEqual(['2']);
});

test('a table can be partitioned by integer ranges', async () => {
  const range = { start: '0', end: '100', interval: '10' };
  await create('range', { rangePartitioning: { field: 'id', range } });
  await load('ds.range', [{ id: 5 }, { id: 15 }, { id: 500 }]);
  expect(await ids('ds.range$10')).toEqual(['15']);
  expect(await ids('ds.range$__UNPARTITIONED__')).toEqual(['500']);
});

test.each([
  ['month', { timePartitioning: { type: 'MONTH', field: 'day' } }, '202401'],
  ['year', { timePartitioning: { type: 'YEAR', field: 'day' } }, '2024'],
])('a table can be partitioned by %s', async (name, partitioning, id) => {
  await create(name, partitioning);
  await load(`ds.${name}`, [
    { id: 1, day: '2024-01-31' },
    { id: 2, day: '2023-02-01' },
  ]);
  expect(await ids(`ds.${name}$${id}`)).toEqual(['1']);
  expect((await rest(emulator, 'GET', `/datasets/ds/tables/${name}$20240101/data`)).status).toBe(400);
});

test.each([
  ['by an unknown column', { timePartitioning: { type: 'DAY', field: 'none' } }],
  ['by a column of an unsuitable type', { timePartitioning: { type: 'DAY', field: 'id' } }],
])('a table partitioned %s is refused', async (_what, partitioning) => {
  expect((await create('refused', partitioning)).status).toBe(400);
});
