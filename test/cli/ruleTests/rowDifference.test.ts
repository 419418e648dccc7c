import { rowDifference } from '../../../src/cli/ruleTests/rowDifference';
import type { Row } from '../../../src/cli/ruleTests/testCase';

const given = (rows: readonly Row[], more: { indexBy?: string[]; exact?: boolean } = {}) => ({
  rows: [...rows],
  indexBy: [],
  exact: true,
  ...more,
});

test('order of rows and surplus columns make no difference', () => {
  expect(rowDifference(given([{ id: 1 }, { id: 2 }]), [{ id: 2, name: 'b' }, { id: 1 }])).toEqual([]);
});

test('surplus rows are a difference only when the expectation is exact', () => {
  const rows = [{ id: 1 }, { id: 2 }];
  expect(rowDifference(given([{ id: 1 }], { exact: false }), rows)).toEqual([]);
  expect(rowDifference(given([{ id: 1 }]), rows)).toEqual(['2 rows, 1 expected', '+ {"id":2}']);
});

test('rows are paired so that as many as possible match', () => {
  const expected = [{ id: { $any: true } }, { id: 1 }];
  expect(rowDifference(given(expected), [{ id: 1 }, { id: 2 }])).toEqual([]);
});

test('a row with the same key is shown with the values that differ', () => {
  const expected = given([{ id: 1, name: 'a', kind: 'x' }], { indexBy: ['id'] });
  expect(rowDifference(expected, [{ ID: '1', name: 'b', kind: 'y' }])).toEqual([
    '1 row, 1 expected',
    '~ id 1: name is "b", expected "a"; kind is "y", expected "x"',
  ]);
});

test('without a key, a row is compared with one that agrees in at least half of the columns', () => {
  expect(rowDifference(given([{ id: 1, name: 'a' }]), [{ id: 1, name: 'b' }])).toEqual([
    '1 row, 1 expected',
    '~ {"id":1,"name":"a"}: name is "b", expected "a"',
  ]);
  expect(rowDifference(given([{ id: 1, name: 'a' }]), [{ id: 2, name: 'b' }])).toEqual([
    '1 row, 1 expected',
    '- {"id":1,"name":"a"}',
    '+ {"id":2,"name":"b"}',
  ]);
});

test('long lists of differences are cut', () => {
  const rows = Array.from({ length: 20 }, (_item, id) => ({ id }));
  expect(rowDifference(given([]), rows)).toHaveLength(14);
  expect(rowDifference(given(rows), []).at(-1)).toBe('… and 17 more');
});
