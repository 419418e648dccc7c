import { Fixture } from './fixture';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.create();
  await fixture.run(`
    CREATE TABLE d.t (id INT64, name STRING, n NUMERIC, tags ARRAY<STRING>, s STRUCT<a INT64, b STRUCT<c STRING>>);
    INSERT INTO d.t (id, name) VALUES (1, 'one'), (2, 'two'), (3, NULL)`);
});

/** Statements with the number of changed rows and the resulting values of `id, name`. */
const CHANGES: ReadonlyArray<readonly [sql: string, changed: number, rows: unknown[][]]> = [
  [
    "INSERT d.t (id, name) VALUES (4, 'four')",
    1,
    [
      ['1', 'one'],
      ['2', 'two'],
      ['3', null],
      ['4', 'four'],
    ],
  ],
  [
    "INSERT INTO d.t (name, id) SELECT CONCAT(name, '!'), id + 10 FROM d.t WHERE id < 3",
    2,
    [
      ['1', 'one'],
      ['2', 'two'],
      ['3', null],
      ['11', 'one!'],
      ['12', 'two!'],
    ],
  ],
  [
    "UPDATE d.t SET name = 'x' WHERE id > 1",
    2,
    [
      ['1', 'one'],
      ['2', 'x'],
      ['3', 'x'],
    ],
  ],
  [
    "UPDATE d.t AS k SET name = CONCAT(k.name, '?') WHERE k.id = 1",
    1,
    [
      ['1', 'one?'],
      ['2', 'two'],
      ['3', null],
    ],
  ],
  [
    "UPDATE d.t SET name = s.v FROM (SELECT 2 AS id, 'new' AS v) s WHERE t.id = s.id",
    1,
    [
      ['1', 'one'],
      ['2', 'new'],
      ['3', null],
    ],
  ],
  [
    'UPDATE d.t SET name = (SELECT MAX(x.name) FROM d.t x) WHERE name IS NULL',
    1,
    [
      ['1', 'one'],
      ['2', 'two'],
      ['3', 'two'],
    ],
  ],
  ['DELETE d.t WHERE id IN (1, 3)', 2, [['2', 'two']]],
  ['DELETE FROM d.t AS x WHERE EXISTS (SELECT 1 FROM d.t y WHERE y.id > x.id)', 2, [['3', null]]],
  ['TRUNCATE TABLE d.t', 0, []],
  [
    "MERGE d.t USING (SELECT 1 AS id, 'eins' AS name UNION ALL SELECT 9, 'neun') s ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (id, name)",
    2,
    [
      ['1', 'eins'],
      ['2', 'two'],
      ['3', null],
      ['9', 'neun'],
    ],
  ],
  [
    "MERGE INTO d.t AS t USING UNNEST([1, 2]) AS k ON t.id = k WHEN MATCHED AND k = 1 THEN DELETE WHEN NOT MATCHED BY SOURCE THEN UPDATE SET name = 'left'",
    2,
    [
      ['2', 'two'],
      ['3', 'left'],
    ],
  ],
  [
    'MERGE d.t USING (SELECT 5 AS id) ON FALSE WHEN NOT MATCHED THEN INSERT (id) VALUES (5) WHEN NOT MATCHED BY SOURCE THEN DELETE',
    4,
    [['5', null]],
  ],
  [
    "MERGE d.t USING UNNEST([1]) k ON t.id = k WHEN MATCHED THEN UPDATE SET name = 'first' WHEN MATCHED THEN DELETE",
    1,
    [
      ['1', 'first'],
      ['2', 'two'],
      ['3', null],
    ],
  ],
];

test.each(CHANGES)('%s changes the rows', async (sql, changed, rows) => {
  const answer = await fixture.run(sql);
  expect(answer.changed).toBe(changed);
  expect((await fixture.run('SELECT id, name FROM d.t ORDER BY id')).rows).toEqual(rows);
});

test('a NULL array is stored as an empty array', async () => {
  await fixture.run('INSERT INTO d.t (id, tags) VALUES (7, NULL); UPDATE d.t SET tags = NULL WHERE id = 1');
  expect((await fixture.run('SELECT id FROM d.t WHERE tags IS NULL')).rows).toEqual([]);
});

test('UPDATE changes single fields of a struct', async () => {
  await fixture.run(
    "UPDATE d.t SET s = STRUCT(1, STRUCT('x')) WHERE id = 1; UPDATE d.t SET s.b.c = 'y', s.a = 2 WHERE id = 1",
  );
  expect((await fixture.run('SELECT s FROM d.t WHERE id = 1')).rows).toEqual([[['2', ['y']]]]);
});

test('an INSERT fills omitted columns with their defaults', async () => {
  await fixture.run(
    "CREATE TABLE d.u (a INT64 DEFAULT 1 + 1, b STRING DEFAULT 'x'); INSERT INTO d.u (a) VALUES (DEFAULT), (5)",
  );
  expect((await fixture.run('SELECT a, b FROM d.u ORDER BY a')).rows).toEqual([
    ['2', 'x'],
    ['5', 'x'],
  ]);
});

test('a row of an ingestion-time table gets the current partition time', async () => {
  await fixture.run('CREATE TABLE d.i (x INT64) PARTITION BY _PARTITIONDATE; INSERT INTO d.i (x) VALUES (1)');
  const { rows, schema } = await fixture.run('SELECT *, _PARTITIONDATE = CURRENT_DATE() AS today FROM d.i');
  expect(rows).toEqual([['1', 'true']]);
  expect(schema.map((field) => field.name)).toEqual(['x', 'today']);
});

test('an INSERT fails for values that exceed the limits of a column', async () => {
  await fixture.run('CREATE TABLE d.l (s STRING(2), n NUMERIC(4, 1))');
  await expect(fixture.run("INSERT INTO d.l (s) VALUES ('abc')")).rejects.toThrow('maximum length 2');
  await expect(fixture.run('INSERT INTO d.l (n) VALUES (1000)')).rejects.toThrow('precision 4');
});
