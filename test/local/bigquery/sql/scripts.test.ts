import { Fixture, failureOf } from './fixture';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.create();
});

/** Scripts, the rows of their last statement and the statements that were run. */
const SCRIPTS: ReadonlyArray<readonly [sql: string, rows: unknown[][], kinds: string[]]> = [
  ['DECLARE x INT64 DEFAULT 5; SET x = x + 1; SELECT x', [['6']], ['SELECT']],
  ["DECLARE x, y STRING; SET (x, y) = ('a', 'b'); SELECT x || y", [['ab']], ['SELECT']],
  ["DECLARE d DEFAULT DATE '2024-01-01'; SELECT DATE_ADD(d, INTERVAL 1 DAY)", [['2024-01-02']], ['SELECT']],
  ["IF 1 > 2 THEN SELECT 'a'; ELSEIF 2 > 1 THEN SELECT 'b'; ELSE SELECT 'c'; END IF", [['b']], ['SELECT']],
  [
    'DECLARE i INT64 DEFAULT 0; WHILE i < 3 DO SET i = i + 1; IF i = 2 THEN CONTINUE; END IF; SELECT i; END WHILE',
    [['3']],
    ['SELECT', 'SELECT'],
  ],
  [
    'DECLARE i INT64 DEFAULT 0; LOOP SET i = i + 1; IF i > 4 THEN BREAK; END IF; END LOOP; SELECT i',
    [['5']],
    ['SELECT'],
  ],
  ['DECLARE i INT64 DEFAULT 0; REPEAT SET i = i + 2; UNTIL i >= 5 END REPEAT; SELECT i', [['6']], ['SELECT']],
  ['FOR r IN (SELECT x, x * x AS y FROM UNNEST([2, 3]) x) DO SELECT r.y; END FOR', [['9']], ['SELECT', 'SELECT']],
  [
    "DECLARE s STRING DEFAULT 'b'; CASE s WHEN 'a' THEN SELECT 1; WHEN 'b' THEN SELECT 2; END CASE",
    [['2']],
    ['SELECT'],
  ],
  [
    'BEGIN SELECT 1 / 0; EXCEPTION WHEN ERROR THEN SELECT @@error.message; END',
    [['division by zero: 1 / 0']],
    ['SELECT'],
  ],
  ['SELECT 1; RETURN; SELECT 2', [['1']], ['SELECT']],
  ['CREATE TEMP FUNCTION half(x FLOAT64) AS (x / 2); SELECT half(3)', [['1.5']], ['SELECT']],
  ["EXECUTE IMMEDIATE CONCAT('SELECT ', '7')", [['7']], ['SELECT']],
  ["EXECUTE IMMEDIATE 'SELECT ? + ?, ?' USING 1, 2, 'x'", [['3', 'x']], ['SELECT']],
  [
    "DECLARE d DATE; EXECUTE IMMEDIATE 'SELECT DATE_ADD(@day, INTERVAL @n DAY)' INTO d USING 2 AS n, DATE '2024-01-01' AS day; SELECT d",
    [['2024-01-03']],
    ['SELECT'],
  ],
  [
    "EXECUTE IMMEDIATE 'CREATE TEMP TABLE made AS SELECT 5 AS n'; SELECT n FROM made",
    [['5']],
    ['CREATE_TABLE_AS_SELECT', 'SELECT'],
  ],
  ["DECLARE n INT64; EXECUTE IMMEDIATE 'SELECT 7' INTO n; SELECT n + 1", [['8']], ['SELECT']],
  ["ASSERT (SELECT COUNT(*) FROM UNNEST([1])) = 1 AS 'one'; SELECT 'ok'", [['ok']], ['SELECT']],
  [
    'CREATE OR REPLACE TABLE d.s AS SELECT 1 AS a; INSERT INTO d.s VALUES (2); SELECT SUM(a) FROM d.s',
    [['3']],
    ['CREATE_TABLE_AS_SELECT', 'INSERT', 'SELECT'],
  ],
  ['CREATE TEMP TABLE scratch AS SELECT 4 AS q; SELECT q FROM scratch', [['4']], ['CREATE_TABLE_AS_SELECT', 'SELECT']],
];

test.each(SCRIPTS)('%s', async (sql, rows, kinds) => {
  const answer = await fixture.run(sql);
  expect(answer.rows).toEqual(rows);
  expect(answer.kinds).toEqual(kinds);
});

test.each([
  ["ASSERT 1 = 2 AS 'unequal'", 'unequal'],
  ["RAISE USING MESSAGE = 'mine'", 'Query error: mine'],
  ['SET nope = 1', 'Undeclared variable: nope at [1:1]'],
  ["DECLARE x INT64 DEFAULT 'a'", 'Cannot coerce expression of type STRING to type INT64 at [1:25]'],
  ["IF 'x' THEN SELECT 1; END IF", 'Expected type BOOL; found STRING at [1:4]'],
])('%s fails', async (sql, message) => {
  await expect(failureOf(fixture, sql)).resolves.toMatchObject({ message });
});
