/** @jest-environment ./packages/bigquery-emulator/test/clientEnvironment.js */
import { makeDataset, rest, rowsOf, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  const fields = [
    { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
    { name: 'name', type: 'STRING' },
    { name: 'doc', type: 'JSON' },
  ];
  await makeDataset(emulator, 'ds', { a: fields, b: fields, c: fields, d: fields, page: fields });
});
afterAll(() => emulator.close());

const insert = (table: string, body: object) => rest(emulator, 'POST', `/datasets/ds/tables/${table}/insertAll`, body);

test('streamed rows can be read at once', async () => {
  await emulator.bigquery
    .dataset('ds')
    .table('a')
    .insert([
      { id: 1, name: 'one', doc: '{"x":[1]}' },
      { id: '2', name: 3 },
    ]);
  expect(await rowsOf(emulator, 'ds.a')).toEqual([
    ['1', 'one', '{"x":[1]}'],
    ['2', '3', null],
  ]);
});

test('one bad row stops all rows, and each has an error', async () => {
  const { body } = await insert('b', {
    rows: [{ json: { id: 1 } }, { json: { id: 'x' } }, { json: { id: 3, color: 1 } }],
  });
  expect(body).toEqual({
    kind: 'bigquery#tableDataInsertAllResponse',
    insertErrors: [
      { index: 0, errors: [{ reason: 'stopped', location: '', debugInfo: '', message: '' }] },
      { index: 1, errors: [expect.objectContaining({ reason: 'invalid', location: 'id' })] },
      { index: 2, errors: [{ reason: 'invalid', location: 'color', debugInfo: '', message: 'no such field: color.' }] },
    ],
  });
  expect(await rowsOf(emulator, 'ds.b')).toEqual([]);
});

test('bad rows are skipped and unknown values ignored on request', async () => {
  const rows = [{ json: { id: 1, color: 2 } }, { json: { name: 'no id' } }];
  const { body } = await insert('b', { rows, skipInvalidRows: true, ignoreUnknownValues: true });
  expect(body['insertErrors']).toEqual([{ index: 1, errors: [expect.objectContaining({ location: 'id' })] }]);
  expect(await rowsOf(emulator, 'ds.b')).toEqual([['1', null, null]]);
});

test('a row that is sent twice with one insertId is stored once', async () => {
  const rows = [
    { insertId: 'k', json: { id: 1 } },
    { insertId: 'l', json: { id: 2 } },
  ];
  await insert('c', { rows });
  await insert('c', { rows: [...rows, { insertId: 'm', json: { id: 3 } }] });
  expect((await rowsOf(emulator, 'ds.c')).map(([id]) => id)).toEqual(['1', '2', '3']);
});

test('a template suffix creates a table like the template', async () => {
  await insert('d', { rows: [{ json: { id: 1 } }], templateSuffix: '_x' });
  expect(await rowsOf(emulator, 'ds.d')).toEqual([]);
  expect(await rowsOf(emulator, 'ds.d_x')).toEqual([['1', null, null]]);
});

test('rows are read page by page, from a start index and with selected columns', async () => {
  await insert('page', { rows: Array.from({ length: 25 }, (_, id) => ({ json: { id, name: `n${id}` } })) });
  const table = emulator.bigquery.dataset('ds').table('page');
  const ids: number[] = [];
  let query: object | null = { maxResults: 10 };
  while (query) {
    const page: unknown[] = await table.getRows({ ...query, autoPaginate: false });
    const [rows, next] = page as [{ id: number }[], object | null];
    ids.push(...rows.map(({ id }) => id));
    query = next;
  }
  expect(ids).toEqual(Array.from({ length: 25 }, (_, id) => id));
  const { body } = await rest(emulator, 'GET', '/datasets/ds/tables/page/data?startIndex=23&selectedFields=name');
  expect(body).toMatchObject({
    kind: 'bigquery#tableDataList',
    totalRows: '25',
    rows: [{ f: [{ v: 'n23' }] }, { f: [{ v: 'n24' }] }],
  });
  expect(body['pageToken']).toBeUndefined();
});

test('an insert without rows or into a missing table is refused', async () => {
  expect(await insert('a', { rows: [] })).toMatchObject({ status: 400 });
  expect(await insert('none', { rows: [{ json: {} }] })).toMatchObject({ status: 404 });
});

test('many simultaneous inserts and loads of short and long rows stay within the memory limit', async () => {
  const tables = Array.from({ length: 40 }, (_, at) => `many${at}`);
  await makeDataset(
    emulator,
    'many',
    Object.fromEntries(tables.map((table) => [table, [{ name: 'text', type: 'STRING' }]])),
  );
  const long = 'x'.repeat(5_000_000);
  const uri = await emulator.put('many.json', ['short', long].map((text) => JSON.stringify({ text })).join('\n'));
  await Promise.all(
    tables.flatMap((table, at) => [
      rest(emulator, 'POST', `/datasets/many/tables/${table}/insertAll`, { rows: [{ json: { text: `row ${at}` } }] }),
      at % 4 === 0
        ? runJob(emulator, {
            load: {
              sourceUris: [uri],
              sourceFormat: 'NEWLINE_DELIMITED_JSON',
              destinationTable: tableRef(`many.${table}`),
            },
          })
        : undefined,
    ]),
  );
  const counted = tables.map((table) => rowsOf(emulator, `many.${table}`));
  expect((await Promise.all(counted)).map((rows) => rows.length)).toEqual(
    tables.map((_, at) => (at % 4 === 0 ? 3 : 1)),
  );
  expect(await rowsOf(emulator, 'many.many0')).toContainEqual([long]);
});
