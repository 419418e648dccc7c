import { makeDataset, rest, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds');
});
afterAll(() => emulator.close());

const columns = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `c${n}`, type: 'INTEGER' }));

interface Field {
  readonly name: string;
  readonly type: string;
  readonly fields?: Field[];
}

/** A field within records of this depth. */
const nested = (levels: number): Field =>
  levels === 0 ? { name: 'x', type: 'INTEGER' } : { name: `r${levels}`, type: 'RECORD', fields: [nested(levels - 1)] };

const create = (tableId: string, fields: unknown[]) =>
  rest(emulator, 'POST', '/datasets/ds/tables', { tableReference: { tableId }, schema: { fields } });

test('a table with 10,000 columns is loaded and queried', async () => {
  expect((await create('wide', columns(10_000))).status).toBe(200);
  const row = Object.fromEntries(columns(10_000).map(({ name }, n) => [name, n]));
  const uri = await emulator.put('wide.json', JSON.stringify(row));
  const load = {
    sourceUris: [uri],
    destinationTable: tableRef('ds.wide'),
    sourceFormat: 'NEWLINE_DELIMITED_JSON',
  };
  expect((await runJob(emulator, { load })).status.errorResult).toBeUndefined();
  const query = 'SELECT COUNT(*), SUM(c0 + c9999) FROM ds.wide';
  const { body } = await rest(emulator, 'POST', '/queries', { query, useLegacySql: false, timeoutMs: 60_000 });
  expect(body['rows']).toEqual([{ f: [{ v: '1' }, { v: '9999' }] }]);
});

test('a table with 10,001 columns is refused, by members of records too', async () => {
  const message = 'Too many total leaf fields: 10001, max allowed field count: 10000';
  expect((await create('wider', columns(10_001))).body).toMatchObject({ error: { code: 400, message } });
  const record = { name: 'r', type: 'RECORD', fields: columns(5000) };
  expect((await create('wider', [record, ...columns(5001)])).body).toMatchObject({ error: { code: 400, message } });
});

test('a load refuses a column that is one too many', async () => {
  await create('grown', columns(10_000));
  const uri = await emulator.put('grown.json', '{"extra":1}');
  const load = {
    sourceUris: [uri],
    destinationTable: tableRef('ds.grown'),
    sourceFormat: 'NEWLINE_DELIMITED_JSON',
    schema: { fields: [{ name: 'extra', type: 'INTEGER' }] },
    schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'],
  };
  const { status } = await runJob(emulator, { load });
  expect(status.errorResult).toMatchObject({
    reason: 'invalid',
    message: 'Too many total leaf fields: 10001, max allowed field count: 10000',
  });
});

test('records have 15 levels at most', async () => {
  expect((await create('deep', [nested(15)])).status).toBe(200);
  const path = Array.from({ length: 16 }, (_, n) => `r${16 - n}`).join('.');
  const message = `Schema nested too deeply for field ${path}, maximum allowed depth is 15.`;
  expect((await create('deeper', [nested(16)])).body).toMatchObject({ error: { code: 400, message } });
});
