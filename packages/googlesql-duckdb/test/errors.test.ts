import { Fixture, failureOf } from './fixture';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.create();
  await fixture.run(
    'CREATE TABLE d.t (id INT64 NOT NULL, name STRING, tags ARRAY<STRING>); INSERT INTO d.t VALUES (1, "a", []), (2, "a", ["x"])',
  );
});

const REFUSED: ReadonlyArray<readonly [sql: string, message: string]> = [
  // Syntax errors
  ['SELEC 1', 'Syntax error: Unexpected identifier "SELEC" at [1:1]'],
  ['SELECT FROM t', 'Syntax error: SELECT list must not be empty at [1:8]'],
  ['SELECT 1 FROM t WHERE', 'Syntax error: Unexpected end of script at [1:22]'],
  ['SELECT 1 1', 'Syntax error: Expected end of input but got integer literal "1" at [1:10]'],
  ['SELECT (1', 'Syntax error: Expected ")" but got end of script at [1:10]'],
  ['SELECT 1,, 2', 'Syntax error: Unexpected "," at [1:10]'],
  ["SELECT 'abc", 'Syntax error: Unclosed string literal at [1:8]'],
  ['SELECT 1\nFROM t\nWHERE id = = 2', 'Syntax error: Unexpected "=" at [3:12]'],
  [
    'SELECT 1 UNION SELECT 2',
    'Syntax error: Expected keyword ALL or keyword DISTINCT but got keyword SELECT at [1:16]',
  ],
  ['SELECT 1 /* one', 'Syntax error: Unclosed comment at [1:10]'],
  ['SELECT * FROM t a LEFT JOIN t b', 'LEFT JOIN must have an immediately following ON or USING clause at [1:19]'],
  ["SELECT CAST(DATE '2024-01-01' AS INT64)", 'Invalid cast from DATE to INT64 at [1:13]'],
  [
    'SELECT COUNT(DISTINCT id) OVER (ORDER BY name) FROM t',
    'Window ORDER BY is not allowed if DISTINCT is specified at [1:42]',
  ],
  ['DELETE FROM d.t', 'DELETE must have a WHERE clause at [1:1]'],
  [
    'SELECT 1 AS a UNION ALL BY NAME SELECT 2 AS b',
    'Queries in UNION ALL BY NAME have mismatched columns; query 1 has [a], query 2 has [b] at [1:33]',
  ],
  ['SELECT 1 AND TRUE', 'No matching signature for operator AND for argument types: INT64, BOOL at [1:10]'],
  [
    'SELECT * FROM (SELECT 1 AS a, 2 AS b) UNPIVOT ((x, y) FOR n IN (a, b))',
    'The number of new columns introduced as value columns must be the same as the number of columns in UNPIVOT IN clause at [1:65]',
  ],
  ["SELECT SUM('a')", 'No matching signature for aggregate function SUM\n  Argument types: STRING at [1:8]'],
  // Unknown names
  ['SELECT x FROM t', 'Unrecognized name: x at [1:8]'],
  ['SELECT nam FROM t', 'Unrecognized name: nam; Did you mean name? at [1:8]'],
  ['SELECT t.zzz FROM t', 'Name zzz not found inside t at [1:10]'],
  ['SELECT id FROM t a JOIN t b ON a.id = b.id', 'Column name id is ambiguous at [1:8]'],
  ['SELECT frobnicate(1)', 'Function not found: frobnicate at [1:8]'],
  ['SELECT ST_GEOGPOINT(1, 2)', 'Function not found: ST_GEOGPOINT at [1:8]'],
  ['SELECT STRUCT(1 AS a).b', 'Field name b does not exist in STRUCT<a INT64> at [1:23]'],
  ['SELECT @p', "Query parameter 'p' not found at [1:8]"],
  ['SELECT CAST(1 AS FOO)', 'Type not found: FOO at [1:18]'],
  // Type errors
  ["SELECT 1 + 'a'", 'No matching signature for operator + for argument types: INT64, STRING at [1:10]'],
  ['SELECT * FROM t WHERE id', 'WHERE clause should return type BOOL, but returns INT64 at [1:23]'],
  ["SELECT [1, 'a']", 'Array elements of types {INT64, STRING} do not have a common supertype at [1:8]'],
  ["SELECT DATE '2024-13-01'", 'Invalid DATE literal at [1:8]'],
  ["SELECT DATE '2024-01-01' = 'x'", 'Could not cast literal "x" to type DATE at [1:26]'],
  // Grouping errors
  [
    'SELECT id, COUNT(*) FROM t',
    'SELECT list expression references column id which is neither grouped nor aggregated at [1:8]',
  ],
  ['SELECT SUM(SUM(id)) FROM t', 'Aggregations of aggregations are not allowed at [1:12]'],
  ['SELECT id FROM t WHERE SUM(id) > 1', 'Aggregate function SUM not allowed in WHERE clause at [1:24]'],
  [
    'SELECT (SELECT 1, 2)',
    'Scalar subquery cannot have more than one column unless using SELECT AS STRUCT to build STRUCT values at [1:8]',
  ],
  [
    'SELECT id, name FROM t UNION ALL SELECT 1',
    'Queries in UNION ALL have mismatched column count; query 1 has 2 columns, query 2 has 1 column at [1:34]',
  ],
  // Run-time errors
  ['SELECT 1 / 0', 'division by zero: 1 / 0'],
  ['SELECT MOD(5, 0)', 'division by zero: 5 / 0'],
  ['SELECT 9223372036854775807 + 1', 'int64 overflow: 9223372036854775807 + 1'],
  ["SELECT NUMERIC '99999999999999999999999999999' + 1", 'numeric overflow: 99999999999999999999999999999 + 1'],
  ["SELECT CAST('abc' AS INT64)", 'Bad int64 value: abc'],
  ["SELECT CAST('2024-13-01' AS DATE)", "Invalid date: '2024-13-01'"],
  ["SELECT PARSE_DATE('%Y', 'x')", 'Failed to parse input string "x"'],
  ['SELECT [1, 2, 3][OFFSET(9)]', 'Array index 9 is out of bounds (overflow)'],
  ['SELECT (SELECT x FROM UNNEST([1, 2]) x)', 'Scalar subquery produced more than one element'],
  ['SELECT SUBSTR("a", 1, -1)', 'Third argument in SUBSTR() cannot be negative'],
  ["SELECT ERROR('mine')", 'mine'],
  ['SELECT SAFE_CAST(1 / 0 AS INT64)', 'division by zero: 1 / 0'],
  ['SELECT [1, NULL] AS a', 'Array cannot have a null element; error in writing field a'],
  ['SELECT NOT_THERE.FN(1)', 'Function not found: NOT_THERE.FN at [1:8]'],
  // DML errors
  [
    "INSERT INTO d.t (id) VALUES ('x')",
    'Value has type STRING which cannot be inserted into column id, which has type INT64 at [1:30]',
  ],
  ['INSERT INTO d.t (id, name) VALUES (1)', 'Inserted row has wrong column count; Has 1, expected 2 at [1:36]'],
  ['INSERT INTO d.t (nope) VALUES (1)', 'Column nope is not present in table p:d.t at [1:18]'],
  ['INSERT INTO d.t (name) VALUES ("x")', 'Required field id cannot be null'],
  [
    "UPDATE d.t SET id = 'x' WHERE TRUE",
    'Value of type STRING cannot be assigned to id, which has type INT64 at [1:21]',
  ],
  [
    'UPDATE d.t SET name = s.v FROM (SELECT 1 AS id, "p" AS v UNION ALL SELECT 1, "q") s WHERE t.id = s.id',
    'UPDATE/MERGE must match at most one source row for each target row',
  ],
  [
    'MERGE d.t USING (SELECT 1 AS id, "p" AS v UNION ALL SELECT 1, "q") s ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = s.v',
    'UPDATE/MERGE must match at most one source row for each target row',
  ],
  ['SELECT [1] = [2]', 'Equality is not defined for arguments of type ARRAY<INT64> at [1:12]'],
  ["SELECT JSON '1' != JSON '2'", 'Inequality is not defined for arguments of type JSON at [1:17]'],
  [
    'SELECT [[1]]',
    'Cannot construct array with element type ARRAY<INT64> because nested arrays are not supported at [1:8]',
  ],
  ['SELECT 1e400', 'Invalid floating point literal: 1e400 at [1:8]'],
  ["SELECT REGEXP_CONTAINS('a', '(')", 'Cannot parse regular expression: missing ): ('],
  ["SELECT REGEXP_CONTAINS('a', '(?=a)')", 'Cannot parse regular expression: invalid perl operator: (?='],
  [
    "SELECT REGEXP_EXTRACT('ab', '(a)(b)')",
    'Regular expressions passed into extraction functions must not have more than 1 capturing group',
  ],
  ['SELECT COSINE_DISTANCE([0.0], [1.0])', 'Cannot compute cosine distance against zero vector.'],
  ["SELECT PARSE_DATE('%Y', '2024x')", "Illegal non-space trailing data 'x' in string '2024x'"],
  ["SELECT INT64(JSON '10.1')", 'The provided JSON number: 10.1 cannot be converted to an integer'],
  ["SELECT JSON_REMOVE(JSON '{}', '$')", "The JSONPath cannot be '$'"],
  [
    "SELECT PARSE_JSON('922337203685477580701')",
    'Input number: 922337203685477580701 cannot round-trip through string representation',
  ],
  ["SELECT JSON_OBJECT(['a', 'b'], [1])", 'The number of keys and values must match'],
  ['SELECT RANK() OVER ()', 'Window ORDER BY is required for analytic function RANK at [1:8]'],
  ["SELECT CAST('13' AS TIME FORMAT 'HH12')", 'Failed to parse input string "13" with format "HH12"'],
  ['SELECT SAFE.SUM(1)', 'Function SUM does not support SAFE error mode at [1:8]'],
  ["SELECT TIMESTAMP('2024-01-01', 'Nowhere')", 'Invalid time zone: Nowhere'],
  [
    'SELECT SUM(x HAVING MAX x) FROM UNNEST([1]) x',
    'HAVING MAX in SUM is not supported by the local BigQuery at [1:8]',
  ],
];

test.each(REFUSED)('%s fails with the message of BigQuery', async (sql, message) => {
  const error = await failureOf(fixture, sql);
  expect(error.message).toBe(message);
  expect(error.reason).toBe('invalidQuery');
  expect(error.location).toBe('query');
});

test('the error of a call without a matching signature lists the signatures', async () => {
  const { message } = await failureOf(fixture, 'SELECT LOWER(1)');
  expect(message).toContain(
    'No matching signature for function LOWER\n  Argument types: INT64\n  Signature: LOWER(STRING)',
  );
  expect(message).toMatch(/ at \[1:8\]$/);
});

test.each([
  ['SELECT * FROM d.nope', 'Not found: Table p:d.nope was not found in location US'],
  ['SELECT * FROM `q.d.nope`', 'Not found: Dataset q:d was not found in location US'],
  ['DELETE FROM d.nope WHERE TRUE', 'Not found: Table p:d.nope was not found in location US'],
  ['SELECT * FROM nope.INFORMATION_SCHEMA.TABLES', 'Not found: Dataset p:nope was not found in location US'],
])('%s fails because the table or dataset does not exist', async (sql, message) => {
  await expect(failureOf(fixture, sql)).resolves.toMatchObject({ reason: 'notFound', message });
});

describe('a table that requires a partition filter', () => {
  const message =
    "Cannot query over table 'p.other.rp' without a filter over column(s) 'd' that can be used for partition elimination";

  beforeAll(async () => {
    await fixture.run('CREATE TABLE other.rp (d DATE, v INT64) PARTITION BY d OPTIONS(require_partition_filter=TRUE)');
    await fixture.run('CREATE VIEW other.rpv AS SELECT d AS day, v FROM other.rp');
  });

  test.each([
    "SELECT v FROM other.rp WHERE d = '2024-01-01'",
    "SELECT v FROM (SELECT * FROM other.rp) WHERE d > '2024-01-01'",
    "WITH x AS (SELECT d AS e FROM other.rp) SELECT e FROM x WHERE e > '2024-01-01'",
    "SELECT v FROM other.rpv WHERE day = '2024-01-01'",
    "SELECT * FROM (SELECT d FROM other.rp UNION ALL SELECT day FROM other.rpv) WHERE d = '2024-01-01'",
    "DELETE FROM other.rp WHERE d = '2024-01-01' AND v = 1",
    "MERGE other.rp t USING (SELECT 1 AS v) s ON t.v = s.v AND t.d = '2024-01-01' WHEN MATCHED THEN DELETE",
    'TRUNCATE TABLE other.rp',
  ])('accepts %s', async (sql) => {
    await expect(fixture.run(sql)).resolves.toBeDefined();
  });

  test.each([
    'SELECT v FROM other.rp WHERE v = 1',
    'SELECT COUNT(*) FROM (SELECT * FROM other.rp)',
    'SELECT v FROM other.rpv',
    'WITH x AS (SELECT * FROM other.rp) SELECT v FROM x WHERE v = 1',
    "SELECT d FROM other.rp WHERE d = '2024-01-01' UNION ALL SELECT d FROM other.rp",
    'DELETE FROM other.rp WHERE v = 1',
    'UPDATE other.rp SET v = 2 WHERE v = 1',
    'MERGE other.rp t USING (SELECT 1 AS v) s ON t.v = s.v WHEN MATCHED THEN DELETE',
    'DECLARE n INT64 DEFAULT (SELECT COUNT(*) FROM other.rp)',
  ])('refuses %s', async (sql) => {
    const error = await failureOf(fixture, sql);
    expect(error.message).toContain(message);
  });
});

test('a table without a dataset needs a default dataset', async () => {
  const { defaultDataset: _none, ...catalog } = fixture.catalog;
  const error = await failureOf(fixture, 'SELECT * FROM t', { catalog });
  expect(error.message).toBe('Table "t" must be qualified with a dataset (e.g. dataset.table).');
});

test('a script with a syntax error runs no statement', async () => {
  await expect(failureOf(fixture, 'CREATE TABLE d.made (x INT64); SELECT (')).resolves.toMatchObject({
    reason: 'invalidQuery',
  });
  await expect(failureOf(fixture, 'SELECT * FROM d.made')).resolves.toMatchObject({ reason: 'notFound' });
});
