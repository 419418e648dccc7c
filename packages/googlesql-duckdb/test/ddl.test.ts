import type { CatalogChange } from '../src/contract';
import { isScript, translateScript } from '../src/translate';
import { Fixture, failureOf } from './fixture';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.create();
  await fixture.run('CREATE TABLE d.t (id INT64, ts TIMESTAMP)');
});

function changeOf(sql: string): CatalogChange | undefined {
  const step = translateScript(sql, { legacy: false, catalog: fixture.catalog }).next();
  return step.done === true ? undefined : step.value.ddl;
}

const table = { projectId: 'p', datasetId: 'd', tableId: 'n' };
const CHANGES: ReadonlyArray<readonly [sql: string, change: object]> = [
  [
    'CREATE TABLE d.n (a INT64 NOT NULL OPTIONS(description="key"), b ARRAY<STRUCT<x STRING, y NUMERIC(10, 2)>>, c STRING(5) DEFAULT "q")',
    {
      op: 'createTable',
      table,
      ifNotExists: false,
      orReplace: false,
      schema: [
        { name: 'a', type: 'INTEGER', mode: 'REQUIRED', description: 'key' },
        {
          name: 'b',
          type: 'RECORD',
          mode: 'REPEATED',
          fields: [
            { name: 'x', type: 'STRING' },
            { name: 'y', type: 'NUMERIC', precision: '10', scale: '2' },
          ],
        },
        { name: 'c', type: 'STRING', maxLength: '5', defaultValueExpression: '"q"' },
      ],
    },
  ],
  [
    'CREATE OR REPLACE TABLE d.n PARTITION BY DATE(ts) CLUSTER BY id OPTIONS(partition_expiration_days=2) AS SELECT * FROM d.t',
    {
      op: 'createTable',
      orReplace: true,
      timePartitioning: { type: 'DAY', field: 'ts', expirationMs: '172800000' },
      clustering: { fields: ['id'] },
      schema: [
        { name: 'id', type: 'INTEGER' },
        { name: 'ts', type: 'TIMESTAMP' },
      ],
    },
  ],
  [
    'CREATE TABLE IF NOT EXISTS d.n (ts TIMESTAMP) PARTITION BY TIMESTAMP_TRUNC(ts, HOUR)',
    { ifNotExists: true, timePartitioning: { type: 'HOUR', field: 'ts' } },
  ],
  ['CREATE TABLE d.n (x INT64) PARTITION BY _PARTITIONDATE', { timePartitioning: { type: 'DAY' } }],
  [
    'CREATE TABLE d.n (x INT64) PARTITION BY RANGE_BUCKET(x, GENERATE_ARRAY(0, 100, 10))',
    { rangePartitioning: { field: 'x', range: { start: '0', end: '100', interval: '10' } } },
  ],
  ['CREATE TABLE d.n LIKE d.t', { like: { projectId: 'p', datasetId: 'd', tableId: 't' } }],
  [
    'CREATE TABLE d.n (x INT64) OPTIONS(description="d", labels=[("a", "b")], expiration_timestamp=TIMESTAMP "2030-01-01", require_partition_filter=true)',
    {
      options: { description: 'd', labels: { a: 'b' }, expirationTime: '1893456000000', requirePartitionFilter: true },
    },
  ],
  [
    'CREATE VIEW d.n AS SELECT id AS k FROM d.t',
    { op: 'createView', query: 'SELECT id AS k FROM d.t', schema: [{ name: 'k', type: 'INTEGER' }] },
  ],
  [
    'CREATE SCHEMA IF NOT EXISTS `p.new` OPTIONS(location="EU", default_table_expiration_days=1)',
    {
      op: 'createSchema',
      dataset: { projectId: 'p', datasetId: 'new' },
      ifNotExists: true,
      options: { location: 'EU', defaultTableExpirationMs: '86400000' },
    },
  ],
  ['DROP SCHEMA other CASCADE', { op: 'dropSchema', dataset: { projectId: 'p', datasetId: 'other' }, cascade: true }],
  ['DROP TABLE IF EXISTS d.n', { op: 'dropTable', table, ifExists: true }],
  ['DROP VIEW d.n', { op: 'dropView', table }],
  [
    'ALTER TABLE d.n ADD COLUMN a STRING, ADD COLUMN IF NOT EXISTS b ARRAY<INT64>, DROP COLUMN c',
    {
      op: 'alterTable',
      actions: [
        { kind: 'addColumn', field: { name: 'a', type: 'STRING' }, ifNotExists: false },
        { kind: 'addColumn', field: { name: 'b', mode: 'REPEATED' }, ifNotExists: true },
        { kind: 'dropColumn', name: 'c' },
      ],
    },
  ],
  ['ALTER TABLE d.n RENAME TO m', { actions: [{ kind: 'renameTable', to: 'm' }] }],
  ['ALTER TABLE d.n RENAME COLUMN a TO b', { actions: [{ kind: 'renameColumn', from: 'a', to: 'b' }] }],
  [
    'ALTER TABLE d.n ALTER COLUMN a SET DATA TYPE NUMERIC',
    { actions: [{ kind: 'setType', name: 'a', field: { type: 'NUMERIC' } }] },
  ],
  ['ALTER TABLE d.n ALTER COLUMN a DROP NOT NULL', { actions: [{ kind: 'dropNotNull', name: 'a' }] }],
  [
    'ALTER TABLE d.n SET OPTIONS (description=NULL)',
    { actions: [{ kind: 'setOptions', options: { description: null } }] },
  ],
];

test.each(CHANGES)('%s becomes a change of the catalog', (sql, change) => {
  expect(changeOf(sql)).toMatchObject(change);
});

test.each([
  ['CREATE TABLE d.n AS SELECT 1', 'CREATE TABLE columns must be named, but column 1 has no name at [1:21]'],
  ['CREATE TABLE d.n (a INT64, A STRING)', 'Duplicate column name A in CREATE TABLE'],
  ['CREATE TABLE d.n (a INT64) OPTIONS(nope=1)', 'Unknown option: nope at [1:36]'],
  [
    'CREATE PROCEDURE d.n() BEGIN END',
    'Syntax error: CREATE PROCEDURE statements are not supported by the local BigQuery at [1:8]',
  ],
  ['CREATE TABLE d.n (a INT64) OPTIONS(description=1)', 'Option value must be a literal of type STRING at [1:48]'],
  [
    'CREATE TABLE d.n (a INT64) OPTIONS(partition_expiration_days=1)',
    'partition_expiration_days is for tables that are partitioned by time at [1:36]',
  ],
  ['CREATE SCHEMA n OPTIONS(is_case_insensitive=TRUE)', expect.stringContaining('not supported')],
  ["CREATE TABLE d.n (a STRING COLLATE 'und:ci')", expect.stringContaining('Collation is not supported')],
  [
    'MERGE d.t USING UNNEST([1]) k ON t.id = k WHEN MATCHED THEN INSERT ROW',
    'Syntax error: INSERT is not allowed after WHEN MATCHED at [1:61]',
  ],
  [
    'MERGE d.t USING UNNEST([1]) k ON t.id = k WHEN NOT MATCHED THEN DELETE',
    'Syntax error: DELETE is not allowed after WHEN NOT MATCHED at [1:65]',
  ],
  [
    "CREATE TABLE d.n (a INT64 DEFAULT 'x')",
    'The default of column a has type STRING, which is not that of the column at [1:21]',
  ],
  ['CREATE TABLE d.n (a INT64 DEFAULT nope)', 'Unrecognized name: nope at [1:21]'],
  ['CREATE TABLE d.n (a INT64 DEFAULT (SELECT 1))', expect.stringContaining('must be a literal')],
  [
    "ALTER TABLE d.t ALTER COLUMN id SET DEFAULT 'x'",
    'The default of column id has type STRING, which is not that of the column at [1:45]',
  ],
  ['CREATE TABLE d.n (a INT64) CLUSTER BY b', 'Unrecognized name: b at [1:39]'],
  [
    'ALTER TABLE d.t ALTER COLUMN id SET DATA TYPE STRING',
    'ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type (INT64) is assignable to the new type (STRING) at [1:47]',
  ],
  [
    'CREATE TABLE d.lim (s STRING(5)); ALTER TABLE d.lim ALTER COLUMN s SET DATA TYPE STRING(3)',
    'Query error: ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type (STRING(5)) is assignable to the new type (STRING(3)) at [1:82]',
  ],
])('%s is refused', async (sql, message) => {
  await expect(failureOf(fixture, sql)).resolves.toMatchObject({ message });
});

test('INFORMATION_SCHEMA lists tables, columns, options and partitions', async () => {
  await fixture.run(
    'CREATE TABLE other.p (day DATE NOT NULL, s STRUCT<a ARRAY<INT64>>) PARTITION BY day CLUSTER BY day OPTIONS(description="x"); INSERT INTO other.p (day) VALUES ("2024-01-01"), ("2024-01-01"), ("2024-01-02"); CREATE VIEW other.v AS SELECT 1 AS one',
  );
  const rows = async (sql: string) => (await fixture.run(sql)).rows;
  expect(await rows('SELECT table_name, table_type FROM other.INFORMATION_SCHEMA.TABLES ORDER BY 1')).toEqual([
    ['p', 'BASE TABLE'],
    ['v', 'VIEW'],
  ]);
  expect(
    await rows(
      "SELECT column_name, is_nullable, data_type, is_partitioning_column, clustering_ordinal_position FROM `p.other`.INFORMATION_SCHEMA.COLUMNS WHERE table_name = 'p' ORDER BY ordinal_position",
    ),
  ).toEqual([
    ['day', 'NO', 'DATE', 'YES', '1'],
    ['s', 'YES', 'STRUCT<a ARRAY<INT64>>', 'NO', null],
  ]);
  expect(
    await rows("SELECT field_path FROM other.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS WHERE table_name = 'p'"),
  ).toEqual([['day'], ['s'], ['s.a']]);
  expect(
    await rows(
      "SELECT partition_id, total_rows FROM other.INFORMATION_SCHEMA.PARTITIONS WHERE table_name = 'p' ORDER BY 1",
    ),
  ).toEqual([
    ['20240101', '2'],
    ['20240102', '1'],
  ]);
  expect(await rows('SELECT option_name, option_value FROM other.INFORMATION_SCHEMA.TABLE_OPTIONS')).toEqual([
    ['description', '"x"'],
  ]);
  expect(await rows('SELECT table_name, view_definition FROM other.INFORMATION_SCHEMA.VIEWS')).toEqual([
    ['v', 'SELECT 1 AS one'],
  ]);
  expect(await rows('SELECT schema_name FROM `region-us`.INFORMATION_SCHEMA.SCHEMATA ORDER BY 1')).toEqual([
    ['d'],
    ['other'],
  ]);
  expect(await rows('SELECT table_id, row_count, type FROM other.__TABLES__ ORDER BY 1')).toEqual([
    ['p', '3', '1'],
    ['v', '0', '2'],
  ]);
});

test('legacy SQL reads tables, single partitions and the partitions summary', async () => {
  const legacy = { legacy: true };
  const rows = async (sql: string) => (await fixture.run(sql, legacy)).rows;
  expect(
    await rows(
      "SELECT partition_id FROM [p:other.p$__PARTITIONS_SUMMARY__] WHERE partition_id NOT IN('__NULL__') ORDER BY 1",
    ),
  ).toEqual([['20240101'], ['20240102']]);
  expect(await rows('SELECT COUNT(*) AS n FROM [p:other.p$20240101]')).toEqual([['2']]);
  await expect(failureOf(fixture, 'SELECT * FROM [p:d.t], [p:d.t]', legacy)).resolves.toMatchObject({
    message: expect.stringContaining('legacy SQL'),
  });
  expect((await fixture.run('SELECT COUNT(*) FROM `other.p$20240102`')).rows).toEqual([['1']]);
});

test.each([
  [
    'SELECT * FROM `d.t`',
    'Invalid table name: `d.t`\n[Try using standard SQL (https://cloud.google.com/bigquery/docs/reference/standard-sql/enabling-standard-sql)].',
  ],
  [
    'WITH a AS (SELECT 1) SELECT * FROM a',
    expect.stringContaining('Encountered " "WITH" "WITH "" at line 1, column 1.'),
  ],
  [' INSERT INTO d.t VALUES (1)', expect.stringContaining('Encountered " "INSERT" "INSERT "" at line 1, column 2.')],
])('legacy SQL refuses %s', async (sql, message) => {
  await expect(failureOf(fixture, sql, { legacy: true })).resolves.toMatchObject({ message });
});

test.each([
  ['SELECT 1', false],
  ['SELECT 1;', false],
  ['SELECT 1; SELECT 2', true],
  ['DECLARE x INT64', true],
  ['BEGIN SELECT 1; END', true],
  ['CREATE TEMP FUNCTION f() AS (1); SELECT f()', false],
  ['CREATE TEMP FUNCTION f() AS (1); CREATE TABLE d.t AS SELECT f() AS a', true],
])('isScript(%s) is %s', (sql, script) => {
  expect(isScript(sql)).toBe(script);
});
