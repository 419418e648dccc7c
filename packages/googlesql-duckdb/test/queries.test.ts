import { Fixture } from './fixture';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.create();
  await fixture.run(`
    CREATE TABLE d.orders (id INT64, cust STRING, amount NUMERIC, day DATE, items ARRAY<STRUCT<sku STRING, n INT64>>);
    INSERT INTO d.orders VALUES
      (1, 'ann', 10, '2024-01-01', [('x', 1), ('y', 2)]),
      (2, 'bob', 20.5, '2024-01-02', []),
      (3, 'ann', 30, '2024-02-01', NULL);
    CREATE TABLE d.customers (cust STRING, region STRING);
    INSERT INTO d.customers VALUES ('ann', 'north'), ('cid', 'south');
    CREATE TABLE d.ev_1 AS SELECT 1 AS id, 'a' AS n;
    CREATE TABLE d.ev_2 AS SELECT 2 AS id, 'b' AS n, 3 AS extra;
    CREATE TABLE d.short AS SELECT [1, 2] AS a, 5 AS e, 's' AS s, 4 AS q, 3 AS d, r, 6 AS i, 'k' AS k, 1 AS bq_e1, 2 AS element, 0 AS index
      FROM UNNEST([3, 4]) AS r;
    CREATE VIEW d.big AS SELECT id, amount AS total FROM d.orders WHERE amount > 15`);
});

/** Queries and their rows. */
const QUERIES: ReadonlyArray<readonly [name: string, sql: string, rows: unknown[][]]> = [
  [
    'ROW_NUMBER selects the newest row per key',
    'SELECT * EXCEPT (rn, items, day) FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY cust ORDER BY day DESC) AS rn FROM orders) WHERE rn = 1 ORDER BY id',
    [
      ['2', 'bob', '20.5'],
      ['3', 'ann', '30'],
    ],
  ],
  [
    'UNION ALL BY NAME matches columns by name',
    "SELECT 1 AS a, 'x' AS b UNION ALL BY NAME SELECT 'y' AS B, NULL AS a UNION ALL BY NAME SELECT 3 AS a, 'z' AS b ORDER BY b",
    [
      ['1', 'x'],
      [null, 'y'],
      ['3', 'z'],
    ],
  ],
  [
    'aggregates see the rows of a UNION ALL in their order',
    "SELECT STRING_AGG(x), ARRAY_AGG(n) FROM (SELECT 'a' AS x, 1 AS n UNION ALL SELECT 'b', 2.5 UNION ALL (SELECT NULL, 3) UNION ALL SELECT 'd', 4)",
    [['a,b,d', ['1.0', '2.5', '3.0', '4.0']]],
  ],
  [
    'RANGE_SESSIONIZE merges ranges to sessions',
    `SELECT id, RANGE_START(r), session_range FROM RANGE_SESSIONIZE((SELECT * FROM UNNEST([
       STRUCT(1 AS id, RANGE(DATE '2024-01-01', DATE '2024-01-03') AS r), (1, RANGE(DATE '2024-01-03', NULL)),
       (2, RANGE(DATE '2024-01-02', DATE '2024-01-05')), (2, NULL)])), 'r', ['id'], 'MEETS') ORDER BY 1, 2`,
    [
      ['1', '2024-01-01', '[2024-01-01, UNBOUNDED)'],
      ['1', '2024-01-03', '[2024-01-01, UNBOUNDED)'],
      ['2', null, null],
      ['2', '2024-01-02', '[2024-01-02, 2024-01-05)'],
    ],
  ],
  [
    'QUALIFY selects the newest row per key',
    'SELECT id FROM orders QUALIFY ROW_NUMBER() OVER (PARTITION BY cust ORDER BY day DESC) = 1 ORDER BY id',
    [['2'], ['3']],
  ],
  [
    'ARRAY_AGG of rows selects the newest row per key',
    'SELECT r.id, r.cust FROM (SELECT ARRAY_AGG(o ORDER BY day DESC LIMIT 1)[OFFSET(0)] AS r FROM orders AS o GROUP BY cust) ORDER BY 1',
    [
      ['2', 'bob'],
      ['3', 'ann'],
    ],
  ],
  [
    'GROUP BY and HAVING use aliases, ORDER BY a position',
    'SELECT LOWER(cust) AS c, SUM(amount) AS total FROM orders GROUP BY c HAVING total > 15 ORDER BY 2 DESC',
    [
      ['ann', '40'],
      ['bob', '20.5'],
    ],
  ],
  [
    'an alias hides the column of its expression',
    "SELECT CONCAT(cust, '!') AS cust, COUNT(*) FROM orders GROUP BY cust ORDER BY cust",
    [
      ['ann!', '2'],
      ['bob!', '1'],
    ],
  ],
  [
    'GROUP BY ALL groups by all items without aggregates',
    'SELECT cust, COUNT(*) FROM orders GROUP BY ALL ORDER BY cust',
    [
      ['ann', '2'],
      ['bob', '1'],
    ],
  ],
  [
    'ROLLUP adds totals',
    'SELECT cust, SUM(id) FROM orders GROUP BY ROLLUP (cust) ORDER BY cust',
    [
      [null, '6'],
      ['ann', '4'],
      ['bob', '2'],
    ],
  ],
  [
    'a grouping expression can be selected',
    "SELECT FORMAT_DATE('%m', day), COUNT(*) FROM orders GROUP BY FORMAT_DATE('%m', day) ORDER BY 1",
    [
      ['01', '2'],
      ['02', '1'],
    ],
  ],
  [
    'window functions run over groups',
    'SELECT cust, ROW_NUMBER() OVER (ORDER BY SUM(amount) DESC) FROM orders GROUP BY cust ORDER BY 2',
    [
      ['ann', '1'],
      ['bob', '2'],
    ],
  ],
  [
    'USING merges columns',
    'SELECT * FROM (SELECT id, cust FROM orders) JOIN customers USING (cust) ORDER BY id',
    [
      ['ann', '1', 'north'],
      ['ann', '3', 'north'],
    ],
  ],
  [
    'FULL JOIN USING takes the value of the matching side',
    'SELECT cust, id, region FROM orders FULL JOIN customers USING (cust) ORDER BY cust, id',
    [
      ['ann', '1', 'north'],
      ['ann', '3', 'north'],
      ['bob', '2', null],
      ['cid', null, 'south'],
    ],
  ],
  [
    'LEFT JOIN keeps rows without a match',
    'SELECT o.id, c.region FROM orders o LEFT JOIN customers c ON o.cust = c.cust ORDER BY 1',
    [
      ['1', 'north'],
      ['2', null],
      ['3', 'north'],
    ],
  ],
  [
    'a comma joins tables',
    'SELECT o.id, c.cust FROM orders o, customers c WHERE o.cust = c.cust ORDER BY 1',
    [
      ['1', 'ann'],
      ['3', 'ann'],
    ],
  ],
  [
    'UNNEST WITH OFFSET numbers the elements',
    'SELECT id, i.sku, n, place FROM orders, UNNEST(items) AS i WITH OFFSET AS place ORDER BY place',
    [
      ['1', 'x', '1', '0'],
      ['1', 'y', '2', '1'],
    ],
  ],
  [
    'FROM unnests the array of an earlier table',
    'SELECT o.id, i.sku FROM orders o, o.items i ORDER BY 2',
    [
      ['1', 'x'],
      ['1', 'y'],
    ],
  ],
  [
    'LEFT JOIN UNNEST keeps rows without elements',
    'SELECT id, sku FROM orders LEFT JOIN UNNEST(items) ON n > 1 ORDER BY id',
    [
      ['1', 'y'],
      ['2', null],
      ['3', null],
    ],
  ],
  [
    'a subquery reads the array of its row',
    'SELECT id, (SELECT SUM(n) FROM UNNEST(items)), ARRAY(SELECT sku FROM UNNEST(items) ORDER BY n DESC), EXISTS (SELECT 1 FROM o.items i WHERE i.n = 2) FROM orders o ORDER BY id',
    [
      ['1', '3', ['y', 'x'], 'true'],
      ['2', null, [], 'false'],
      ['3', null, [], 'false'],
    ],
  ],
  [
    'correlated subqueries see the outer row',
    'SELECT id FROM orders o WHERE amount = (SELECT MAX(amount) FROM orders x WHERE x.cust = o.cust) ORDER BY id',
    [['2'], ['3']],
  ],
  ['IN a subquery', 'SELECT id FROM orders WHERE cust IN (SELECT cust FROM customers) ORDER BY id', [['1'], ['3']]],
  [
    'WITH names subqueries',
    'WITH a AS (SELECT 1 AS x UNION ALL SELECT 2), b AS (SELECT x + 1 AS y FROM a) SELECT a.x, b.y FROM a JOIN b ON a.x = b.y',
    [['2', '2']],
  ],
  [
    'WITH RECURSIVE repeats the recursive term',
    'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 4) SELECT SUM(n) FROM r',
    [['10']],
  ],
  [
    'set operations combine queries',
    '(SELECT id FROM orders EXCEPT DISTINCT SELECT 2) UNION ALL SELECT 9 ORDER BY id DESC LIMIT 2',
    [['9'], ['3']],
  ],
  ['unions of unlike numbers', 'SELECT 1 AS x UNION ALL SELECT 2.5 ORDER BY x', [['1.0'], ['2.5']]],
  [
    'NULLs sort first, and last when descending',
    'SELECT x FROM UNNEST([2, NULL, 1]) x ORDER BY x',
    [[null], ['1'], ['2']],
  ],
  ['NULLS LAST', 'SELECT x FROM UNNEST([2, NULL, 1]) x ORDER BY x NULLS LAST', [['1'], ['2'], [null]]],
  [
    'NaN sorts as the smallest number',
    "SELECT x FROM UNNEST([2.5, CAST('nan' AS FLOAT64), NULL]) x ORDER BY x DESC",
    [['2.5'], ['NaN'], [null]],
  ],
  [
    'array functions read columns with short names',
    'SELECT a[OFFSET(1)], CAST(a AS ARRAY<FLOAT64>)[OFFSET(0)], e, x FROM (SELECT [1, 2] AS a, 9 AS e, 8 AS x)',
    [['2', '1.0', '9', '8']],
  ],
  [
    'aggregates read columns that are named like lambda parameters',
    "SELECT APPROX_TOP_COUNT(q, 1), APPROX_TOP_SUM(e, r, 1), APPROX_QUANTILES(i, 2), STRING_AGG(k, '$' ORDER BY k), ARRAY_AGG(d LIMIT 1) FROM short",
    [[[['4', '2']], [['5', '7']], ['6', '6', '6'], 'k$k', ['3']]],
  ],
  [
    'functions read columns that are named like lambda parameters',
    'SELECT SAFE_ADD(e + 1, a[0]), RANGE_BUCKET(e, [1, 5, 9]), ARRAY_IS_DISTINCT(a), SAFE_CAST(CONCAT(k, s) AS INT64), ARRAY_SLICE(ARRAY_REVERSE(a), 0, 0), ARRAY_FILTER(a, (element, index) -> element > e - 4 AND index < q), ARRAY_TRANSFORM(a, x -> x + d + bq_e1), LEFT(k || s, i), (SELECT MAX(SAFE_DIVIDE(e * 1, v)) FROM UNNEST(a) AS v) FROM short LIMIT 1',
    [['7', '2', 'true', null, ['2'], ['2'], ['5', '6'], 'ks', '5.0']],
  ],
  [
    'struct conversions read columns that are named like lambda parameters',
    'SELECT s, IF(TRUE, t, STRUCT(1.5, 2)) FROM (SELECT s, STRUCT(d AS s, e AS e) AS t FROM short LIMIT 1)',
    [['s', ['3.0', '5']]],
  ],
  ['ORDER BY what is not selected', 'SELECT cust FROM orders ORDER BY amount DESC LIMIT 1 OFFSET 1', [['bob']]],
  ['SELECT DISTINCT', 'SELECT DISTINCT cust FROM orders ORDER BY cust', [['ann'], ['bob']]],
  ['star with REPLACE', 'SELECT * REPLACE (id * 10 AS id) FROM ev_1', [['10', 'a']]],
  ['SELECT AS STRUCT', 'SELECT AS STRUCT 1 AS a, 2 AS b', [['1', '2']]],
  ['SELECT AS VALUE', 'SELECT x.a FROM (SELECT AS VALUE STRUCT(1 AS a)) AS x', [['1']]],
  ['a whole row as JSON', 'SELECT TO_JSON_STRING(t) FROM ev_1 t', [['{"id":1,"n":"a"}']]],
  [
    'UNNEST of structs makes their fields columns',
    "SELECT * FROM UNNEST([STRUCT(1 AS a, 'x' AS b), (2, 'y')]) ORDER BY a",
    [
      ['1', 'x'],
      ['2', 'y'],
    ],
  ],
  [
    'PIVOT turns keys into columns',
    "SELECT * FROM (SELECT cust, amount FROM orders) PIVOT (SUM(amount) FOR cust IN ('ann', 'bob' AS b))",
    [['40', '20.5']],
  ],
  [
    'UNPIVOT turns groups of columns into rows',
    'SELECT * FROM (SELECT 1 AS a, 2.5 AS b, CAST(NULL AS INT64) AS c, 4 AS d, CAST(NULL AS INT64) AS e, NULL AS f, 7 AS k) UNPIVOT ((x, y) FOR n IN ((a, b), (c, d) AS "cd", (e, f))) ORDER BY n',
    [
      ['7', '1', '2.5', 'a_b'],
      ['7', null, '4.0', 'cd'],
    ],
  ],
  [
    'UNPIVOT turns columns into rows',
    'SELECT * FROM (SELECT 1 AS a, 2 AS b) UNPIVOT (v FOR k IN (a, b)) ORDER BY k',
    [
      ['1', 'a'],
      ['2', 'b'],
    ],
  ],
  ['a view', 'SELECT total FROM d.big ORDER BY id', [['20.5'], ['30']]],
  [
    'a wildcard table has the schema of the newest table',
    "SELECT _TABLE_SUFFIX, * FROM `d.ev_*` WHERE _TABLE_SUFFIX >= '1' ORDER BY 1",
    [
      ['1', '1', 'a', null],
      ['2', '2', 'b', '3'],
    ],
  ],
  [
    'aggregates without GROUP BY return a row for no rows',
    'SELECT COUNT(*), SUM(id) FROM orders WHERE FALSE',
    [['0', null]],
  ],
  ['GROUP BY accepts the alias of a constant', "SELECT 'all' AS k, COUNT(*) FROM orders GROUP BY k", [['all', '3']]],
  [
    'lambdas see the columns of the row',
    'SELECT ARRAY_FILTER([1, 2, 3], e -> e > id) FROM orders ORDER BY id LIMIT 1',
    [[['2', '3']]],
  ],
];

test('a wildcard table reads columns with their types in the newest table, and fails only for columns that the query uses', async () => {
  await fixture.run(
    "CREATE TABLE other.w_1 AS SELECT 1 AS a, STRUCT('x' AS p) AS s; CREATE TABLE other.w_2 AS SELECT 'b' AS a, STRUCT(2 AS q, 'y' AS p) AS s",
  );
  const rows = async (sql: string) => (await fixture.run(sql)).rows;
  expect(await rows('SELECT s FROM `other.w_*` ORDER BY s.p')).toEqual([[[null, 'x']], [['2', 'y']]]);
  expect(await rows("SELECT a FROM `other.w_*` WHERE _TABLE_SUFFIX = '2'")).toEqual([['b']]);
  await expect(fixture.run('SELECT a FROM `other.w_*`')).rejects.toThrow(
    'Cannot read field of type INT64 as STRING Field: a',
  );
  await fixture.run('CREATE VIEW other.w_v AS SELECT 1 AS a');
  await expect(fixture.run('SELECT s FROM `other.w_*`')).rejects.toThrow(
    'Views cannot be queried through prefix. First view p:other.w_v.',
  );
});

test.each(QUERIES)('%s', async (_name, sql, rows) => {
  expect((await fixture.run(sql)).rows).toEqual(rows);
});

test('column names ignore case, and keep the case of the SELECT list', async () => {
  const { rows, schema } = await fixture.run('SELECT ID, o.Cust FROM orders AS O WHERE CUST = "bob"');
  expect(rows).toEqual([['2', 'bob']]);
  expect(schema.map((field) => field.name)).toEqual(['ID', 'Cust']);
});

test('columns without a name become f0_ and f1_', async () => {
  const { schema } = await fixture.run('SELECT 1, 2 AS x, COUNT(*)');
  expect(schema.map((field) => field.name)).toEqual(['f0_', 'x', 'f1_']);
});

const TYPES: ReadonlyArray<readonly [string, string, string?]> = [
  ['1', 'INTEGER'],
  ['1.5', 'FLOAT'],
  ["NUMERIC '1'", 'NUMERIC'],
  ["BIGNUMERIC '1'", 'BIGNUMERIC'],
  ["'x'", 'STRING'],
  ["b'x'", 'BYTES'],
  ['TRUE', 'BOOLEAN'],
  ["DATE '2024-01-01'", 'DATE'],
  ["TIME '10:00:00'", 'TIME'],
  ["DATETIME '2024-01-01'", 'DATETIME'],
  ["TIMESTAMP '2024-01-01'", 'TIMESTAMP'],
  ["JSON '1'", 'JSON'],
  ['INTERVAL 1 DAY', 'INTERVAL'],
  ['[1]', 'INTEGER', 'REPEATED'],
  ['STRUCT(1 AS a)', 'RECORD'],
  ['NULL', 'INTEGER'],
  ['1 / 2', 'FLOAT'],
  ["NUMERIC '1' / 2", 'NUMERIC'],
  ["NUMERIC '1' + 1.5", 'NUMERIC'],
  ['ROUND(1)', 'FLOAT'],
  ['SUM(1)', 'INTEGER'],
  ['AVG(1)', 'FLOAT'],
  ["AVG(NUMERIC '1')", 'NUMERIC'],
  ['COUNT(*)', 'INTEGER'],
  ['SAFE_DIVIDE(1, 2)', 'FLOAT'],
  ['CAST(NULL AS GEOGRAPHY)', 'GEOGRAPHY'],
  ["IF(TRUE, 1, NUMERIC '2')", 'NUMERIC'],
  ["BIGNUMERIC '1' * 2", 'BIGNUMERIC'],
  ["DATE_TRUNC(DATE '2024-01-01', MONTH)", 'DATE'],
  ["JSON_QUERY(JSON '{}', '$')", 'JSON'],
  ["JSON_QUERY('{}', '$')", 'STRING'],
];

test.each(TYPES)('%s has the type %s', async (expression, type, mode = 'NULLABLE') => {
  const { schema } = await fixture.run(`SELECT ${expression} AS x`);
  expect(schema).toMatchObject([{ name: 'x', type, mode }]);
});
