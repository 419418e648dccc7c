/** @jest-environment ./packages/bigquery-emulator/test/clientEnvironment.js */
import { finished, makeDataset, PROJECT, rest, rowsOf, runJob, type Stand, startStand, tableRef } from './support';

let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
  await makeDataset(stand, 'ds', {
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
afterAll(() => stand.close());

const query = (text: string, more: object = {}) =>
  rest(stand, 'POST', '/queries', { query: text, useLegacySql: false, ...more });

/** Reason and message of a refusal. */
function refusal({ status, body }: Awaited<ReturnType<typeof rest>>): unknown[] {
  const error = body['error'] as { errors: { reason: string; message: string }[] } | undefined;
  return [status, error?.errors[0]?.reason, error?.errors[0]?.message];
}

describe('any call', () => {
  test('answers the fields that it is asked for', async () => {
    const { body } = await rest(stand, 'GET', '/datasets/ds?fields=id,datasetReference/datasetId');
    expect(body).toEqual({ id: `${PROJECT}:ds`, datasetReference: { datasetId: 'ds' } });
  });

  test('is a PATCH when a header says so', async () => {
    const url = `${stand.url}/bigquery/v2/projects/${PROJECT}/datasets/ds`;
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
    expect(refusal(await rest(stand, method, path, body)).slice(0, 2)).toEqual([status, reason]);
  });

  test.each([
    ['GET', '/serviceAccount', undefined, { kind: 'bigquery#getServiceAccountResponse' }],
    ['GET', '/datasets/ds/routines', undefined, {}],
    ['GET', '/datasets/ds/models', undefined, {}],
    ['GET', '/datasets/ds/tables/sample/rowAccessPolicies', undefined, {}],
    ['POST', '/datasets/ds/tables/sample:getIamPolicy', {}, { etag: 'ACAB' }],
    ['POST', '/datasets/ds/tables/sample:testIamPermissions', { permissions: ['a.b'] }, { permissions: ['a.b'] }],
  ])('%s %s answers that there is nothing special', async (method, path, body, expected) => {
    expect(await rest(stand, method, path, body)).toMatchObject({ status: 200, body: expected });
  });
});

describe('datasets', () => {
  test('give new tables their expiration: of the table, or of its partitions', async () => {
    const day = 86_400_000;
    await rest(stand, 'POST', '/datasets', {
      datasetReference: { datasetId: 'short' },
      location: 'eu',
      defaultTableExpirationMs: day,
      defaultPartitionExpirationMs: 2 * day,
    });
    const create = (tableId: string, more: object) =>
      rest(stand, 'POST', '/datasets/short/tables', {
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
  ])('%j is not created', async (more, message) => {
    const body = { tableReference: { tableId: 'no' }, schema: { fields }, ...more };
    const [status, , text] = refusal(await rest(stand, 'POST', '/datasets/ds/tables', body));
    expect([status, text]).toEqual([400, expect.stringMatching(message)]);
  });

  test('keep what they are when they are changed', async () => {
    const create = (tableId: string, more: object) =>
      rest(stand, 'POST', '/datasets/ds/tables', { tableReference: { tableId }, schema: { fields }, ...more });
    await create('plain', { labels: { a: 'b' } });
    await create('daily', { timePartitioning: { type: 'DAY', field: 'd', expirationMs: '1000' } });
    const patch = (tableId: string, body: object) => rest(stand, 'PATCH', `/datasets/ds/tables/${tableId}`, body);
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
    const replaced = await rest(stand, 'PUT', '/datasets/ds/tables/daily', { schema: { fields }, description: 'x' });
    expect(replaced.body).toMatchObject({ description: 'x', timePartitioning: { type: 'DAY', field: 'd' } });
  });

  test('are shown in part on request', async () => {
    const { body } = await rest(stand, 'GET', '/datasets/ds/tables/sample?view=BASIC&selectedFields=part.y');
    expect(body).toMatchObject({ schema: { fields: [{ name: 'part', fields: [{ name: 'y' }] }] } });
    expect(body).not.toHaveProperty('numRows');
    const rows = await rest(stand, 'GET', '/datasets/ds/tables/sample/data?selectedFields=part.y,id');
    expect(rows.body['rows']).toEqual([{ f: [{ v: '1' }, { v: { f: [{ v: 'y' }] } }] }]);
  });

  test('views have counts, too', async () => {
    const view = { query: 'SELECT id FROM ds.sample', useLegacySql: false };
    const made = await rest(stand, 'POST', '/datasets/ds/tables', { tableReference: { tableId: 'v' }, view });
    expect(made.body).toMatchObject({ type: 'VIEW', numRows: '0', numBytes: '0' });
    const described = { schema: { fields: [{ name: 'id', type: 'INTEGER', description: 'the ID' }] } };
    const changed = await rest(stand, 'PATCH', '/datasets/ds/tables/v', described);
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
  ])('write timestamps as %j wants them', async (formatOptions, expected) => {
    const { body } = await query('SELECT moment FROM ds.sample', { formatOptions });
    expect(body['rows']).toEqual([{ f: [{ v: expected }] }]);
  });

  test('are billed by MiB and table, and not run when that is too much', async () => {
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

  test('that run dry have no job', async () => {
    const configuration = { dryRun: true, query: { query: 'SELECT id FROM ds.sample', useLegacySql: false } };
    const { body } = await rest(stand, 'POST', '/jobs', { configuration });
    expect(body).toMatchObject({
      id: `${PROJECT}:US.`,
      jobReference: { projectId: PROJECT, location: 'US' },
      configuration: { query: { priority: 'INTERACTIVE' } },
      statistics: { query: { totalBytesProcessedAccuracy: 'PRECISE', referencedTables: [tableRef('ds.sample')] } },
    });
    expect(body['jobReference']).not.toHaveProperty('jobId');
  });

  test('have a session when they ask for one', async () => {
    const { body } = await query('SELECT 1', { createSession: true });
    const { sessionId } = body['sessionInfo'] as { sessionId: string };
    const next = await query('SELECT 2', { connectionProperties: [{ key: 'session_id', value: sessionId }] });
    expect(next.body).toMatchObject({ sessionInfo: { sessionId } });
  });
});

describe('jobs', () => {
  test('are found at their location only', async () => {
    const job = await runJob(stand, { query: { query: 'SELECT 1', useLegacySql: false } }, 'placed');
    expect(job.statistics).toMatchObject({ finalExecutionDurationMs: expect.stringMatching(/^\d+$/) });
    const missing = [404, 'notFound', `Not found: Job ${PROJECT}:EU.placed`];
    for (const path of ['/jobs/placed?location=EU', '/queries/placed?location=EU']) {
      expect(refusal(await rest(stand, 'GET', path))).toEqual(missing);
    }
    expect(await rest(stand, 'GET', '/jobs/placed?location=us')).toMatchObject({ status: 200 });
  });

  test('of a script are deleted with it, not alone', async () => {
    const { body } = await query('SELECT 1; SELECT 2');
    const { jobId } = body['jobReference'] as { jobId: string };
    const list = await rest(stand, 'GET', `/jobs?parentJobId=${jobId}`);
    const [child] = list.body['jobs'] as { jobReference: { jobId: string } }[];
    expect(refusal(await rest(stand, 'DELETE', `/jobs/${child?.jobReference.jobId}/delete`))[0]).toBe(400);
    expect(await rest(stand, 'DELETE', `/jobs/${jobId}/delete`)).toMatchObject({ status: 204 });
  });

  test('end when their time is over', async () => {
    const numbers = 'UNNEST(GENERATE_ARRAY(1, 100000))';
    const text = `SELECT SUM(a * b) FROM ${numbers} AS a, ${numbers} AS b`;
    const configuration = { jobTimeoutMs: '200', query: { query: text, useLegacySql: false } };
    const { body } = await rest(stand, 'POST', '/jobs', { configuration });
    const { jobId } = body['jobReference'] as { jobId: string };
    expect((await finished(stand, jobId)).status.errorResult).toEqual({
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
  ])('with %j are refused', async (more, status) => {
    const configuration = load(['gs://none/none'], 'no', more);
    expect(await rest(stand, 'POST', '/jobs', { configuration })).toMatchObject({ status });
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
  ])('read CSV in %s', async (encoding, data) => {
    const table = `in_${encoding.replace('-', '_')}`;
    const job = await runJob(stand, load([await stand.put(`${table}.csv`, data)], table, { encoding }));
    expect(job.status).toEqual({ state: 'DONE' });
    expect(await rowsOf(stand, `ds.${table}`)).toEqual([['1', 'é😀']]);
  });

  test('take the columns of CSV files by their names, and control characters, on request', async () => {
    const uri = await stand.put('named.csv', 's,id\na\0b,1\n');
    const named = { sourceColumnMatch: 'NAME', skipLeadingRows: 1 };
    const refused = await runJob(stand, load([uri], 'named', named));
    expect(refused.status.errors?.at(-1)?.message).toContain('Bad character (ASCII 0) encountered.');
    await runJob(stand, load([uri], 'named', { ...named, preserveAsciiControlCharacters: true }));
    expect(await rowsOf(stand, 'ds.named')).toEqual([['1', 'a\0b']]);
  });

  test.each([
    ['V1', ['_1_a', 'b_c']],
    ['V2', ['1 a', 'b_c']],
    [undefined, ['1_a', 'b_c']],
  ])('find names of columns with map %s', async (columnNameCharacterMap, names) => {
    const uri = await stand.put('map.csv', '1 a,b.c\n1,2\n');
    const table = `map_${columnNameCharacterMap}`;
    const { load: configuration } = load([uri], table, {
      autodetect: true,
      skipLeadingRows: 1,
      columnNameCharacterMap,
    });
    await runJob(stand, { load: { ...configuration, schema: undefined } });
    const { body } = await rest(stand, 'GET', `/datasets/ds/tables/${table}`);
    expect((body['schema'] as { fields: { name: string }[] }).fields.map(({ name }) => name)).toEqual(names);
  });

  test('name a pattern that no file has', async () => {
    const { status } = await runJob(stand, load(['gs://source-bucket/none*'], 'no', {}));
    expect(status.errorResult).toMatchObject({
      reason: 'notFound',
      message: 'Not found: Uris gs://source-bucket/none*',
    });
  });
});

describe('destinations', () => {
  const write = (sql: string, more: object) =>
    runJob(stand, { query: { query: sql, useLegacySql: false, destinationTable: tableRef('ds.kept'), ...more } });

  test('keep their schema with WRITE_TRUNCATE_DATA', async () => {
    await write('SELECT 1 AS a', {});
    const how = { writeDisposition: 'WRITE_TRUNCATE_DATA' };
    expect((await write('SELECT 2 AS b', how)).status.errorResult?.message).toMatch(/Cannot add fields/);
    await write('SELECT 3 AS a', how);
    expect(await rowsOf(stand, 'ds.kept')).toEqual([['3']]);
  });

  test.each([
    ['DELETE FROM ds.sample WHERE false', 'Cannot set destination table in jobs with DML statements'],
    ['CREATE TABLE ds.never (a INT64)', 'Cannot set destination table in jobs with DDL statements'],
    ['SELECT 1; SELECT 2', 'configuration.query.destinationTable cannot be set for scripts'],
  ])('are not for %s', async (sql, message) => {
    expect((await write(sql, {})).status.errorResult).toMatchObject({ reason: 'invalidQuery', message });
  });

  test('of copies expire when they are told to', async () => {
    const copy = { sourceTable: tableRef('ds.sample'), destinationTable: tableRef('ds.copied') };
    await runJob(stand, {
      copy: { ...copy, operationType: 'CLONE', destinationExpirationTime: '2095-01-01T00:00:00Z' },
    });
    const { body } = await rest(stand, 'GET', '/datasets/ds/tables/copied');
    expect(body).toMatchObject({ expirationTime: String(Date.UTC(2095, 0, 1)), numRows: '1' });
    for (const [operationType, status] of [
      ['SNAPSHOT', 501],
      ['OTHER', 400],
    ]) {
      const configuration = { copy: { ...copy, operationType } };
      expect(await rest(stand, 'POST', '/jobs', { configuration })).toMatchObject({ status });
    }
  });
});

test('rows cannot be streamed into a table without a schema', async () => {
  await rest(stand, 'POST', '/datasets/ds/tables', { tableReference: { tableId: 'bare' } });
  const rows = [{ json: { a: 1 } }];
  expect(refusal(await rest(stand, 'POST', '/datasets/ds/tables/bare/insertAll', { rows }))).toEqual([
    400,
    'invalid',
    'The destination table has no schema.',
  ]);
});

test('values have the length and the precision of their column', async () => {
  await makeDataset(stand, 'limits', {
    t: [
      { name: 's', type: 'STRING', maxLength: '2' },
      { name: 'b', type: 'BYTES', maxLength: '2' },
      { name: 'n', type: 'NUMERIC', precision: '4', scale: '2' },
    ],
  });
  const insert = async (json: object) => {
    const { body } = await rest(stand, 'POST', '/datasets/limits/tables/t/insertAll', { rows: [{ json }] });
    const [first] = (body['insertErrors'] ?? []) as { errors: { message: string }[] }[];
    return first?.errors[0]?.message;
  };
  expect(await insert({ s: 'é😀', b: 'YWI=', n: '-12.345' })).toBeUndefined();
  expect(await insert({ s: 'abc' })).toMatch(/^STRING\(2\) has maximum length 2 but got a value with length 3/);
  expect(await insert({ b: 'YWJj' })).toMatch(/^BYTES\(2\) has maximum length 2 but got a value with length 3/);
  expect(await insert({ n: '99.995' })).toMatch(/^Invalid NUMERIC\(4, 2\) value: 100.00/);
  expect(await rowsOf(stand, 'limits.t')).toEqual([['é😀', 'YWI=', '-12.35']]);
  const schema = { fields: [{ name: 's', type: 'STRING' }] };
  const load = { sourceUris: [await stand.put('long.csv', 'abc\n')], destinationTable: tableRef('limits.t'), schema };
  expect((await runJob(stand, { load })).status.errorResult?.reason).toBe('invalid');
});

test.each([
  ['SELECT 1 AS a', true],
  ['-- first\n(WITH b AS (SELECT 1) SELECT * FROM b)', true],
  ['SELECT 1; SELECT 2', false],
  ['CREATE TABLE IF NOT EXISTS ds.sample (a INT64)', false],
])('the job of %j tells at once whether it has a table of its own', async (text, expected) => {
  const configuration = { query: { query: text, useLegacySql: false } };
  const { body } = await rest(stand, 'POST', '/jobs', { configuration });
  const { jobReference, configuration: shown } = body as Record<string, Record<string, Record<string, unknown>>>;
  expect(Boolean(shown?.['query']?.['destinationTable'])).toBe(expected);
  const done = await finished(stand, String(jobReference?.['jobId']));
  if (expected) expect(done.configuration['query']).toMatchObject(shown?.['query'] ?? {});
});

test('columns that rows come without have their default values', async () => {
  await makeDataset(stand, 'defaults', {
    t: [
      { name: 'id', type: 'INTEGER' },
      { name: 'n', type: 'NUMERIC', defaultValueExpression: '1 + 0.5' },
      { name: 's', type: 'STRING', mode: 'REQUIRED', defaultValueExpression: "CONCAT('a', 'b')" },
      { name: 'l', type: 'INTEGER', mode: 'REPEATED', defaultValueExpression: '[1, 2]' },
    ],
  });
  const rows = [{ json: { id: 1 } }, { json: { id: 2, n: null, s: 'x' } }, { json: { id: 3, N: '7' } }];
  expect((await rest(stand, 'POST', '/datasets/defaults/tables/t/insertAll', { rows })).body).not.toHaveProperty(
    'insertErrors',
  );
  const schema = { fields: [{ name: 'id', type: 'INTEGER' }] };
  const load = { sourceUris: [await stand.put('few.csv', '4\n')], destinationTable: tableRef('defaults.t'), schema };
  const append = { destinationTable: tableRef('defaults.t'), writeDisposition: 'WRITE_APPEND', useLegacySql: false };
  await runJob(stand, { load });
  await runJob(stand, { query: { query: "SELECT 5 AS id, 'q' AS s", ...append } });
  const { body } = await query('SELECT id, n, s, ARRAY_LENGTH(l) FROM defaults.t ORDER BY id');
  expect((body['rows'] as { f: { v: unknown }[] }[]).map((row) => row.f.map((cell) => cell.v))).toEqual([
    ['1', '1.5', 'ab', '2'],
    ['2', null, 'x', '2'],
    ['3', '7', 'ab', '2'],
    ['4', '1.5', 'ab', '2'],
    ['5', '1.5', 'q', '2'],
  ]);
});

test('jobs run where their datasets are', async () => {
  await rest(stand, 'POST', '/datasets', { datasetReference: { datasetId: 'europe' }, location: 'EU' });
  const sql = { query: 'SELECT 1 AS a', useLegacySql: false };
  const configuration = { query: { ...sql, destinationTable: tableRef('europe.t') } };
  const { body } = await rest(stand, 'POST', '/jobs', { configuration });
  expect(body).toMatchObject({ jobReference: { location: 'EU' } });
  const defaultDataset = { datasetId: 'europe' };
  expect((await query('SELECT 1', { defaultDataset })).body).toMatchObject({ jobReference: { location: 'EU' } });
  expect((await query('SELECT 1', { location: 'us' })).body).toMatchObject({ jobReference: { location: 'US' } });
  const wrong = await rest(stand, 'POST', '/jobs', { configuration, jobReference: { location: 'US' } });
  expect(refusal(wrong)).toEqual([
    404,
    'notFound',
    `Not found: Dataset ${PROJECT}:europe was not found in location US`,
  ]);
});
