import { changeToTemplate, newFromTemplate, patchOf } from '../../src/plan/tableResource';
import { fields } from './planning';

const TABLE = { projectId: 'p', datasetId: 'ds', tableId: 't' };
const template = {
  id: 'p:ds.tmpl',
  etag: 'x',
  description: 'rows',
  expirationTime: '1577970245000',
  numRows: '3',
  schema: fields(['id', 'INTEGER', 'REQUIRED'], ['name', 'STRING', 'REQUIRED']),
  timePartitioning: { type: 'DAY', requirePartitionFilter: true },
};

test('a new table has the columns and partitioning of its template, but no expiration', () => {
  expect(changeToTemplate(TABLE, template, undefined)).toEqual({
    kind: 'createTable',
    table: TABLE,
    resource: { description: 'rows', schema: template.schema, timePartitioning: template.timePartitioning },
  });
  expect(newFromTemplate(template)).not.toHaveProperty('expirationTime');
});

test('a table with fewer columns gets the missing ones, none of them required', () => {
  const change = changeToTemplate(TABLE, template, { schema: fields(['ID', 'INT64']) });
  expect(change).toMatchObject({
    kind: 'patchTable',
    resource: {
      schema: {
        fields: [
          { name: 'ID', type: 'INT64' },
          { name: 'name', type: 'STRING', mode: 'NULLABLE' },
        ],
      },
    },
  });
});

test.each([
  ['the same columns', fields(['id', 'INT64'], ['name', 'STRING'])],
  ['more columns', fields(['id', 'INTEGER'], ['a', 'STRING'], ['b', 'STRING'])],
  ['a column of another type', fields(['id', 'STRING'])],
])('a table with %s is not changed', (_, schema) => {
  expect(changeToTemplate(TABLE, template, { schema })).toBeUndefined();
});

test('nested columns are added to their record', () => {
  const record = (...names: readonly string[]) => ({
    fields: [{ name: 'r', type: 'RECORD', fields: names.map((name) => ({ name, type: 'STRING' })) }],
  });
  const change = changeToTemplate(TABLE, { schema: record('a', 'b') }, { schema: record('a') });
  expect(change).toMatchObject({ resource: { schema: record('a', 'b') } });
});

test('a patch keeps columns that were added between the plan and the step', () => {
  const patch = patchOf(
    { description: 'x', schema: fields(['id', 'INTEGER'], ['mine', 'STRING']) },
    {
      schema: fields(['id', 'INTEGER'], ['theirs', 'STRING']),
    },
  );
  expect(patch).toEqual({
    description: 'x',
    schema: fields(['id', 'INTEGER'], ['theirs', 'STRING'], ['mine', 'STRING']),
  });
});
