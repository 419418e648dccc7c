import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import avro from 'avsc';
import fc from 'fast-check';
import { makeDataset, rest, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

/** Number of files per format; FUZZ_RUNS makes it larger. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 15);
const TIMEOUT_MS = 60_000 + RUNS * 1000;

let emulator: TestEmulator;
const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds');
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const rows = Array.from({ length: 20 }, (_, id) => ({ id, s: `text ${id}`, f: id / 3 }));

const files: Record<string, () => Promise<Buffer>> = {
  NEWLINE_DELIMITED_JSON: async () => Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')),
  CSV: async () => Buffer.from(rows.map(({ id, s, f }) => `${id},"${s}",${f}`).join('\r\n')),
  AVRO: async () => {
    const type = avro.Type.forSchema({
      type: 'record',
      name: 'Row',
      fields: [
        { name: 'id', type: 'long' },
        { name: 's', type: ['null', 'string'] },
        { name: 'f', type: 'double' },
      ],
    });
    const encoder = new avro.streams.BlockEncoder(type);
    const parts: Buffer[] = [];
    encoder.on('data', (part: Buffer) => parts.push(part));
    const ended = new Promise((resolve) => encoder.once('end', resolve));
    for (const { id, s, f } of rows) encoder.write({ id, s, f });
    encoder.end();
    await ended;
    return Buffer.concat(parts);
  },
  PARQUET: async () => {
    const path = join(folder, 'x.parquet');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT range AS id, 'text ' || range AS s, [range] AS l, range / 3 AS f FROM range(20)) TO '${path}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    return readFileSync(path);
  },
};

/** Loads the file; checks that the job succeeds or refuses the file, and that a refused file leaves no table. */
async function check(sourceFormat: string, data: Buffer): Promise<void> {
  const uri = await emulator.put('fuzz', data);
  const load = { sourceUris: [uri], destinationTable: tableRef('ds.fuzz'), sourceFormat, autodetect: true };
  const { status } = await runJob(emulator, { load });
  const table = await rest(emulator, 'GET', '/datasets/ds/tables/fuzz');
  if (status.errorResult) {
    expect(status.errorResult.reason).toBe('invalid');
    expect(table.status).toBe(404);
    return;
  }
  expect(table.status).toBe(200);
  expect((await rest(emulator, 'GET', '/datasets/ds/tables/fuzz/data')).status).toBe(200);
  await rest(emulator, 'DELETE', '/datasets/ds/tables/fuzz');
}

test.each(Object.keys(files))(
  'a %s file with flipped bits is loaded or refused, as a whole',
  async (format) => {
    const valid = (await files[format]?.()) ?? Buffer.alloc(0);
    const flips = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(7)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(flips, async (bits) => {
        const data = Buffer.from(valid);
        for (const [place, bit] of bits) data.writeUInt8(data.readUInt8(place) ^ (1 << bit), place);
        await check(format, data);
      }),
      { numRuns: RUNS },
    );
  },
  TIMEOUT_MS,
);

test(
  'any JSON value in a row is loaded or refused, as a whole',
  async () => {
    const row = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 });
    const property = fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 4 }), (values) =>
      check('NEWLINE_DELIMITED_JSON', Buffer.from(values.map((value) => JSON.stringify(value)).join('\n'))),
    );
    await fc.assert(property, { numRuns: RUNS });
  },
  TIMEOUT_MS,
);

test(
  'any text as CSV is loaded or refused, as a whole',
  async () => {
    const text = fc.array(fc.constantFrom('"', ',', '\r', '\n', 'a', '1', '2024-01-02', ' ', '\0', 'é'), {
      minLength: 1,
    });
    const property = fc.asyncProperty(text, (parts) => check('CSV', Buffer.from(parts.join(''))));
    await fc.assert(property, { numRuns: RUNS });
  },
  TIMEOUT_MS,
);
