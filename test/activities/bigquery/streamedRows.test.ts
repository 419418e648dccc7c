import { insertable } from '../../../src/activities/bigquery/streamedRows';
import { fieldsOf } from '../../../src/plan/schema';

const FIELDS = fieldsOf({
  schema: {
    fields: [
      { name: 'n', type: 'INT64' },
      { name: 'big', type: 'INTEGER' },
      { name: 'f', type: 'FLOAT' },
      { name: 'b', type: 'BOOL' },
      { name: 's', type: 'STRING' },
      { name: 'at', type: 'TIMESTAMP' },
      { name: 'list', type: 'INTEGER', mode: 'REPEATED' },
      {
        name: 'r',
        type: 'RECORD',
        fields: [
          { name: 'k', type: 'STRING' },
          { name: 'v', type: 'FLOAT64' },
        ],
      },
    ],
  },
});

test('a row of a result becomes a row to insert: numbers that lose no digits, no columns without a value', () => {
  const f = [
    { v: '7' },
    { v: '9007199254740993' },
    { v: 'NaN' },
    { v: 'true' },
    { v: '1' },
    { v: '-1500000' },
    { v: [{ v: '1' }, { v: '2' }] },
    { v: { f: [{ v: null }, { v: '1.5' }] } },
  ];
  expect(insertable({ f }, FIELDS)).toEqual({
    n: 7,
    big: '9007199254740993',
    f: 'NaN',
    b: true,
    s: '1',
    at: '1969-12-31T23:59:58.500000Z',
    list: [1, 2],
    r: { v: 1.5 },
  });
});
