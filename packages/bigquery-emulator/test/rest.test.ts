/** @jest-environment ./packages/bigquery-emulator/test/clientEnvironment.js */
import {
  finished,
  makeDataset,
  PROJECT,
  rest,
  rowsOf,
  runJob,
  startTestEmulator,
  type TestEmulator,
  tableRef,
} from './support';

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds', {
    sample: [
      { name: 'id', type: 'INT64' },
      { name: 'moment', type: 'TIMESTAMP' },
      {
        name: 'part',
        type: 'STRUCT',
        fields: [
          { name: 'x', type: 'STRING' },
          { name: 'y', type: 'STRING' },
        ],
      },
    ],
  });
  await query("INSERT ds.sample VALUES (1, TIMESTAMP '2024-01-02 03:04:05.678901 UTC', STRUCT('x', 'y'))");
});
afterAll(() => emulator.close());

const query = (text: string, more: object = {}) =>
  rest(emulator, 'POST', '/queries', { query: text, useLegacySql: false, ...more });

/** Status, reason and message of an error. */
function refusal({ status, body }: Awaited<ReturnType<typeof rest>>): unknown[] {
  const error = body['error'] as { errors: { reason: string; message: string }[] } | undefined;
  return [status, error?.errors[0]?.reason, error?.errors[0]?.message];
}

describe('any call', () => {
  test('a call answers only the requested fields', async () => {
    const { body } = await rest(emulator, 'GET', '/datasets/ds?fields=id,datasetReference/datasetId');
    expect(body).toEqual({ id: `${PROJECT}:ds`, datasetReference: { datasetId: 'ds' } });
  });

  test('a POST with the header X-HTTP-Method-Override is a PATCH', async () => {
    const url = `${emulator.url}/bigquery/v2/projects/${PROJECT}/datasets/ds`;
    const headers = { 'x-http-method-override': 'PATCH', 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: '{"description":"patched"}' });
    expect(await answer.json()).toMatchObject({ description: 'patched' });
  });

  test.each([
    ['GET', '/datasets?maxResults=many', undefined, 400, 'invalid'],
    ['GET', '/jobs?stateFilter=lost', undefined, 400, 'invalid'],
    ['GET', '/datasets/ds/routines/r', undefined, 404, 'notFound'],
    ['GET', '/datasets/ds/models/m', undefined, 404, 'notFound'],
    ['POST', '/datasets', { datasetReference: { datasetId: 'a-b' } }, 400, 'invalid'],
    ['POST', '/datasets', { datasetReference: { datasetId: 'low' }, labels: { 'A b': 'c' } }, 400, 'invalid'],
    ['POST', '/datasets', { datasetReference: { datasetId: 'low' }, defaultTableExpirationMs: '1' }, 400, 'invalid'],
    ['PATCH', '/datasets/ds', { location: 'EU' }, 400, 'invalid'],
    ['POST', '/queries', { query: 'SELECT 1', jobCreationMode: 'NEVER' }, 400, 'invalid'],
    ['POST', '/queries', { query: 'SELECT 1', maximumBytesBilled: '-1' }, 400, 'invalid'],
    ['POST', '/queries', { query: 'SELECT 1', maxResults: -1 }, 400, 'invalid'],
    ['POST', '/queries', { query: 'SELECT 1', parameterMode: 'GUESSED' }, 400, 'invalid'],
    ['POST', '/jobs', { configuration: { query: { query: 'SELECT 1', priority: 'LOW' } } }, 400, 'invalid'],
    ['POST', '/queries', { query: 'SELECT 1', labels: { 'A b': 'c' } }, 400, 'invalid'],
    [
      'POST',
      '/queries',
      { query: 'SELECT 1', connectionProperties: [{ key: 'time_zone', value: 'Asia/Tokyo' }] },
      501,
      'notImplemented',
    ],
  ])('%s %s %j is refused', async (method, path, body, status, reason) => {
    expect(refusal(await rest(emulator, method, path, body)).slice(0, 2)).toEqual([status, reason]);
  });

  test.each([
    ['GET', '/serviceAccount', undefined, { kind: 'bigquery#getServiceAccountResponse' }],
    ['GET', '/datasets/ds/routines', undefined, {}],
    ['GET', '/datasets/ds/models', undefined, {}],
    ['GET', '/datasets/ds/tables/sample/rowAccessPolicies', undefined, {}],
    ['POST', '/datasets/ds/tables/sample:getIamPolicy', {}, { etag: 'ACAB' }],
    ['POST', '/datasets/ds/tables/sample:testIamPermissions', { permissions: ['a.b'] }, { permissions: ['a.b'] }],
  ])('%s %s answers as if there were no such resources', async (method, path, body, expected) => {
    expect(await rest(emulator, method, path, body)).toMatchObject({ status: 200, body: expected });
  });
});

describe('datasets', () => {
  test('new tables take the default expiration of tables or partitions of their dataset', async () => {
    const day = 86_400_000;
    await rest(emulator, 'POST', '/datasets', {
      datasetReference: { datasetId: 'short' },
      location: 'eu',
      defaultTableExpirationMs: day,
      defaultPartitionExpirationMs: 2 * day,
    });
    const create = (tableId: string, more: object) =>
      rest(emulator, 'POST', '/datasets/short/tables', {
        tableReference: { tableId },
        schema: { fields: [{ name: 'd', type: 'DATE' }] },
        ...more,
      });
    const { body: plain } = await create('plain', {});
    expect(plain).toMatchObject({ expirationTime: String(Number(plain['creationTime']) + day), location: 'EU' });
    const { body: parted } = await create('parted', { timePartitioning: { type: 'DAY', field: 'd' } });
    expect(parted).toMatchObject({ timePartitioning: { expirationMs: String(2 * day) } });
    expect(parted).not.toHaveProperty('expirationTime');
  });
});

describe('tables', () => {
  const fields = [
    { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
    { name: 'd', type: 'DATE' },
    { name: 's', type: 'STRING' },
    { name: 'f', type: 'FLOAT' },
  ];
  const range = (start: number, end: number, interval: number) => ({
    rangePartitioning: { field: 'id', range: { start, end, interval } },
  });

  test.each([
    [{ schema: { fields: [{ name: 'a', type: 'STRING', mode: 'MANY' }] } }, /mode: MANY/],
    [{ schema: { fields: [{ name: '_TABLE_x', type: 'STRING' }] } }, /Invalid field name "_TABLE_x"/],
    [{ clustering: { fields: ['none'] } }, /clustering cannot be found in the schema. Invalid field: none/],
    [{ clustering: { fields: ['f'] } }, /FLOAT cannot be clustered by/],
    [{ clustering: { fields: ['id', 'd', 's', 'id', 'd'] } }, /Too many clustering fields/],
    [{ timePartitioning: { field: 'd' } }, /Required parameter is missing: timePartitioning.type/],
    [{ timePartitioning: { type: 'WEEK' } }, /Invalid time partitioning type: WEEK/],
    [{ timePartitioning: { type: 'HOUR', field: 'd' } }, /DATE cannot be partitioned by HOUR/],
    [
      { timePartitioning: { type: 'DAY', field: 's' } },
      /can only be of type TIMESTAMP, DATE or DATETIME. The type found is: STRING/,
    ],
    [range(0, 10, 0), /Invalid range partitioning/],
    [range(10, 0, 1), /Invalid range partitioning/],
    [{ rangePartitioning: { field: 'id' } }, /Required parameter is missing: rangePartitioning.range/],
    [{ timePartitioning: { type: 'DAY' }, ...range(0, 10, 1) }, /Only one of/],
    [{ tableReference: { datasetId: 'other', tableId: 'no' } }, /is not the one of the request/],
    [{ tableReference: { tableId: 'no$20240101' } }, /Table decorators cannot be used/],
  ])('a table with %j is not created', async (more, message) => {
    const body = { tableReference: { tableId: 'no' }, schema: { fields }, ...more };
    const [status, , text] = refusal(await rest(emulator, 'POST', '/datasets/ds/tables', body));
    expect([status, text]).toEqual([400, expect.stringMatching(message)]);
  });

  test('a change of a table cannot change its kind, modes or partitioning', async () => {
    const create = (tableId: string, more: object) =>
      rest(emulator, 'POST', '/datasets/ds/tables', { tableReference: { tableId }, schema: { fields }, ...more });
    await create('plain', { labels: { a: 'b' } });
    await create('daily', { timePartitioning: { type: 'DAY', field: 'd', expirationMs: '1000' } });
    const patch = (tableId: string, body: object) => rest(emulator, 'PATCH', `/datasets/ds/tables/${tableId}`, body);
    const tightened = fields.map((field) => ({ ...field, mode: 'REQUIRED' }));
    for (const [tableId, body, message] of [
      ['plain', { view: { query: 'SELECT 1' } }, /currently a TABLE/],
      ['plain', { timePartitioning: { type: 'DAY', field: 'd' } }, /^Cannot convert non partitioned/],
      ['plain', { schema: { fields: tightened } }, /Field d has changed mode from NULLABLE to REQUIRED/],
      ['daily', { timePartitioning: { type: 'MONTH' } }, /^Cannot change partitioning/],
      ['daily', { timePartitioning: null }, /^Cannot change partitioning/],
    ] as const) {
      expect(refusal(await patch(tableId, body))).toEqual([400, 'invalid', expect.stringMatching(message)]);
    }
    expect((await patch('plain', { labels: { a: null } })).body).not.toHaveProperty('labels');
    expect((await patch('daily', { timePartitioning: { expirationMs: '2000' } })).body).toMatchObject({
      timePartitioning: { type: 'DAY', field: 'd', expirationMs: '2000' },
    });
    const replaced = await rest(emulator, 'PUT', '/datasets/ds/tables/daily', { schema: { fields }, description: 'x' });
    expect(replaced.body).toMatchObject({ description: 'x', timePartitioning: { type: 'DAY', field: 'd' } });
  });

  test('tables.get and tabledata.list answer only the selected fields', async () => {
    const { body } = await rest(emulator, 'GET', '/datasets/ds/tables/sample?view=BASIC&selectedFields=part.y');
    expect(body).toMatchObject({ schema: { fields: [{ name: 'part', fields: [{ name: 'y' }] }] } });
    expect(body).not.toHaveProperty('numRows');
    const rows = await rest(emulator, 'GET', '/datasets/ds/tables/sample/data?selectedFields=part.y,id');
    expect(rows.body['rows']).toEqual([{ f: [{ v: '1' }, { v: { f: [{ v: 'y' }] } }] }]);
  });

  test('views have row counts and descriptions of columns', async () => {
    const view = { query: 'SELECT id FROM ds.sample', useLegacySql: false };
    const made = await rest(emulator, 'POST', '/datasets/ds/tables', { tableReference: { tableId: 'v' }, view });
    expect(made.body).toMatchObject({ type: 'VIEW', numRows: '0', numBytes: '0' });
    const described = { schema: { fields: [{ name: 'id', type: 'INTEGER', description: 'the ID' }] } };
    const changed = await rest(emulator, 'PATCH', '/datasets/ds/tables/v', described);
    expect(changed.body).toMatchObject({ view, schema: { fields: [{ name: 'id', description: 'the ID' }] } });
  });
});

describe('queries', () => {
  test.each([
    [{ useInt64Timestamp: true }, '1704164645678901'],
    [{ timestampOutputFormat: 'INT64' }, '1704164645678901'],
    [{ timestampOutputFormat: 'ISO8601_STRING' }, '2024-01-02T03:04:05.678901Z'],
    [{ timestampOutputFormat: 'FLOAT64' }, '1.704164645678901E9'],
    [{}, '1.704164645678901E9'],
  ])('timestamps are written in the format of %j', async (formatOptions, expected) => {
    const { body } = await query('SELECT moment FROM ds.sample', { formatOptions });
    expect(body['rows']).toEqual([{ f: [{ v: expected }] }]);
  });

  test('queries are billed by MiB and table, and refused above maximumBytesBilled', async () => {
    const { body } = await query('SELECT id FROM ds.sample AS one JOIN ds.sample AS two USING (id)', {
      maximumBytesBilled: '10485760',
    });
    expect(body).toMatchObject({ totalBytesBilled: '10485760', totalSlotMs: '0', statementType: 'SELECT' });
    expect(refusal(await query('SELECT id FROM ds.sample', { maximumBytesBilled: '1' }))).toEqual([
      400,
      'bytesBilledLimitExceeded',
      'Query exceeded limit for bytes billed: 1. 10485760 or higher required.',
    ]);
  });

  test('a dry run has no job ID', async () => {
    const configuration = { dryRun: true, query: { query: 'SELECT id FROM ds.sample', useLegacySql: false } };
    const { body } = await rest(emulator, 'POST', '/jobs', { configuration });
    expect(body).toMatchObject({
      id: `${PROJECT}:US.`,
      jobReference: { projectId: PROJECT, location: 'US' },
      configuration: { query: { priority: 'INTERACTIVE' } },
      statistics: { query: { totalBytesProcessedAccuracy: 'PRECISE', referencedTables: [tableRef('ds.sample')] } },
    });
    expect(body['jobReference']).not.toHaveProperty('jobId');
  });

  test('a query can create a session that the next query joins', async () => {
    const { body } = await query('SELECT 1', { createSession: true });
    const { sessionId } = body['sessionInfo'] as { sessionId: string };
    const next = await query('SELECT 2', { connectionProperties: [{ key: 'session_id', value: sessionId }] });
    expect(next.body).toMatchObject({ sessionInfo: { sessionId } });
  });
});

describe('jobs', () => {
  test('a job is found only at its location', async () => {
    const job = await runJob(emulator, { query: { query: 'SELECT 1', useLegacySql: false } }, 'placed');
    expect(job.statistics).toMatchObject({ finalExecutionDurationMs: expect.stringMatching(/^\d+$/) });
    const missing = [404, 'notFound', `Not found: Job ${PROJECT}:EU.placed`];
    for (const path of ['/jobs/placed?location=EU', '/queries/placed?location=EU']) {
      expect(refusal(await rest(emulator, 'GET', path))).toEqual(missing);
    }
    expect(await rest(emulator, 'GET', '/jobs/placed?location=us')).toMatchObject({ status: 200 });
  });

  test('child jobs are deleted with their script and not alone', async () => {
    const { body } = await query('SELECT 1; SELECT 2');
    const { jobId } = body['jobReference'] as { jobId: string };
    const list = await rest(emulator, 'GET', `/jobs?parentJobId=${jobId}`);
    const [child] = list.body['jobs'] as { jobReference: { jobId: string } }[];
    expect(refusal(await rest(emulator, 'DELETE', `/jobs/${child?.jobReference.jobId}/delete`))[0]).toBe(400);
    expect(await rest(emulator, 'DELETE', `/jobs/${jobId}/delete`)).toMatchObject({ status: 204 });
  });

  test('a job ends after its jobTimeoutMs', async () => {
    const numbers = 'UNNEST(GENERATE_ARRAY(1, 100000))';
    const text = `SELECT SUM(a * b) FROM ${numbers} AS a, ${numbers} AS b`;
    const configuration = { jobTimeoutMs: '200', query: { query: text, useLegacySql: false } };
    const { body } = await rest(emulator, 'POST', '/jobs', { configuration });
    const { jobId } = body['jobReference'] as { jobId: string };
    expect((await finished(emulator, jobId)).status.errorResult).toEqual({
      reason: 'stopped',
      message: 'Job execution was cancelled: Job timed out after 0s',
    });
  });
});

describe('load jobs', () => {
  const text = [
    { name: 'id', type: 'INTEGER' },
    { name: 's', type: 'STRING' },
  ];
  const load = (sourceUris: string[], tableId: string, more: object) => ({
    load: { sourceUris, destinationTable: tableRef(`ds.${tableId}`), schema: { fields: text }, ...more },
  });

  test.each([
    [{ writeDisposition: 'WRITE_OFTEN' }, 400],
    [{ createDisposition: 'CREATE_MAYBE' }, 400],
    [{ schemaUpdateOptions: ['ALLOW_ALL'] }, 400],
    [{ encoding: 'EBCDIC' }, 400],
    [{ sourceColumnMatch: 'LUCK' }, 400],
    [{ columnNameCharacterMap: 'V9' }, 400],
    [{ nullMarker: 'a', nullMarkers: ['b'] }, 400],
    [{ dateFormat: 'DD.MM.YYYY' }, 501],
    [{ timeZone: 'Asia/Tokyo' }, 501],
    [{ hivePartitioningOptions: { mode: 'AUTO' } }, 501],
    [{ jsonExtension: 'GEOJSON' }, 501],
    [{ decimalTargetTypes: ['FLOAT64'] }, 400],
    [{ fileSetSpecType: 'FILE_SET_SPEC_TYPE_NEW_LINE_DELIMITED_MANIFEST' }, 501],
  ])('a load job with %j is refused', async (more, status) => {
    const configuration = load(['gs://none/none'], 'no', more);
    expect(await rest(emulator, 'POST', '/jobs', { configuration })).toMatchObject({ status });
  });

  const utf32 = (littleEndian: boolean) => {
    const view = new DataView(new ArrayBuffer(5 * 4));
    [...'1,é😀\n'].forEach((character, place) => {
      view.setUint32(place * 4, character.codePointAt(0) ?? 0, littleEndian);
    });
    return Buffer.from(view.buffer);
  };
  test.each([
    ['UTF-16LE', Buffer.from('1,é😀\n', 'utf16le')],
    ['UTF-16BE', Buffer.from('1,é😀\n', 'utf16le').swap16()],
    ['UTF-32LE', utf32(true)],
    ['UTF-32BE', utf32(false)],
  ])('a load reads CSV in %s', async (encoding, data) => {
    const table = `in_${encoding.replace('-', '_')}`;
    const job = await runJob(emulator, load([await emulator.put(`${table}.csv`, data)], table, { encoding }));
    expect(job.status).toEqual({ state: 'DONE' });
    expect(await rowsOf(emulator, `ds.${table}`)).toEqual([['1', 'é😀']]);
  });

  test('a load matches CSV columns by name and keeps control characters on request', async () => {
    const uri = await emulator.put('named.csv', 's,id\na\0b,1\n');
    const named = { sourceColumnMatch: 'NAME', skipLeadingRows: 1 };
    const refused = await runJob(emulator, load([uri], 'named', named));
    expect(refused.status.errors?.at(-1)?.message).toContain('Bad character (ASCII 0) encountered.');
    await runJob(emulator, load([uri], 'named', { ...named, preserveAsciiControlCharacters: true }));
    expect(await rowsOf(emulator, 'ds.named')).toEqual([['1', 'a\0b']]);
  });

  test.each([
    ['V1', ['_1_a', 'b_c']],
    ['V2', ['1 a', 'b_c']],
    [undefined, ['1_a', 'b_c']],
  ])('column names of a header follow the character map %s', async (columnNameCharacterMap, names) => {
    const uri = await emulator.put('map.csv', '1 a,b.c\n1,2\n');
    const table = `map_${columnNameCharacterMap}`;
    const { load: configuration } = load([uri], table, {
      autodetect: true,
      skipLeadingRows: 1,
      columnNameCharacterMap,
    });
    await runJob(emulator, { load: { ...configuration, schema: undefined } });
    const { body } = await rest(emulator, 'GET', `/datasets/ds/tables/${table}`);
    expect((body['schema'] as { fields: { name: string }[] }).fields.map(({ name }) => name)).toEqual(names);
  });

  test('a wildcard without matches is named in the error', async () => {
    const { status } = await runJob(emulator, load(['gs://source-bucket/none*'], 'no', {}));
    expect(status.errorResult).toMatchObject({
      reason: 'notFound',
      message: 'Not found: Uris gs://source-bucket/none*',
    });
  });
});

describe('destinations', () => {
  const write = (sql: string, more: object) =>
    runJob(emulator, { query: { query: sql, useLegacySql: false, destinationTable: tableRef('ds.kept'), ...more } });

  test('WRITE_TRUNCATE_DATA keeps the schema of the table', async () => {
    await write('SELECT 1 AS a', {});
    const dispositions = { writeDisposition: 'WRITE_TRUNCATE_DATA' };
    expect((await write('SELECT 2 AS b', dispositions)).status.errorResult?.message).toMatch(/Cannot add fields/);
    await write('SELECT 3 AS a', dispositions);
    expect(await rowsOf(emulator, 'ds.kept')).toEqual([['3']]);
  });

  test.each([
    ['DELETE FROM ds.sample WHERE false', 'Cannot set destination table in jobs with DML statements'],
    ['CREATE TABLE ds.never (a INT64)', 'Cannot set destination table in jobs with DDL statements'],
    ['SELECT 1; SELECT 2', 'configuration.query.destinationTable cannot be set for scripts'],
  ])('a destination table is refused for %s', async (sql, message) => {
    expect((await write(sql, {})).status.errorResult).toMatchObject({ reason: 'invalidQuery', message });
  });

  test('a copied table expires at the requested time', async () => {
    const copy = { sourceTable: tableRef('ds.sample'), destinationTable: tableRef('ds.copied') };
    await runJob(emulator, {
      copy: { ...copy, operationType: 'CLONE', destinationExpirationTime: '2095-01-01T00:00:00Z' },
    });
    const { body } = await rest(emulator, 'GET', '/datasets/ds/tables/copied');
    expect(body).toMatchObject({ expirationTime: String(Date.UTC(2095, 0, 1)), numRows: '1' });
    for (const [operationType, status] of [
      ['SNAPSHOT', 501],
      ['OTHER', 400],
    ]) {
      const configuration = { copy: { ...copy, operationType } };
      expect(await rest(emulator, 'POST', '/jobs', { configuration })).toMatchObject({ status });
    }
  });
});

test('streaming into a table without a schema is refused', async () => {
  await rest(emulator, 'POST', '/datasets/ds/tables', { tableReference: { tableId: 'bare' } });
  const rows = [{ json: { a: 1 } }];
  expect(refusal(await rest(emulator, 'POST', '/datasets/ds/tables/bare/insertAll', { rows }))).toEqual([
    400,
    'invalid',
    'The destination table has no schema.',
  ]);
});

test('values beyond the length or precision of their column are refused or rounded', async () => {
  await makeDataset(emulator, 'limits', {
    t: [
      { name: 's', type: 'STRING', maxLength: '2' },
      { name: 'b', type: 'BYTES', maxLength: '2' },
      { name: 'n', type: 'NUMERIC', precision: '4', scale: '2' },
    ],
  });
  const insert = async (json: object) => {
    const { body } = await rest(emulator, 'POST', '/datasets/limits/tables/t/insertAll', { rows: [{ json }] });
    const [first] = (body['insertErrors'] ?? []) as { errors: { message: string }[] }[];
    return first?.errors[0]?.message;
  };
  expect(await insert({ s: 'é😀', b: 'YWI=', n: '-12.345' })).toBeUndefined();
  expect(await insert({ s: 'abc' })).toMatch(/^STRING\(2\) has maximum length 2 but got a value with length 3/);
  expect(await insert({ b: 'YWJj' })).toMatch(/^BYTES\(2\) has maximum length 2 but got a value with length 3/);
  expect(await insert({ n: '99.995' })).toMatch(/^Invalid NUMERIC\(4, 2\) value: 100.00/);
  expect(await rowsOf(emulator, 'limits.t')).toEqual([['é😀', 'YWI=', '-12.35']]);
  const schema = { fields: [{ name: 's', type: 'STRING' }] };
  const load = {
    sourceUris: [await emulator.put('long.csv', 'abc\n')],
    destinationTable: tableRef('limits.t'),
    schema,
  };
  expect((await runJob(emulator, { load })).status.errorResult?.reason).toBe('invalid');
});

test.each([
  ['SELECT 1 AS a', true],
  ['-- first\n(WITH b AS (SELECT 1) SELECT * FROM b)', true],
  ['SELECT 1; SELECT 2', false],
  ['CREATE TABLE IF NOT EXISTS ds.sample (a INT64)', false],
])('a new job of %j names its result table only if it is a single SELECT', async (text, expected) => {
  const configuration = { query: { query: text, useLegacySql: false } };
  const { body } = await rest(emulator, 'POST', '/jobs', { configuration });
  const { jobReference, configuration: shown } = body as Record<string, Record<string, Record<string, unknown>>>;
  expect(Boolean(shown?.['query']?.['destinationTable'])).toBe(expected);
  const done = await finished(emulator, String(jobReference?.['jobId']));
  if (expected) expect(done.configuration['query']).toMatchObject(shown?.['query'] ?? {});
});

test('columns that rows omit take their default values', async () => {
  await makeDataset(emulator, 'defaults', {
    t: [
      { name: 'id', type: 'INTEGER' },
      { name: 'n', type: 'NUMERIC', defaultValueExpression: '1 + 0.5' },
      { name: 's', type: 'STRING', mode: 'REQUIRED', defaultValueExpression: "CONCAT('a', 'b')" },
      { name: 'l', type: 'INTEGER', mode: 'REPEATED', defaultValueExpression: '[1, 2]' },
    ],
  });
  const rows = [{ json: { id: 1 } }, { json: { id: 2, n: null, s: 'x' } }, { json: { id: 3, N: '7' } }];
  expect((await rest(emulator, 'POST', '/datasets/defaults/tables/t/insertAll', { rows })).body).not.toHaveProperty(
    'insertErrors',
  );
  const schema = { fields: [{ name: 'id', type: 'INTEGER' }] };
  const load = { sourceUris: [await emulator.put('few.csv', '4\n')], destinationTable: tableRef('defaults.t'), schema };
  const append = { destinationTable: tableRef('defaults.t'), writeDisposition: 'WRITE_APPEND', useLegacySql: false };
  await runJob(emulator, { load });
  await runJob(emulator, { query: { query: "SELECT 5 AS id, 'q' AS s", ...append } });
  const { body } = await query('SELECT id, n, s, ARRAY_LENGTH(l) FROM defaults.t ORDER BY id');
  expect((body['rows'] as { f: { v: unknown }[] }[]).map((row) => row.f.map((cell) => cell.v))).toEqual([
    ['1', '1.5', 'ab', '2'],
    ['2', null, 'x', '2'],
    ['3', '7', 'ab', '2'],
    ['4', '1.5', 'ab', '2'],
    ['5', '1.5', 'q', '2'],
  ]);
});

test('a job runs at the location of its datasets', async () => {
  await rest(emulator, 'POST', '/datasets', { datasetReference: { datasetId: 'europe' }, location: 'EU' });
  const sql = { query: 'SELECT 1 AS a', useLegacySql: false };
  const configuration = { query: { ...sql, destinationTable: tableRef('europe.t') } };
  const { body } = await rest(emulator, 'POST', '/jobs', { configuration });
  expect(body).toMatchObject({ jobReference: { location: 'EU' } });
  const defaultDataset = { datasetId: 'europe' };
  expect((await query('SELECT 1', { defaultDataset })).body).toMatchObject({ jobReference: { location: 'EU' } });
  expect((await query('SELECT 1', { location: 'us' })).body).toMatchObject({ jobReference: { location: 'US' } });
  const wrong = await rest(emulator, 'POST', '/jobs', { configuration, jobReference: { location: 'US' } });
  expect(refusal(wrong)).toEqual([
    404,
    'notFound',
    `Not found: Dataset ${PROJECT}:europe was not found in location US`,
  ]);
});
