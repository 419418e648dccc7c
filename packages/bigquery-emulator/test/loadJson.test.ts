import { gzipSync } from 'node:zlib';
import { makeDataset, rest, rowsOf, runJob, startTestEmulator, type TestEmulator, tableRef } from './support';

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds');
});
afterAll(() => emulator.close());

const load = (uris: string[], table: string, options: object = {}) =>
  runJob(emulator, {
    load: { sourceUris: uris, destinationTable: tableRef(table), sourceFormat: 'NEWLINE_DELIMITED_JSON', ...options },
  });

/** Loads one row into a table of one column; returns the value, or the error message. */
async function loaded(type: string, json: string, mode = 'NULLABLE'): Promise<unknown> {
  const name = `ds.v${Math.random().toString(36).slice(2)}`;
  const uri = await emulator.put(`${name}.json`, `{"v":${json}}\n`);
  const job = await load([uri], name, { schema: { fields: [{ name: 'v', type, mode }] } });
  const [, , detail] = job.status.errors ?? [];
  if (detail) return detail.message.replace(/^.*position 0: /, '').replace(/ File: .*$/, '');
  return (await rowsOf(emulator, name))[0]?.[0];
}

describe('values', () => {
  test.each([
    ['INTEGER', '1', '1'],
    ['INTEGER', '"12"', '12'],
    ['INTEGER', '9007199254740993', '9007199254740993'],
    ['INTEGER', '-9223372036854775808', '-9223372036854775808'],
    ['INTEGER', '1.0', '1'],
    ['INTEGER', '1.5', 'Could not convert value to integer. Field: v; Value: 1.5'],
    ['INTEGER', '9223372036854775808', 'Could not convert value to integer. Field: v; Value: 9223372036854775808'],
    ['INTEGER', 'true', 'Could not convert value to integer. Field: v; Value: 1'],
    ['INTEGER', '"x"', 'Could not convert value to integer. Field: v; Value: x'],
    ['FLOAT', '1.5', '1.5'],
    ['FLOAT', '"1e3"', '1000.0'],
    ['FLOAT', '"NaN"', 'NaN'],
    ['FLOAT', '"-inf"', '-Infinity'],
    ['FLOAT', '12345678.0', '1.2345678E7'],
    ['BOOLEAN', 'true', 'true'],
    ['BOOLEAN', '"False"', 'false'],
    ['BOOLEAN', '"maybe"', 'Could not convert value to boolean. Field: v; Value: maybe'],
    ['STRING', '"ä\\n\\"b\\""', 'ä\n"b"'],
    ['STRING', '3', 'Could not convert value to string. Field: v; Value: 3'],
    ['STRING', '{"a":1}', 'Could not convert value to string. Field: v; Value: {"a":1}'],
    ['STRING', '["a"]', 'Array specified for non-repeated field: v.'],
    ['BYTES', '"AAH/"', 'AAH/'],
    ['BYTES', '"%"', 'Could not convert value to bytes. Field: v; Value: %'],
    ['NUMERIC', '12345678901234567890.123456789', '12345678901234567890.123456789'],
    ['NUMERIC', '"1e2"', '100'],
    ['NUMERIC', '-0.5', '-0.5'],
    ['NUMERIC', '0.1234567891', 'Invalid NUMERIC value: 0.1234567891 Field: v; Value: 0.1234567891'],
    ['BIGNUMERIC', '"0.123456789012345678"', '0.123456789012345678'],
    ['DATE', '"2024-2-3"', '2024-02-03'],
    ['DATE', '"2024-02-30"', 'Could not convert value to date. Field: v; Value: 2024-02-30'],
    ['DATE', '"2024-02-03 00:00:00"', 'Could not convert value to date. Field: v; Value: 2024-02-03 00:00:00'],
    ['TIME', '"1:02:03.5"', '01:02:03.500000'],
    ['DATETIME', '"2024-02-03 04:05:06"', '2024-02-03T04:05:06'],
    ['DATETIME', '"2024-02-03T04:05:06.123456"', '2024-02-03T04:05:06.123456'],
    [
      'DATETIME',
      '"2024-02-03T04:05:06Z"',
      'Could not convert value to datetime. Field: v; Value: 2024-02-03T04:05:06Z',
    ],
    ['TIMESTAMP', '"2024-02-03 04:05:06 UTC"', '1.706933106E9'],
    ['TIMESTAMP', '"2024-02-03T04:05:06+02:00"', '1.706925906E9'],
    ['TIMESTAMP', '"2024-02-03 04:05:06 America/Los_Angeles"', '1.706961906E9'],
    ['TIMESTAMP', '"2024-02-03"', '1.7069184E9'],
    ['TIMESTAMP', '1706933106', '1.706933106E9'],
    ['TIMESTAMP', '1706933106.25', '1.70693310625E9'],
    ['TIMESTAMP', '"1706933106"', '1.706933106E9'],
    ['TIMESTAMP', '"soon"', 'Could not convert value to timestamp. Field: v; Value: soon'],
    ['JSON', '{"a":[1,12345678901234567890]}', '{"a":[1,12345678901234567890]}'],
    ['JSON', '"text"', '"text"'],
    ['JSON', 'null', 'null'],
    ['INTERVAL', '"1-2 3 4:5:6.5"', '1-2 3 4:5:6.500'],
    ['INTERVAL', '"-1-2 -3 -4:5:6"', '-1-2 -3 -4:5:6'],
    ['INTERVAL', '"soon"', 'Could not convert value to interval. Field: v; Value: soon'],
    ['RANGE', '"[2024-01-02, UNBOUNDED)"', '[2024-01-02, UNBOUNDED)'],
    ['RANGE', '"[x, UNBOUNDED)"', 'Could not convert value to date. Field: v; Value: x'],
    ['RANGE', '"2024-01-02"', 'Could not convert value to range. Field: v; Value: 2024-01-02'],
    ['JSON', '[null,{"a":null}]', '[null,{"a":null}]'],
    ['JSON', '{"a":1,"a":2,"b":{"c":1,"c":2}}', '{"a":1,"b":{"c":1}}'],
    ['JSON', '1e400', 'Could not convert value to json. Field: v; Value: 1e400'],
    ['JSON', '["a\\ud83dz"]', '["a\ufffdz"]'],
    ['STRING', '"a\\ud83dz"', 'a\ufffdz'],
    ['STRING', '"\\ude00\\ud83d\\ude00\\\\ud83d"', '\ufffd\u{1f600}\\ud83d'],
    ['STRING', '"a\\u0000b"', 'a\0b'],
    ['FLOAT', '1e400', 'Could not convert value to double. Field: v; Value: 1e400'],
    ['FLOAT', '1e-400', '0.0'],
    ['FLOAT', '123456789012345678901234567890', '1.2345678901234568E29'],
    ['INTEGER', '1e400', 'Could not convert value to integer. Field: v; Value: 1e400'],
    ['NUMERIC', '1e400', 'Could not convert value to numeric. Field: v; Value: 1e400'],
    ['GEOGRAPHY', '"POINT(1 2)"', 'POINT(1 2)'],
    ['STRING', 'null', null],
  ])('a %s column reads %s', async (type, json, expected) => {
    expect(await loaded(type, json)).toBe(expected);
  });

  test('values that do not match the mode of their column are refused', async () => {
    expect(await loaded('STRING', 'null', 'REQUIRED')).toBe(
      'Only optional fields can be set to NULL. Field: v; Value: NULL',
    );
    expect(await loaded('STRING', '"a"', 'REPEATED')).toBe(
      'Repeated field must be imported as a JSON array. Field: v.',
    );
    expect(await loaded('STRING', '["a",null]', 'REPEATED')).toBe(
      'Only optional fields can be set to NULL. Field: v; Value: NULL',
    );
    expect(await loaded('STRING', 'null', 'REPEATED')).toEqual([]);
  });
});

describe('keys', () => {
  const record = { name: 'r', type: 'RECORD', fields: [{ name: 'x', type: 'INTEGER' }] };
  const fields = [{ name: 'id', type: 'INTEGER' }, { name: 'j', type: 'JSON' }, record];

  test.each([
    ['{"id":1,"id":2}', 'Multiple definition of field: id.'],
    ['{"id":1,"ID":2}', 'Multiple definition of field: ID.'],
    ['{"id":null,"id":2}', 'Multiple definition of field: id.'],
    ['{"r":{"x":1,"j":"\\":","x":2}}', 'No such field: r.j.'],
    ['{"r":{"x":1,"x" : 2}}', 'Multiple definition of field: r.x.'],
  ])('the row %s is refused', async (row, problem) => {
    const uri = await emulator.put('keys.json', row);
    const { status } = await load([uri], 'ds.keys', { schema: { fields } });
    expect(status.errors?.[2]?.message).toContain(`position 0: ${problem} File:`);
  });

  test('a JSON column distinguishes the JSON value null from a missing value', async () => {
    const uri = await emulator.put('nulls.json', '{"id":1,"j":null}\n{"id":2}\n{"id":3,"j":{"a":1},"r":{}}\n');
    await load([uri], 'ds.nulls', { schema: { fields } });
    const { body } = await rest(emulator, 'POST', '/queries', {
      useLegacySql: false,
      query: 'SELECT id, j IS NULL, r IS NULL FROM ds.nulls ORDER BY id',
    });
    expect((body['rows'] as { f: { v: unknown }[] }[]).map(({ f }) => f.map(({ v }) => v))).toEqual([
      ['1', 'false', 'true'],
      ['2', 'true', 'true'],
      ['3', 'false', 'false'],
    ]);
  });

  test('autodetect refuses keys that differ by case', async () => {
    const uri = await emulator.put('case.json', '{"Id":1}\n{"id":2}\n');
    const { status } = await load([uri], 'ds.cases', { autodetect: true });
    expect(status.errorResult).toMatchObject({ reason: 'invalid', message: 'Field id already exists in schema' });
  });

  test('autodetect refuses a record that is always empty', async () => {
    const uri = await emulator.put('empty.json', '{"id":1,"r":{}}\n');
    const { status } = await load([uri], 'ds.empty', { autodetect: true });
    expect(status.errorResult?.message).toBe('Field r is type RECORD but has no schema');
  });

  test('autodetect reads texts as numbers and booleans, and large integers as floats', async () => {
    const row = { n: '12', f: '2.5', b: 'true', s: '1a', m: 1, l: [] };
    const text = `${JSON.stringify(row)}\n{"x":111222333444555666777,"m":1.5,"l":["x"]}\n`;
    const uri = await emulator.put('quoted.json', text);
    const { status } = await load([uri], 'ds.quoted', { autodetect: true });
    expect(status.errorResult).toBeUndefined();
    const { body } = await rest(emulator, 'GET', '/datasets/ds/tables/quoted');
    const detected = (body['schema'] as { fields: { name: string; type: string; mode: string }[] }).fields;
    expect(detected.map(({ name, type, mode }) => `${name} ${type} ${mode}`)).toEqual([
      'n INTEGER NULLABLE',
      'f FLOAT NULLABLE',
      'b BOOLEAN NULLABLE',
      's STRING NULLABLE',
      'm FLOAT NULLABLE',
      'l STRING REPEATED',
      'x FLOAT NULLABLE',
    ]);
  });
});

describe('files', () => {
  const fields = [
    { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
    {
      name: 'items',
      type: 'RECORD',
      mode: 'REPEATED',
      fields: [
        { name: 'sku', type: 'STRING' },
        { name: 'raw', type: 'BYTES' },
        { name: 'at', type: 'RECORD', fields: [{ name: 'day', type: 'DATE' }] },
      ],
    },
  ];

  test('nested rows of several files are loaded, with keys in any case', async () => {
    const one = await emulator.put(
      'n/1.json',
      '{"ID":1,"Items":[{"SKU":"a","raw":"AAE=","at":{"day":"2024-01-02"}},{}]}\n\n',
    );
    const two = await emulator.put('n/2.json.gz', gzipSync('{"id":2}'));
    const job = await load([one, two], 'ds.nested', { schema: { fields } });
    expect(job.status).toEqual({ state: 'DONE' });
    expect(job.statistics['load']).toEqual({
      inputFiles: '2',
      inputFileBytes: expect.any(String),
      outputRows: '2',
      outputBytes: expect.any(String),
      badRecords: '0',
    });
    const cell = (v: unknown) => ({ v });
    const item = { f: [cell('a'), cell('AAE='), cell({ f: [cell('2024-01-02')] })] };
    const empty = { f: [cell(null), cell(null), cell(null)] };
    expect(await rowsOf(emulator, 'ds.nested')).toEqual([
      ['1', [cell(item), cell(empty)]],
      ['2', []],
    ]);
  });

  test('a wildcard selects all matching files', async () => {
    await emulator.put('w/a1.json', '{"id":1}');
    await emulator.put('w/a2.json', '{"id":2}');
    await emulator.put('w/b.json', '{"id":3}');
    const job = await load(['gs://source-bucket/w/a*.json'], 'ds.wild', { schema: { fields } });
    expect(job.statistics['load']?.['inputFiles']).toBe('2');
    expect((await rowsOf(emulator, 'ds.wild')).map(([id]) => id)).toEqual(['1', '2']);
  });

  test('a row that spans several chunks of the file is read', async () => {
    const text = 'x'.repeat(300_000);
    const uri = await emulator.put('long.json', `{"s":"${text}"}\n{"s":"b"}`);
    await load([uri], 'ds.long', { schema: { fields: [{ name: 's', type: 'STRING' }] } });
    const rows = await rowsOf(emulator, 'ds.long');
    expect(rows.map(([s]) => String(s).length)).toEqual([300_000, 1]);
  });

  test('autodetect detects types, records and lists', async () => {
    const rows = [
      {
        id: 1,
        ratio: 1,
        name: 'a',
        ok: true,
        on: '2024-01-02',
        at: '2024-01-02 03:04:05 UTC',
        tags: ['x'],
        in: { x: 1 },
      },
      { id: 2, ratio: 1.5, name: 'b', extra: null },
    ];
    const uri = await emulator.put('auto.json', rows.map((row) => JSON.stringify(row)).join('\n'));
    const job = await load([uri], 'ds.auto', { autodetect: true, ignoreUnknownValues: true });
    expect(job.status.errors).toBeUndefined();
    const { body } = await rest(emulator, 'GET', '/datasets/ds/tables/auto');
    const found = (body['schema'] as { fields: { name: string; type: string; mode: string }[] }).fields;
    expect(found.map(({ name, type, mode }) => `${name} ${type} ${mode}`)).toEqual([
      'id INTEGER NULLABLE',
      'ratio FLOAT NULLABLE',
      'name STRING NULLABLE',
      'ok BOOLEAN NULLABLE',
      'on DATE NULLABLE',
      'at TIMESTAMP NULLABLE',
      'tags STRING REPEATED',
      'in RECORD NULLABLE',
      'extra STRING NULLABLE',
    ]);
  });
});

describe('dispositions', () => {
  const fields = [{ name: 'id', type: 'INTEGER' }];
  const ids = async (table: string) => (await rowsOf(emulator, table)).map(([id]) => id);

  test('the write disposition appends, truncates or requires an empty table', async () => {
    const [one, two] = [await emulator.put('d/1.json', '{"id":1}'), await emulator.put('d/2.json', '{"id":2}')];
    await load([one], 'ds.disp', { schema: { fields } });
    await load([two], 'ds.disp');
    expect(await ids('ds.disp')).toEqual(['1', '2']);
    await load([two], 'ds.disp', { writeDisposition: 'WRITE_TRUNCATE' });
    expect(await ids('ds.disp')).toEqual(['2']);
    const refused = await load([one], 'ds.disp', { writeDisposition: 'WRITE_EMPTY' });
    expect(refused.status.errorResult).toEqual({
      reason: 'duplicate',
      message: 'Already Exists: Table local-project:ds.disp',
    });
  });

  test('a missing table with CREATE_NEVER and a missing dataset are not found', async () => {
    const uri = await emulator.put('d/3.json', '{"id":1}');
    const never = await load([uri], 'ds.never', { schema: { fields }, createDisposition: 'CREATE_NEVER' });
    expect(never.status.errorResult).toMatchObject({
      reason: 'notFound',
      message: 'Not found: Table local-project:ds.never',
    });
    const nowhere = await load([uri], 'nowhere.t', { schema: { fields } });
    expect(nowhere.status.errorResult).toMatchObject({
      reason: 'notFound',
      message: 'Not found: Dataset local-project:nowhere',
    });
  });

  test('columns are added and relaxed only if the job allows it', async () => {
    const table = { fields: [{ name: 'id', type: 'INTEGER', mode: 'REQUIRED' }] };
    const [one, two] = [await emulator.put('u/1.json', '{"id":1}'), await emulator.put('u/2.json', '{"n":{"x":2}}')];
    await load([one], 'ds.upd', { schema: table });
    const wider = { fields: [...fields, { name: 'n', type: 'RECORD', fields: [{ name: 'x', type: 'INTEGER' }] }] };
    const mode = await load([two], 'ds.upd', { schema: wider });
    expect(mode.status.errorResult?.message).toBe(
      'Provided Schema does not match Table local-project:ds.upd. Field id has changed mode from REQUIRED to NULLABLE',
    );
    const relaxed = await load([two], 'ds.upd', { schema: wider, schemaUpdateOptions: ['ALLOW_FIELD_RELAXATION'] });
    expect(relaxed.status.errorResult?.message).toBe(
      'Provided Schema does not match Table local-project:ds.upd. Cannot add fields (field: n)',
    );
    const both = ['ALLOW_FIELD_RELAXATION', 'ALLOW_FIELD_ADDITION'];
    expect(
      (await load([two], 'ds.upd', { schema: wider, schemaUpdateOptions: both })).status.errorResult,
    ).toBeUndefined();
    expect(await rowsOf(emulator, 'ds.upd')).toEqual([
      ['1', null],
      [null, { f: [{ v: '2' }] }],
    ]);
  });

  test('schema update options are refused for a table that is replaced', async () => {
    const uri = await emulator.put('u/3.json', '{"id":1}');
    const options = { schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'], writeDisposition: 'WRITE_TRUNCATE' };
    const refused = await load([uri], 'ds.upd2', { schema: { fields }, ...options }).catch(
      (error: Error) => error.message,
    );
    expect(JSON.stringify(refused)).toContain('Schema update options should only be specified with WRITE_APPEND');
  });

  test('a job adds columns at several levels, and new arrays are empty in existing rows', async () => {
    const record = (name: string, mode: string, ...inner: object[]) => ({ name, type: 'RECORD', mode, fields: inner });
    const column = (name: string, type = 'INTEGER', mode = 'NULLABLE') => ({ name, type, mode });
    const before = [column('id'), record('in', 'NULLABLE', column('x')), record('list', 'REPEATED', column('x'))];
    const after = [
      column('id'),
      record(
        'in',
        'NULLABLE',
        column('x'),
        column('tags', 'STRING', 'REPEATED'),
        record('deep', 'NULLABLE', column('y')),
      ),
      record('list', 'REPEATED', column('x'), record('items', 'REPEATED', column('z')), column('w', 'DATE')),
      column('tags', 'STRING', 'REPEATED'),
      column('note', 'STRING'),
      record('more', 'REPEATED', column('x')),
      column('last', 'FLOAT'),
    ];
    const one = await emulator.put('m/1.json', '{"id":1,"in":{"x":2},"list":[{"x":3},{}]}\n{"id":2}');
    await load([one], 'ds.levels', { schema: { fields: before } });
    const two = await emulator.put(
      'm/2.json',
      '{"id":3,"in":{"tags":["a"]},"list":[{"items":[{"z":1}]}],"tags":["b"],"last":1}',
    );
    const job = await load([two], 'ds.levels', {
      schema: { fields: after },
      schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'],
    });
    expect(job.status.errorResult).toBeUndefined();
    const { body } = await rest(emulator, 'POST', '/queries', {
      useLegacySql: false,
      query: `SELECT id, ARRAY_LENGTH(l.tags), ARRAY_LENGTH(l.\`in\`.tags), (SELECT SUM(ARRAY_LENGTH(i.items)) FROM UNNEST(list) AS i), ARRAY_LENGTH(more), note
        FROM ds.levels AS l ORDER BY id`,
    });
    expect((body['rows'] as { f: { v: unknown }[] }[]).map(({ f }) => f.map(({ v }) => v))).toEqual([
      ['1', '0', '0', '0', '0', null],
      ['2', '0', null, null, '0', null],
      ['3', '1', '1', '1', '0', null],
    ]);
  });

  test('a schema clash is reported before bad rows', async () => {
    await load([await emulator.put('cb/0.json', '{"id":1}')], 'ds.clashing', { schema: { fields } });
    const job = await load([await emulator.put('cb/1.json', '{"nope":1}')], 'ds.clashing', {
      schema: { fields: [{ name: 'id', type: 'STRING' }] },
    });
    expect(job.status.errorResult?.message).toContain('Field id has changed type from INTEGER to STRING');
  });

  test('a column of another type is a schema clash', async () => {
    const uri = await emulator.put('c/1.json', '{"id":"a"}');
    await load([await emulator.put('c/0.json', '{"id":1}')], 'ds.clash', { schema: { fields } });
    const job = await load([uri], 'ds.clash', { schema: { fields: [{ name: 'id', type: 'STRING' }] } });
    expect(job.status.errorResult).toMatchObject({
      reason: 'invalid',
      message:
        'Provided Schema does not match Table local-project:ds.clash. Field id has changed type from INTEGER to STRING',
    });
  });
});
