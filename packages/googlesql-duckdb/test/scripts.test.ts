import { Fixture, failureOf } from './fixture';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.create();
});

/** Scripts with the rows of their last statement and the kinds of their statements. */
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
    [['Query error: division by zero: 1 / 0 at [1:7]']],
    ['SELECT'],
  ],
  [
    'BEGIN\n  SELECT 1 / 0;\nEXCEPTION WHEN ERROR THEN SELECT @@error.statement_text, @@error.stack_trace[OFFSET(0)].line; END',
    [['SELECT 1 / 0', '2']],
    ['SELECT'],
  ],
  ["BEGIN RAISE USING MESSAGE = 'mine'; EXCEPTION WHEN ERROR THEN SELECT @@error.message; END", [['mine']], ['SELECT']],
  [
    'BEGIN BEGIN SELECT 1 / 0; EXCEPTION WHEN ERROR THEN SELECT 1; END; SELECT 2 / 0; EXCEPTION WHEN ERROR THEN SELECT @@error.message; END',
    [['Query error: division by zero: 2 / 0 at [1:68]']],
    ['SELECT', 'SELECT'],
  ],
  ['SELECT @@error.message', [[null]], ['SELECT']],
  [
    'CREATE TEMP TABLE rc AS SELECT 1 AS a; INSERT rc VALUES (2), (3); SELECT @@row_count',
    [['2']],
    ['CREATE_TABLE_AS_SELECT', 'INSERT', 'SELECT'],
  ],
  [
    "CREATE TEMP TABLE ri (a INT64); EXECUTE IMMEDIATE 'INSERT ri SELECT * FROM UNNEST([1, 2, 3])'; SELECT @@row_count",
    [['3']],
    ['CREATE_TABLE', 'INSERT', 'SELECT'],
  ],
  [
    "CREATE TABLE other.own AS SELECT 7 AS a; SET @@dataset_id = 'other'; SELECT a, @@dataset_id FROM own",
    [['7', 'other']],
    ['CREATE_TABLE_AS_SELECT', 'SELECT'],
  ],
  [
    "SELECT 1; SET @@time_zone = 'UTC'; SELECT @@time_zone, @@script.num_child_jobs",
    [['UTC', '1']],
    ['SELECT', 'SELECT'],
  ],
  ['SELECT 1; RETURN; SELECT 2', [['1']], ['SELECT']],
  [
    'CREATE TEMP FUNCTION gone() AS (1); DROP FUNCTION gone; CREATE TEMP FUNCTION gone() AS (2); SELECT gone()',
    [['2']],
    ['SELECT'],
  ],
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
  [
    'CREATE TEMP TABLE tt (a INT64); INSERT tt VALUES (1); MERGE tt USING (SELECT 2 AS a) s ON tt.a = s.a WHEN NOT MATCHED THEN INSERT ROW; UPDATE _SESSION.tt SET a = tt.a + 1 WHERE tt.a = 1; SELECT SUM(tt.a) FROM tt',
    [['4']],
    ['CREATE_TABLE', 'INSERT', 'MERGE', 'UPDATE', 'SELECT'],
  ],
  [
    'CREATE TEMP TABLE again AS SELECT 1 AS a; CREATE OR REPLACE TEMP TABLE again AS SELECT 2 AS a; SELECT a FROM again',
    [['2']],
    ['CREATE_TABLE_AS_SELECT', 'CREATE_TABLE_AS_SELECT', 'SELECT'],
  ],
  ['CREATE TEMP TABLE scratch AS SELECT 4 AS q; SELECT q FROM scratch', [['4']], ['CREATE_TABLE_AS_SELECT', 'SELECT']],
];

test.each(SCRIPTS)('%s runs its statements', async (sql, rows, kinds) => {
  const answer = await fixture.run(sql);
  expect(answer.rows).toEqual(rows);
  expect(answer.kinds).toEqual(kinds);
});

test.each([
  ['CREATE TEMP TABLE alone AS SELECT 1 AS a', 'Use of CREATE TEMPORARY TABLE requires a script or session'],
  ["ASSERT 1 = 2 AS 'unequal'", 'Query error: unequal at [1:1]'],
  ["RAISE USING MESSAGE = 'mine'", 'Query error: mine at [1:1]'],
  ['BEGIN SELECT 1 / 0; EXCEPTION WHEN ERROR THEN RAISE; END', 'Query error: division by zero: 1 / 0 at [1:7]'],
  [
    "BEGIN SELECT 1 / 0; EXCEPTION WHEN ERROR THEN RAISE USING MESSAGE = CONCAT('so: ', @@error.message); END",
    'Query error: so: Query error: division by zero: 1 / 0 at [1:7] at [1:47]',
  ],
  ['SELECT 1; SELECT 1 / 0', 'Query error: division by zero: 1 / 0 at [1:11]'],
  ['SELECT 1; SELECT nope', 'Query error: Unrecognized name: nope at [1:18]'],
  ['SELECT 1;\nSELECT * FROM d.nope', 'Not found: Table p:d.nope was not found in location US at [2:1]'],
  ['BEGIN CALL d.f(); EXCEPTION WHEN ERROR THEN SELECT 1; END', expect.stringContaining('not supported')],
  ['SET nope = 1', 'Query error: Undeclared variable: nope at [1:5]'],
  ["DECLARE x INT64 DEFAULT 'a'", 'Query error: Cannot coerce expression of type STRING to type INT64 at [1:25]'],
  ["IF 'x' THEN SELECT 1; END IF", 'Query error: Expected type BOOL; found STRING at [1:4]'],
  ['SELECT 1; DECLARE x INT64', 'Variable declarations are allowed only at the start of a block or script at [1:11]'],
  ['DECLARE x INT64; BEGIN DECLARE X STRING; END', "Variable 'X' redeclaration at [1:32]"],
  ['SELECT 1; BREAK', 'BREAK is only allowed inside of a loop body at [1:11]'],
  ['RAISE', 'Cannot re-raise an existing exception outside of an exception handler at [1:1]'],
  ["SET @@row_count = '1'", 'Query error: Setting @@row_count is not supported by the local BigQuery at [1:1]'],
  [
    "EXECUTE IMMEDIATE 'SELCT 1'",
    'Query error: Invalid EXECUTE IMMEDIATE sql string `SELCT 1`, Syntax error: Unexpected identifier "SELCT" at [1:1]',
  ],
  [
    "DECLARE a INT64; EXECUTE IMMEDIATE 'SELECT 1, 2' INTO a",
    'Query error: EXECUTE IMMEDIATE ... INTO has 1 variables for 2 columns at [1:18]',
  ],
  [
    "DECLARE a INT64; EXECUTE IMMEDIATE 'SELECT x FROM UNNEST([1, 2]) AS x' INTO a",
    'Query error: The query of EXECUTE IMMEDIATE ... INTO gave more than one row at [1:18]',
  ],
])('%s fails', async (sql, message) => {
  await expect(failureOf(fixture, sql)).resolves.toMatchObject({ message });
});
