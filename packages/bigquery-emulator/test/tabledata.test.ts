/** @jest-environment ./packages/bigquery-emulator/test/clientEnvironment.js */
import { makeDataset, rest, rowsOf, runJob, type Stand, startStand, tableRef } from './support';

let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
  const fields = [
    { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
    { name: 'name', type: 'STRING' },
    { name: 'doc', type: 'JSON' },
  ];
  await makeDataset(stand, 'ds', { a: fields, b: fields, c: fields, d: fields, page: fields });
});
afterAll(() => stand.close());

const insert = (table: string, body: object) => rest(stand, 'POST', `/datasets/ds/tables/${table}/insertAll`, body);

test('streamed rows are there at once', async () => {
  await stand.bigquery
    .dataset('ds')
    .table('a')
    .insert([
      { id: 1, name: 'one', doc: '{"x":[1]}' },
      { id: '2', name: 3 },
    ]);
  expect(await rowsOf(stand, 'ds.a')).toEqual([
    ['1', 'one', '{"x":[1]}'],
    ['2', '3', null],
  ]);
});

test('one bad row stops all, each with its errors', async () => {
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
  expect(await rowsOf(stand, 'ds.b')).toEqual([]);
});

test('bad rows are skipped and unknown values ignored on request', async () => {
  const rows = [{ json: { id: 1, color: 2 } }, { json: { name: 'no id' } }];
  const { body } = await insert('b', { rows, skipInvalidRows: true, ignoreUnknownValues: true });
  expect(body['insertErrors']).toEqual([{ index: 1, errors: [expect.objectContaining({ location: 'id' })] }]);
  expect(await rowsOf(stand, 'ds.b')).toEqual([['1', null, null]]);
});

test('a row that comes twice with one ID is stored once', async () => {
  const rows = [
    { insertId: 'k', json: { id: 1 } },
    { insertId: 'l', json: { id: 2 } },
  ];
  await insert('c', { rows });
  await insert('c', { rows: [...rows, { insertId: 'm', json: { id: 3 } }] });
  expect((await rowsOf(stand, 'ds.c')).map(([id]) => id)).toEqual(['1', '2', '3']);
});

test('a template suffix makes a table like the template', async () => {
  await insert('d', { rows: [{ json: { id: 1 } }], templateSuffix: '_x' });
  expect(await rowsOf(stand, 'ds.d')).toEqual([]);
  expect(await rowsOf(stand, 'ds.d_x')).toEqual([['1', null, null]]);
});

test('rows are read page by page, from any row, and some columns only', async () => {
  await insert('page', { rows: Array.from({ length: 25 }, (_, id) => ({ json: { id, name: `n${id}` } })) });
  const table = stand.bigquery.dataset('ds').table('page');
  const ids: number[] = [];
  let query: object | null = { maxResults: 10 };
  while (query) {
    const page: unknown[] = await table.getRows({ ...query, autoPaginate: false });
    const [rows, next] = page as [{ id: number }[], object | null];
    ids.push(...rows.map(({ id }) => id));
    query = next;
  }
  expect(ids).toEqual(Array.from({ length: 25 }, (_, id) => id));
  const { body } = await rest(stand, 'GET', '/datasets/ds/tables/page/data?startIndex=23&selectedFields=name');
  expect(body).toMatchObject({
    kind: 'bigquery#tableDataList',
    totalRows: '25',
    rows: [{ f: [{ v: 'n23' }] }, { f: [{ v: 'n24' }] }],
  });
  expect(body['pageToken']).toBeUndefined();
});

test('no rows at all is an error', async () => {
  expect(await insert('a', { rows: [] })).toMatchObject({ status: 400 });
  expect(await insert('none', { rows: [{ json: {} }] })).toMatchObject({ status: 404 });
});

test('many inserts and loads side by side, of short rows and of long ones, have the memory they need', async () => {
  const tables = Array.from({ length: 40 }, (_, at) => `many${at}`);
  await makeDataset(
    stand,
    'many',
    Object.fromEntries(tables.map((table) => [table, [{ name: 'text', type: 'STRING' }]])),
  );
  const long = 'x'.repeat(5_000_000);
  const uri = await stand.put('many.json', ['short', long].map((text) => JSON.stringify({ text })).join('\n'));
  await Promise.all(
    tables.flatMap((table, at) => [
      rest(stand, 'POST', `/datasets/many/tables/${table}/insertAll`, { rows: [{ json: { text: `row ${at}` } }] }),
      at % 4 === 0
        ? runJob(stand, {
            load: {
              sourceUris: [uri],
              sourceFormat: 'NEWLINE_DELIMITED_JSON',
              destinationTable: tableRef(`many.${table}`),
            },
          })
        : undefined,
    ]),
  );
  const counted = tables.map((table) => rowsOf(stand, `many.${table}`));
  expect((await Promise.all(counted)).map((rows) => rows.length)).toEqual(
    tables.map((_, at) => (at % 4 === 0 ? 3 : 1)),
  );
  expect(await rowsOf(stand, 'many.many0')).toContainEqual([long]);
});
