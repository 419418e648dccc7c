import { type Field, fieldsOf, newField } from '../../src/plan/schema';
import { type Selection, select } from '../../src/plan/sql/select';
import { insertInto, isQuery } from '../../src/plan/sql/statement';
import { N } from './planning';

function selection(changes: Partial<Selection>): Selection {
  return {
    from: '`p.temp.t_777`',
    alias: 't',
    columns: columns('id', 'type_id', 'name'),
    transform: {},
    uniqueColumns: [],
    sideInputs: [],
    where: '',
    ...changes,
  };
}

function columns(...names: readonly string[]): readonly Field[] {
  return names.map((name) => newField(name, 'STRING'));
}

const fees = { table: 'ds.fees', alias: 'f', on: 't.id = f.id', inner: false };

test('GROUP BY counts the columns of the SELECT, not those of the table', () => {
  const sql = select(selection({ wanted: columns('type_id', 'name'), uniqueColumns: ['type_id'] }));
  expect(sql).toBe('SELECT type_id, MAX(t.name) AS name \nFROM `p.temp.t_777` t \n\nGROUP BY 1');
});

test('a unique column that the destination lacks still makes rows unique', () => {
  const sql = select(selection({ wanted: columns('name'), uniqueColumns: ['id'] }));
  expect(sql).toBe('SELECT MAX(t.name) AS name \nFROM `p.temp.t_777` t \n\nGROUP BY t.id');
});

test('a transformed unique column is selected once, and rows are unique by its loaded value', () => {
  const sql = select(selection({ columns: columns('id'), uniqueColumns: ['id'], transform: { id: 'UPPER(t.id)' } }));
  expect(sql).toBe('SELECT MAX(UPPER(t.id)) AS id \nFROM `p.temp.t_777` t \n\nGROUP BY t.id');
});

test('a key of Transform matches its column in any case and adds no second column', () => {
  const sql = select(selection({ transform: { Name: 'UPPER(t.name)' } }));
  expect(sql).toBe('SELECT t.id AS id, t.type_id AS type_id, UPPER(t.name) AS name \nFROM `p.temp.t_777` t  ');
});

test.each([
  ['a field of a record', 'info.key', 'info.key'],
  ['a field of a record in another case', 'INFO.key', 'info.key'],
  ['a field whose name is a reserved word', 'info.group', 'info.`group`'],
  ['an expression', 'LOWER(info.key)', 'LOWER(info.key)'],
])('nested rows are unique by %s', (_name, unique, key) => {
  const sql = select(selection({ columns: fieldsOf({ schema: N }), uniqueColumns: [unique] }));
  expect(sql).toContain(`PARTITION BY ${key}) row_number\n  FROM \`p.temp.t_777\` \n`);
});

test('the inner query declares the alias that a unique expression uses', () => {
  const sql = select(selection({ columns: fieldsOf({ schema: N }), uniqueColumns: ['UPPER(t.info.key)'] }));
  expect(sql).toContain('PARTITION BY UPPER(t.info.key)) row_number\n  FROM `p.temp.t_777` t \n');
});

test('flat rows are grouped by an expression', () => {
  const sql = select(selection({ columns: columns('id'), uniqueColumns: ['LOWER(id)'] }));
  expect(sql).toBe('SELECT MAX(t.id) AS id \nFROM `p.temp.t_777` t \n\nGROUP BY LOWER(id)');
});

test('unique columns are qualified if there are joins', () => {
  const sql = select(selection({ columns: columns('id', 'name'), uniqueColumns: ['ID'], sideInputs: [fees] }));
  expect(sql).toBe(
    'SELECT t.id AS id, MAX(t.name) AS name \nFROM `p.temp.t_777` t  LEFT JOIN ds.fees f ON t.id = f.id\n\nGROUP BY 1',
  );
});

test('for nested rows, the inner query selects the columns of the table and the outer query the computed ones', () => {
  const sql = select(
    selection({ columns: fieldsOf({ schema: N }), uniqueColumns: ['id'], transform: { extra: 't.info.key' } }),
  );
  expect(sql.split('\n')).toEqual([
    'SELECT t.id AS id, t.info AS info, t.tags AS tags, t.info.key AS extra',
    'FROM (',
    '  SELECT',
    '      id, info, tags,',
    '      ROW_NUMBER() OVER (PARTITION BY id) row_number',
    '  FROM `p.temp.t_777` ',
    ') t ',
    'WHERE row_number = 1',
  ]);
});

test('for nested rows, the inner query declares the alias if the condition uses it', () => {
  const nested = selection({ columns: fieldsOf({ schema: N }), uniqueColumns: ['id'] });
  expect(select({ ...nested, where: ' WHERE t.id > 0' })).toContain('FROM `p.temp.t_777` t  WHERE t.id > 0\n) t ');
  expect(select({ ...nested, where: ' WHERE id > 0' })).toContain('FROM `p.temp.t_777`  WHERE id > 0\n) t ');
});

test('rows with columns that MAX does not accept are made unique by ROW_NUMBER', () => {
  const json = [...columns('id'), newField('data', 'JSON')];
  expect(select(selection({ columns: json, uniqueColumns: ['id'] }))).toContain('ROW_NUMBER()');
});

test('column names that SQL reserves are in backticks', () => {
  const sql = select(selection({ columns: columns('group', 'a-b', 'date') }));
  expect(sql).toBe('SELECT t.`group` AS `group`, t.`a-b` AS `a-b`, t.date AS date \nFROM `p.temp.t_777` t  ');
});

test('columns of the destination match in any case', () => {
  expect(select(selection({ columns: columns('ID', 'x'), wanted: columns('id') }))).toContain('SELECT t.ID AS ID \n');
});

test('a side input that is named as in legacy SQL is rewritten for standard SQL', () => {
  const sql = select(selection({ columns: columns('id'), sideInputs: [{ ...fees, table: 'my-p:ds.fees' }] }));
  expect(sql).toContain(' LEFT JOIN `my-p.ds.fees` f ON ');
});

test('an INSERT names its table with the project, and the columns of its SELECT', () => {
  const table = { projectId: 'my-p', datasetId: 'ds', tableId: 't' };
  const sql = insertInto(table, selection({ wanted: columns('id'), transform: { name: 'x', zz: '1' } }));
  expect(sql).toBe(
    'INSERT INTO `my-p.ds.t`(id,name,zz) SELECT t.id AS id, x AS name, 1 AS zz \nFROM `p.temp.t_777` t  ',
  );
});

test.each([
  ['SELECT 1', true],
  ['  with a as (SELECT 1) SELECT * FROM a;\n', true],
  ['-- INSERT\n/* ; */ SELECT "a;b", \'INSERT \' FROM `x;y`', true],
  ['((SELECT 1) UNION ALL (SELECT 2))', true],
  ['#standardSQL\nSELECT 1', true],
  ['FROM t |> SELECT a', true],
  ["SELECT 'DELETE FROM x'", true],
  ['INSERT INTO t SELECT 1', false],
  ['CREATE TABLE t AS SELECT 1', false],
  ['MERGE t USING s ON a = b WHEN MATCHED THEN DELETE', false],
  ['DECLARE x INT64; SELECT x', false],
  ['SELECT 1; SELECT 2', false],
  ['BEGIN SELECT 1; END', false],
  ['TRUNCATE TABLE t', false],
])('whether %j is a single query: %s', (sql, expected) => {
  expect(isQuery(sql)).toBe(expected);
});
