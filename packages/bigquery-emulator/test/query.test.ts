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
const fields = [
  { name: 'id', type: 'INTEGER' },
  { name: 'name', type: 'STRING' },
];

beforeAll(async () => {
  emulator = await startTestEmulator();
  await makeDataset(emulator, 'ds', { t: fields });
  const rows = [1, 2, 3].map((id) => ({ json: { id, name: `n${id}` } }));
  await rest(emulator, 'POST', '/datasets/ds/tables/t/insertAll', { rows });
});
afterAll(() => emulator.close());

const query = (sql: string, options: object = {}) =>
  rest(emulator, 'POST', '/queries', { query: sql, useLegacySql: false, ...options });
const queryJob = (sql: string, options: object = {}) =>
  runJob(emulator, { query: { query: sql, useLegacySql: false, ...options } });

test('the official client runs queries with parameters', async () => {
  const [rows] = await emulator.bigquery.query({
    query: 'SELECT id, name FROM `ds.t` WHERE id >= @least ORDER BY id',
    params: { least: 2 },
  });
  expect(rows).toEqual([
    { id: 2, name: 'n2' },
    { id: 3, name: 'n3' },
  ]);
});

test('jobs.query answers the schema and the rows', async () => {
  const { body } = await query('SELECT COUNT(*) AS n, MAX(name) AS last FROM ds.t');
  expect(body).toMatchObject({
    kind: 'bigquery#queryResponse',
    schema: {
      fields: [
        { name: 'n', type: 'INTEGER', mode: 'NULLABLE' },
        { name: 'last', type: 'STRING', mode: 'NULLABLE' },
      ],
    },
    jobReference: { projectId: PROJECT, jobId: expect.any(String), location: 'US' },
    totalRows: '1',
    rows: [{ f: [{ v: '3' }, { v: 'n3' }] }],
    jobComplete: true,
  });
});

test('query results are read page by page', async () => {
  const { body } = await query('SELECT id FROM UNNEST(GENERATE_ARRAY(1, 25)) AS id ORDER BY id', { maxResults: 10 });
  const { jobId } = body['jobReference'] as { jobId: string };
  const ids: unknown[] = [];
  let page = body;
  for (;;) {
    ids.push(...(page['rows'] as { f: { v: unknown }[] }[]).map((row) => row.f[0]?.v));
    if (!page['pageToken']) break;
    page = (await rest(emulator, 'GET', `/queries/${jobId}?maxResults=10&pageToken=${page['pageToken']}`)).body;
  }
  expect(ids).toEqual(Array.from({ length: 25 }, (_, place) => String(place + 1)));
});

test('jobs.query answers jobComplete false when the query takes longer than the timeout', async () => {
  const slow = [{ action: 'slowJob', delayMs: 200, times: 1 }];
  await fetch(`${emulator.url}/_local/faults`, { method: 'PUT', body: JSON.stringify(slow) });
  const { body } = await query('SELECT 1 AS x', { timeoutMs: 1 });
  expect(body).toMatchObject({ jobComplete: false });
  const { jobId } = body['jobReference'] as { jobId: string };
  const results = await rest(emulator, 'GET', `/queries/${jobId}?timeoutMs=10000`);
  expect(results.body).toMatchObject({ jobComplete: true, rows: [{ f: [{ v: '1' }] }] });
});

test('requests with the same request ID run one job', async () => {
  const again = async () => (await query('SELECT GENERATE_UUID() AS u', { requestId: 'r1' })).body;
  const [one, two] = [await again(), await again()];
  expect(two['rows']).toEqual(one['rows']);
});

test('an invalid query is an error of jobs.query, and of the job', async () => {
  const { status, body } = await query('SELECT color FROM ds.t');
  expect(status).toBe(400);
  expect(body).toMatchObject({
    error: { message: 'Unrecognized name: color at [1:8]', errors: [{ reason: 'invalidQuery', location: 'query' }] },
  });
  const job = await queryJob('SELECT * FROM ds.none');
  expect(job.status.errorResult).toMatchObject({
    reason: 'notFound',
    message: `Not found: Table ${PROJECT}:ds.none was not found in location US`,
  });
});

test('a dry run answers schema and statement type, and leaves no job', async () => {
  const configuration = { dryRun: true, query: { query: 'SELECT id FROM ds.t', useLegacySql: false } };
  const { body } = await rest(emulator, 'POST', '/jobs', { configuration });
  expect(body).toMatchObject({
    status: { state: 'DONE' },
    statistics: { query: { statementType: 'SELECT', schema: { fields: [{ name: 'id', type: 'INTEGER' }] } } },
  });
  expect((await query('SELECT nothing', { dryRun: true })).status).toBe(400);
});

describe('destination tables', () => {
  test('a query creates, appends to and replaces its destination table', async () => {
    const destinationTable = tableRef('ds.dest');
    const job = await queryJob('SELECT id, name FROM ds.t WHERE id = 1', { destinationTable });
    expect(job.status.errorResult).toBeUndefined();
    await queryJob('SELECT 2 AS id, "b" AS name', { destinationTable, writeDisposition: 'WRITE_APPEND' });
    expect(await rowsOf(emulator, 'ds.dest')).toEqual([
      ['1', 'n1'],
      ['2', 'b'],
    ]);
    const taken = await queryJob('SELECT 3 AS id, "c" AS name', { destinationTable });
    expect(taken.status.errorResult?.reason).toBe('duplicate');
    await queryJob('SELECT TRUE AS other', { destinationTable, writeDisposition: 'WRITE_TRUNCATE' });
    expect(await rowsOf(emulator, 'ds.dest')).toEqual([['true']]);
    const clash = await queryJob('SELECT "x" AS other', { destinationTable, writeDisposition: 'WRITE_APPEND' });
    expect(clash.status.errorResult?.message).toContain('Field other has changed type from BOOLEAN to STRING');
  });

  test('a query with a decorator replaces one partition', async () => {
    const options = (id: string) => ({
      destinationTable: tableRef(`ds.parted$${id}`),
      writeDisposition: 'WRITE_TRUNCATE',
    });
    await queryJob('SELECT 1 AS id', options('20240101'));
    await queryJob('SELECT 2 AS id', options('20240102'));
    await queryJob('SELECT 3 AS id', options('20240101'));
    expect((await rowsOf(emulator, 'ds.parted')).flat().sort()).toEqual(['2', '3']);
    const { body } = await query('SELECT id FROM ds.parted WHERE DATE(_PARTITIONTIME) = "2024-01-02"');
    expect(body['rows']).toEqual([{ f: [{ v: '2' }] }]);
  });
});

test('DML statements report their affected rows', async () => {
  await makeDataset(emulator, 'dml', { t: fields });
  const affected = async (sql: string) => (await queryJob(sql)).statistics['query']?.['numDmlAffectedRows'];
  expect(await affected('INSERT INTO dml.t (id, name) VALUES (1, "a"), (2, "b"), (3, "c")')).toBe('3');
  expect(await affected('UPDATE dml.t SET name = "x" WHERE id > 1')).toBe('2');
  expect(await affected('DELETE FROM dml.t WHERE id = 1')).toBe('1');
  const merge = `MERGE dml.t t USING (SELECT 2 AS id UNION ALL SELECT 9) s ON t.id = s.id
    WHEN MATCHED THEN UPDATE SET name = "m" WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, "new")`;
  const job = await queryJob(merge);
  expect(job.statistics['query']).toMatchObject({
    statementType: 'MERGE',
    numDmlAffectedRows: '2',
    dmlStats: { insertedRowCount: '1', updatedRowCount: '1', deletedRowCount: '0' },
  });
  expect((await query('SELECT id, name FROM dml.t ORDER BY id')).body['rows']).toEqual(
    [
      ['2', 'm'],
      ['3', 'x'],
      ['9', 'new'],
    ].map((row) => ({ f: row.map((v) => ({ v })) })),
  );
  expect((await rest(emulator, 'GET', '/datasets/dml/tables/t')).body).toMatchObject({ numRows: '3' });
});

describe('DDL', () => {
  beforeAll(() => makeDataset(emulator, 'ddl'));
  const done = async (sql: string) => {
    const job = await queryJob(sql);
    expect(job.status.errorResult).toBeUndefined();
    return job.statistics['query'] ?? {};
  };

  test('DDL creates, alters and drops tables', async () => {
    expect(
      await done(
        'CREATE TABLE ddl.a (id INT64 NOT NULL, tags ARRAY<STRING>, day DATE) PARTITION BY day CLUSTER BY id OPTIONS (description = "d")',
      ),
    ).toMatchObject({
      statementType: 'CREATE_TABLE',
      ddlOperationPerformed: 'CREATE',
      ddlTargetTable: { tableId: 'a' },
    });
    expect((await rest(emulator, 'GET', '/datasets/ddl/tables/a')).body).toMatchObject({
      description: 'd',
      timePartitioning: { type: 'DAY', field: 'day' },
      clustering: { fields: ['id'] },
      schema: { fields: [{ mode: 'REQUIRED' }, { mode: 'REPEATED' }, { type: 'DATE' }] },
    });
    expect(await done('CREATE TABLE IF NOT EXISTS ddl.a (x INT64)')).toMatchObject({ ddlOperationPerformed: 'SKIP' });
    expect((await queryJob('CREATE TABLE ddl.a (x INT64)')).status.errorResult?.reason).toBe('duplicate');
    await done('ALTER TABLE ddl.a ADD COLUMN more STRING, ADD COLUMN also INT64');
    await done(
      'ALTER TABLE ddl.a ADD COLUMN one ARRAY<INT64>, ADD COLUMN two STRUCT<x ARRAY<INT64>>, ADD COLUMN six INT64',
    );
    await done('ALTER TABLE ddl.a DROP COLUMN one, DROP COLUMN two, DROP COLUMN six');
    await done('ALTER TABLE ddl.a DROP COLUMN also');
    await done('ALTER TABLE ddl.a RENAME COLUMN more TO extra');
    await done('ALTER TABLE ddl.a RENAME TO b');
    const { body } = await rest(emulator, 'GET', '/datasets/ddl/tables/b');
    expect((body['schema'] as { fields: { name: string }[] }).fields.map(({ name }) => name)).toEqual([
      'id',
      'tags',
      'day',
      'extra',
    ]);
    expect(await done('CREATE OR REPLACE TABLE ddl.b AS SELECT 1 AS x')).toMatchObject({
      ddlOperationPerformed: 'REPLACE',
    });
    expect(await rowsOf(emulator, 'ddl.b')).toEqual([['1']]);
    expect(await done('DROP TABLE ddl.b')).toMatchObject({ ddlOperationPerformed: 'DROP' });
    expect((await rest(emulator, 'GET', '/datasets/ddl/tables/b')).status).toBe(404);
    expect(await done('DROP TABLE IF EXISTS ddl.b')).toMatchObject({ ddlOperationPerformed: 'SKIP' });
  });

  test('a view reads the current rows of its tables', async () => {
    await done('CREATE TABLE ddl.base AS SELECT 1 AS id');
    await done('CREATE VIEW ddl.v AS SELECT id + 1 AS next FROM ddl.base');
    await done('INSERT INTO ddl.base VALUES (5)');
    expect((await query('SELECT next FROM ddl.v ORDER BY next')).body['rows']).toEqual([
      { f: [{ v: '2' }] },
      { f: [{ v: '6' }] },
    ]);
    expect((await rest(emulator, 'GET', '/datasets/ddl/tables/v')).body).toMatchObject({
      type: 'VIEW',
      schema: { fields: [{ name: 'next', type: 'INTEGER' }] },
    });
    await done('DROP VIEW ddl.v');
  });

  test('DROP of a missing or unsupported object does nothing with IF EXISTS and fails without', async () => {
    const job = await done('DROP MATERIALIZED VIEW IF EXISTS ddl.nothing');
    expect(job).toMatchObject({
      statementType: 'DROP_MATERIALIZED_VIEW',
      ddlOperationPerformed: 'SKIP',
    });
    const routine = await done('DROP PROCEDURE IF EXISTS ddl.nothing');
    expect(routine).toMatchObject({ ddlTargetRoutine: { datasetId: 'ddl', routineId: 'nothing' } });
    await done('CREATE VIEW ddl.plain AS SELECT 1 AS a');
    for (const what of ['DROP MATERIALIZED VIEW IF EXISTS ddl.plain', 'ALTER TABLE ddl.plain SET OPTIONS()']) {
      expect((await queryJob(what)).status.errorResult?.message).toContain('currently a VIEW');
    }
    const instead = await queryJob('CREATE OR REPLACE TABLE ddl.plain AS SELECT 1 AS a');
    expect(instead.status.errorResult?.message).toContain('currently a VIEW');
    await done("CREATE TABLE ddl.named (a INT64, b STRING) AS SELECT 1, 'x'");
    await done('DROP VIEW ddl.plain');
    expect((await queryJob('DROP FUNCTION ddl.nothing')).status.errorResult).toMatchObject({ reason: 'notFound' });
  });

  test('primary and foreign keys are stored and not enforced', async () => {
    const keys = async () => {
      const { rows } = (
        await rest(emulator, 'POST', '/queries', {
          query:
            'SELECT k.table_name, k.constraint_name, constraint_type, column_name, ordinal_position, position_in_unique_constraint FROM ddl.INFORMATION_SCHEMA.KEY_COLUMN_USAGE k JOIN ddl.INFORMATION_SCHEMA.TABLE_CONSTRAINTS c ON c.constraint_name = k.constraint_name ORDER BY 1, 2, 5',
          useLegacySql: false,
        })
      ).body as { rows?: { f: { v: unknown }[] }[] };
      return (rows ?? []).map(({ f }) => f.map(({ v }) => v).join());
    };
    await done('CREATE TABLE ddl.one (a INT64, b INT64, PRIMARY KEY (a, b) NOT ENFORCED)');
    await done(
      'CREATE TABLE ddl.many (id INT64 PRIMARY KEY NOT ENFORCED, a INT64, b INT64, CONSTRAINT up FOREIGN KEY (b, a) REFERENCES ddl.one(b, a) NOT ENFORCED)',
    );
    expect(await keys()).toEqual([
      'many,many.pk$,PRIMARY KEY,id,1,',
      'many,many.up,FOREIGN KEY,b,1,2',
      'many,many.up,FOREIGN KEY,a,2,1',
      'one,one.pk$,PRIMARY KEY,a,1,',
      'one,one.pk$,PRIMARY KEY,b,2,',
    ]);
    const refused = await queryJob('ALTER TABLE ddl.one ADD PRIMARY KEY (a) NOT ENFORCED');
    expect(refused.status.errorResult?.message).toContain('Already Exists');
    await done('ALTER TABLE ddl.many DROP CONSTRAINT up, DROP PRIMARY KEY');
    await done('ALTER TABLE ddl.many DROP PRIMARY KEY IF EXISTS');
    await done('ALTER TABLE ddl.many ADD PRIMARY KEY (b) NOT ENFORCED');
    await done(
      'ALTER TABLE ddl.many ADD CONSTRAINT IF NOT EXISTS f FOREIGN KEY (a) REFERENCES ddl.one(a) NOT ENFORCED',
    );
    expect((await rest(emulator, 'GET', '/datasets/ddl/tables/many')).body).toMatchObject({
      tableConstraints: {
        primaryKey: { columns: ['b'] },
        foreignKeys: [
          {
            name: 'f',
            referencedTable: { tableId: 'one' },
            columnReferences: [{ referencingColumn: 'a', referencedColumn: 'a' }],
          },
        ],
      },
    });
    const absent = await queryJob('CREATE TABLE ddl.x (a INT64, PRIMARY KEY (b) NOT ENFORCED)');
    expect(absent.status.errorResult?.message).toContain('Unrecognized name: b');
  });

  test('DDL creates and drops datasets', async () => {
    await done('CREATE SCHEMA ddl2');
    await done('CREATE TABLE ddl2.t (x INT64)');
    expect((await queryJob('DROP SCHEMA ddl2')).status.errorResult).toMatchObject({ reason: 'resourceInUse' });
    await done('DROP SCHEMA ddl2 CASCADE');
    expect((await rest(emulator, 'GET', '/datasets/ddl2')).status).toBe(404);
  });
});

test('each statement of a script is a child job, and the last one gives the result', async () => {
  const sql =
    'CREATE TABLE ds.script AS SELECT 1 AS x; INSERT INTO ds.script VALUES (2); SELECT SUM(x) AS s FROM ds.script';
  const inserted = await rest(emulator, 'POST', '/jobs', {
    jobReference: { jobId: 'script' },
    configuration: { query: { query: sql, useLegacySql: false } },
  });
  expect(inserted.status).toBe(200);
  const job = await finished(emulator, 'script');
  expect(job.status.errorResult).toBeUndefined();
  expect(job.statistics).toMatchObject({ numChildJobs: '3', query: { statementType: 'SCRIPT' } });
  const children = (await rest(emulator, 'GET', '/jobs?parentJobId=script&projection=full')).body['jobs'] as {
    configuration: Record<string, unknown>;
    statistics: Record<string, unknown>;
  }[];
  expect(children[1]?.configuration).toMatchObject({ query: { destinationTable: { tableId: 'script' } } });
  expect(children.map(({ statistics }) => statistics)).toMatchObject([
    { parentJobId: 'script', query: { statementType: 'SELECT' } },
    { query: { statementType: 'INSERT', numDmlAffectedRows: '1' } },
    { query: { statementType: 'CREATE_TABLE_AS_SELECT' } },
  ]);
  expect((await rest(emulator, 'GET', '/queries/script')).body).toMatchObject({ rows: [{ f: [{ v: '3' }] }] });
});

test('expressions that read tables and failed statements are also child jobs of a script', async () => {
  const sql = `DECLARE n INT64;
SET n = (SELECT COUNT(*) FROM ds.t);
SET @@query_label = 'team:data';
BEGIN
  SELECT n / 0;
EXCEPTION WHEN ERROR THEN
  SELECT @@error.message;
END;
SELECT * FROM ds.nothing`;
  await rest(emulator, 'POST', '/jobs', {
    jobReference: { jobId: 'failing' },
    configuration: { query: { query: sql, useLegacySql: false } },
  });
  const job = await finished(emulator, 'failing');
  expect(job.status.errorResult).toMatchObject({
    reason: 'notFound',
    message: `Not found: Table ${PROJECT}:ds.nothing was not found in location US at [9:1]`,
  });
  expect(job.statistics).toMatchObject({ numChildJobs: '3', query: { statementType: 'SCRIPT' } });
  const { jobs } = (await rest(emulator, 'GET', '/jobs?parentJobId=failing&projection=full')).body as {
    jobs: Record<string, unknown>[];
  };
  expect(jobs).toMatchObject([
    {
      statistics: { scriptStatistics: { stackFrames: [{ startLine: 7, startColumn: 3, endLine: 7, endColumn: 25 }] } },
    },
    {
      configuration: { labels: { team: 'data' } },
      status: { errorResult: { message: expect.stringMatching(/^division by zero/) } },
    },
    { statistics: { scriptStatistics: { evaluationKind: 'EXPRESSION' } } },
  ]);
});

test('a single query after temporary functions is not a script', async () => {
  const job = await queryJob('CREATE TEMP FUNCTION twice(x INT64) AS (x * 2); SELECT twice(4)');
  expect(job.statistics.query).toMatchObject({ statementType: 'SELECT' });
});

test('tables.insert creates views and checks their queries', async () => {
  const view = (tableId: string, sql: string) =>
    rest(emulator, 'POST', '/datasets/ds/tables', {
      tableReference: { tableId },
      view: { query: sql, useLegacySql: false },
    });
  expect((await view('seen', `SELECT name FROM \`${PROJECT}.ds.t\``)).body).toMatchObject({
    type: 'VIEW',
    schema: { fields: [{ name: 'name' }] },
  });
  expect((await view('blind', 'SELECT nothing FROM ds.t')).status).toBe(400);
});

test('a running query that is cancelled changes nothing', async () => {
  await makeDataset(emulator, 'long', { t: [{ name: 'n', type: 'INTEGER' }] });
  const sql =
    'INSERT INTO long.t SELECT a + b FROM UNNEST(GENERATE_ARRAY(1, 100000)) a, UNNEST(GENERATE_ARRAY(1, 100000)) b';
  const configuration = { query: { query: sql, useLegacySql: false } };
  await rest(emulator, 'POST', '/jobs', { jobReference: { jobId: 'long' }, configuration });
  while (((await rest(emulator, 'GET', '/jobs/long')).body['status'] as { state: string }).state === 'PENDING') {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await rest(emulator, 'POST', '/jobs/long/cancel');
  expect((await finished(emulator, 'long')).status.errorResult?.reason).toBe('stopped');
  expect(await rowsOf(emulator, 'long.t')).toEqual([]);
});

test('a query can append to required columns, but not NULL', async () => {
  const required = [{ name: 'id', type: 'INTEGER', mode: 'REQUIRED' }];
  await rest(emulator, 'POST', '/datasets/ds/tables', {
    tableReference: tableRef('ds.needs'),
    schema: { fields: required },
  });
  const into = { destinationTable: tableRef('ds.needs'), writeDisposition: 'WRITE_APPEND' };
  const done = await queryJob('SELECT id FROM ds.t GROUP BY 1', into);
  expect(done.status.errorResult).toBeUndefined();
  const refused = await queryJob('SELECT CAST(NULL AS INT64) AS id', into);
  expect(refused.status.errorResult?.message).toBe('Required field id cannot be null');
  expect((await rest(emulator, 'GET', '/datasets/ds/tables/needs')).body).toMatchObject({
    schema: { fields: required },
  });
});
