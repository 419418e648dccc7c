import avro from 'avsc';
import { makeDataset, rest, rowsOf, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds');
});
afterAll(() => emulator.close());

const schema: avro.Schema = {
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'name', type: ['null', 'string'] },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
    { name: 'other', type: ['null', 'Kind'] },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'on', type: { type: 'int', logicalType: 'date' } },
    { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'props', type: { type: 'map', values: 'int' } },
    { name: 'in', type: ['null', { type: 'record', name: 'Inner', fields: [{ name: 'x', type: 'double' }] }] },
    { name: 'either', type: ['null', 'int', 'string'] },
  ],
};
const record = {
  id: 1,
  name: 'a',
  kind: 'B',
  other: 'A',
  at: 1_704_164_645_678,
  on: 19_724,
  price: Buffer.from([0xfb, 0x2e]),
  tags: ['x'],
  props: { p: 1 },
  in: { x: 1.5 },
  either: 's',
};

/** An Avro file with the given number of records, in several blocks. */
async function file(count: number, codec = 'null'): Promise<Buffer> {
  const encoder = new avro.streams.BlockEncoder(schema, { codec, blockSize: 200 });
  const parts: Buffer[] = [];
  encoder.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise((resolve) => encoder.once('end', resolve));
  for (let id = 1; id <= count; id++) encoder.write({ ...record, id });
  encoder.end();
  await ended;
  return Buffer.concat(parts);
}

async function load(table: string, data: Buffer, options: object = {}) {
  const uri = await emulator.put(`${table}.avro`, data);
  const load = { sourceUris: [uri], destinationTable: tableRef(table), sourceFormat: 'AVRO', ...options };
  return { uri, ...(await runJob(emulator, { load })) };
}

const fieldsOf = async (table: string) => {
  const { body } = await rest(emulator, 'GET', `/datasets/ds/tables/${table}`);
  const { fields } = body['schema'] as { fields: { name: string; type: string; mode: string }[] };
  return fields.map(({ name, type, mode }) => `${name} ${type} ${mode}`);
};

test('a table gets the schema of the Avro file, with logical types on request', async () => {
  await load('ds.logical', await file(1), { useAvroLogicalTypes: true });
  expect(await fieldsOf('logical')).toEqual([
    'id INTEGER REQUIRED',
    'name STRING NULLABLE',
    'kind STRING REQUIRED',
    'other STRING NULLABLE',
    'at TIMESTAMP REQUIRED',
    'on DATE REQUIRED',
    'price NUMERIC REQUIRED',
    'tags STRING REPEATED',
    'props RECORD REPEATED',
    'in RECORD NULLABLE',
    'either RECORD NULLABLE',
  ]);
  const cell = (v: unknown) => ({ v });
  expect(await rowsOf(emulator, 'ds.logical')).toEqual([
    [
      '1',
      'a',
      'B',
      'A',
      '1.704164645678E9',
      '2024-01-02',
      '-12.34',
      [cell('x')],
      [cell({ f: [cell('p'), cell('1')] })],
      { f: [cell('1.5')] },
      { f: [cell(null), cell('s')] },
    ],
  ]);
  await load('ds.plain', await file(1));
  expect((await fieldsOf('plain')).slice(4, 7)).toEqual([
    'at INTEGER REQUIRED',
    'on INTEGER REQUIRED',
    'price BYTES REQUIRED',
  ]);
});

test('compressed blocks are read', async () => {
  const job = await load('ds.deflate', await file(500, 'deflate'));
  expect(job.statistics['load']?.['outputRows']).toBe('500');
});

test.each([
  ['is truncated within a block', (data: Buffer) => data.subarray(0, -60), 'EOF reached'],
  [
    'is damaged after a whole block',
    (data: Buffer) => Buffer.concat([data.subarray(0, -16), Buffer.alloc(16)]),
    'Sync mismatch',
  ],
  ['ends within its header', (data: Buffer) => data.subarray(0, 50), 'EOF reached'],
  ['is not Avro', () => Buffer.from('id,name\n'), 'Magic does not match'],
])('a file that %s is refused', async (_what, spoil, problem) => {
  const { status, uri } = await load('ds.broken', spoil(await file(20)));
  expect(status.errorResult).toMatchObject({ reason: 'invalid', location: uri });
  expect(status.errorResult?.message).toContain(problem);
  expect((await rest(emulator, 'GET', '/datasets/ds/tables/broken')).status).toBe(404);
});

test('decimals become STRING if the job asks for it', async () => {
  await load('ds.texts', await file(1), { useAvroLogicalTypes: true, decimalTargetTypes: ['STRING'] });
  expect((await fieldsOf('texts'))[6]).toBe('price STRING REQUIRED');
  expect((await rowsOf(emulator, 'ds.texts'))[0]?.[6]).toBe('-12.34');
});

/** A file of one record of a schema. */
async function fileOf(fields: unknown[], record: object): Promise<Buffer> {
  const schema = { type: 'record', name: 'Row', fields } as avro.Schema;
  const encoder = new avro.streams.BlockEncoder(schema);
  const parts: Buffer[] = [];
  encoder.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise((resolve) => encoder.once('end', resolve));
  encoder.write(record);
  encoder.end();
  await ended;
  return Buffer.concat(parts);
}

test.each([
  [
    'a date after the year 9999',
    [{ name: 'd', type: { type: 'int', logicalType: 'date' } }],
    { d: 2_932_897 },
    'Invalid date value: 2932897',
  ],
  [
    'a timestamp beyond all calendars',
    [{ name: 't', type: { type: 'long', logicalType: 'timestamp-millis' } }],
    { t: 9_000_000_000_000_000 },
    'Invalid timestamp value:',
  ],
  ['a recursive record', [{ name: 'next', type: ['null', 'Row'] }], { next: null }, 'recursive type Row'],
  [
    'an empty record',
    [{ name: 'r', type: { type: 'record', name: 'Empty', fields: [] } }],
    { r: {} },
    'Field r is type RECORD but has no schema',
  ],
])('a file with %s is refused', async (_what, fields, row, problem) => {
  const data = await fileOf(fields, row);
  const { status } = await load('ds.odd', data, { useAvroLogicalTypes: true });
  expect(status.errorResult?.reason).toBe('invalid');
  expect(status.errorResult?.message).toContain(problem);
});
