import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setupConnection } from '@bqtail/googlesql-duckdb';
import { Database } from '../src/database';
import { badRowError } from '../src/load/badRow';
import { makeDataset, rest, rowsOf, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds');
});
afterAll(() => emulator.close());

const fields = [
  { name: 'id', type: 'INTEGER' },
  { name: 'j', type: 'JSON' },
];

const load = (sourceUris: string[], table: string, options: object = {}) =>
  runJob(emulator, {
    load: {
      sourceUris,
      destinationTable: tableRef(table),
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      schema: { fields },
      ...options,
    },
  });

test('a row that no reader expects is a bad row of its file', async () => {
  const deep = `{"id":2,"j":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  const good = await emulator.put('deep/good.json', '{"id":1}\n');
  const bad = await emulator.put('deep/bad.json', `{"id":3}\n${deep}\n`);
  const { status } = await load([good, bad], 'ds.deep');
  expect(status.errorResult).toMatchObject({ reason: 'invalid', location: bad });
  expect(status.errors?.[2]?.message).toContain('JSON parsing error in row starting at position 9: ');
  expect((await rest(emulator, 'GET', '/datasets/ds/tables/deep')).status).toBe(404);
  const allowed = await load([good, bad], 'ds.deep', { maxBadRecords: 1 });
  expect(allowed.status.errorResult).toBeUndefined();
  expect((await rowsOf(emulator, 'ds.deep')).map(([id]) => id)).toEqual(['1', '3']);
});

test('a fault of the emulator itself is an internal error and is logged with its stack', async () => {
  const uri = await emulator.put('own.json', '{"id":1}\n');
  const scratch = join(emulator.dataDir, 'scratch');
  rmSync(scratch, { recursive: true });
  const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    const { status } = await load([uri], 'ds.own');
    expect(status.errorResult).toMatchObject({ reason: 'internalError', message: expect.stringContaining('ENOENT') });
    expect(log).toHaveBeenCalledWith(
      expect.stringMatching(/^job .* failed:$/),
      expect.objectContaining({ code: 'ENOENT', stack: expect.any(String) }),
    );
  } finally {
    log.mockRestore();
    mkdirSync(scratch);
  }
  expect((await load([uri], 'ds.own')).status.errorResult).toBeUndefined();
});

test('the error of a row that DuckDB cannot convert names its file and row', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rows-'));
  const database = await Database.open(join(folder, 'x.duckdb'), setupConnection);
  try {
    const path = join(folder, 'rows');
    const rows = [...Array(50).keys()].map((n) => `{"n":"${n === 37 ? 'x' : n}"}`);
    writeFileSync(path, rows.map((row) => `${row}\n`).join(''));
    const sources = [
      { uri: 'gs://b/1', rows: 30 },
      { uri: 'gs://b/2', rows: 20 },
    ];
    const select = (from: string) =>
      `SELECT CAST(n AS BIGINT) FROM read_json('${from}', format = 'newline_delimited', columns = {n: 'VARCHAR'})`;
    const error = await database.rows(select(path)).catch((reason: unknown) => reason);
    const explained = await badRowError(database, { path, sources, select }, error);
    expect(explained).toMatchObject({ reason: 'invalid', location: 'gs://b/2' });
    expect(String(explained)).toContain('Error in row 8: ');
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
});
