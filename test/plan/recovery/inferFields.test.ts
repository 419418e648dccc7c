import type { JsonObject } from '../../../src/json';
import { FieldInference, hasPath, missingFields } from '../../../src/plan/recovery/inferFields';
import { type Field, fieldsOf } from '../../../src/plan/schema';

function inferred(...rows: readonly JsonObject[]): readonly Field[] {
  return rows.reduce<FieldInference>((inference, row) => inference.add(row), new FieldInference()).fields('');
}

function described(fields: readonly Field[]): unknown[] {
  return fields.map(({ name, type, mode, fields: inner }) => [
    name,
    mode === 'REPEATED' ? `${type}[]` : type,
    ...(inner ? [described(inner)] : []),
  ]);
}

test.each<[JsonObject[], unknown[]]>([
  [[{ a: 1.5 }], [['a', 'FLOAT']]],
  [[{ a: 0.1 }], [['a', 'FLOAT']]],
  [[{ a: 3 }], [['a', 'INTEGER']]],
  [[{ a: 3 }, { a: 3.2 }], [['a', 'FLOAT']]],
  [[{ a: 1e300 }], [['a', 'FLOAT']]],
  [[{ a: null }], [['a', 'STRING']]],
  [[{ a: null }, { a: true }], [['a', 'BOOLEAN']]],
  [[{ a: true }, { a: 'x' }], [['a', 'STRING']]],
  [[{ a: [] }], []],
  [[{ a: [] }, { a: [1, 2] }], [['a', 'INTEGER[]']]],
  [[{ a: {} }], []],
  [[{ a: [[1]] }], []],
  [
    [{ a: [{ k: 'x' }, { n: 1 }] }],
    [
      [
        'a',
        'RECORD[]',
        [
          ['k', 'STRING'],
          ['n', 'INTEGER'],
        ],
      ],
    ],
  ],
  [
    [{ a: { b: { c: 1 } } }, { A: { b: { d: 'x' } } }],
    [
      [
        'a',
        'RECORD',
        [
          [
            'b',
            'RECORD',
            [
              ['c', 'INTEGER'],
              ['d', 'STRING'],
            ],
          ],
        ],
      ],
    ],
  ],
])('%j has the columns %j', (rows, expected) => {
  expect(described(inferred(...rows))).toEqual(expected);
});

test('missing fields are those that the table lacks, at any level', () => {
  const existing = fieldsOf({
    schema: {
      fields: [
        { name: 'id', type: 'INTEGER' },
        { name: 'params', type: 'RECORD', mode: 'REPEATED', fields: [{ name: 'key', type: 'STRING' }] },
      ],
    },
  });
  const fromRows = inferred({ ID: 1, billable: true, params: [{ key: 'k', int_value: 12 }] });
  expect(described(missingFields(fromRows, existing))).toEqual([
    ['billable', 'BOOLEAN'],
    ['params', 'RECORD[]', [['int_value', 'INTEGER']]],
  ]);
  expect(hasPath(fromRows, 'params.int_value')).toBe(true);
  expect(hasPath(existing, 'params.int_value')).toBe(false);
});
