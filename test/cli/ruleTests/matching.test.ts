import { matches } from '../../../src/cli/ruleTests/matching';
import { plainRow } from '../../../src/cli/ruleTests/plainRow';
import type { JsonValue } from '../../../src/rules/types';

describe('an actual value is', () => {
  test.each<[string, JsonValue, JsonValue, boolean]>([
    ['the number that a text spells', 1, '1.0', true],
    ['another number', 1, 2, false],
    ['nearly the number', 0.1 + 0.2, 0.3, true],
    ['a text, letter by letter', '1', '1.0', false],
    ['the same instant', '2020-01-02T03:04:05Z', '2020-01-02T04:04:05.000+01:00', true],
    ['another instant', '2020-01-02T03:04:05Z', '2020-01-02T03:04:06Z', false],
    ['true in another spelling', true, 'True', true],
    ['null', null, null, true],
    ['null, but 0 is expected', 0, null, false],
    ['not null', null, 'x', false],
    ['a row with more columns and another case', { ID: 1 }, { id: 1, more: 2 }, true],
    ['a row without the column', { id: 1 }, { name: 1 }, false],
    ['a list in order', [1, 2], [2, 1], false],
    ['a longer list', [1], [1, 1], false],
    ['anything', { $any: true }, 0, true],
    ['nothing', { $any: true }, null, false],
    ['absent', { $null: true }, null, true],
    ['not that', { $not: 1 }, 2, true],
    ['so long', { $len: 2 }, ['a', 'b'], true],
    ['like a pattern', { $re: '^\\d+$' }, '123', true],
    ['like a pattern in any case', { $re: '(?i)^A' }, 'abc', true],
    ['part of it', { $contains: 'b' }, ['a', 'b'], true],
    ['one of them', { $in: [1, 2] }, 2, true],
    ['of that day', { $day: '2020-01-02' }, '2020-01-02T03:04:05Z', true],
    ['between', { $between: [1, 3] }, 3, true],
    ['beyond', { $between: [1, 3] }, 4, false],
    ['greater', { $gt: 0 }, '9223372036854775807', true],
    ['not greater', { $gt: 1 }, 1, false],
    ['at least', { $ge: 1 }, 1, true],
    ['less', { $lt: 1 }, 1, false],
    ['at most', { $le: 1 }, 1, true],
    ['no number to compare', { $lt: 1 }, 'x', false],
  ])('%s', (_name, expected, actual, holds) => {
    expect(matches(expected, actual)).toBe(holds);
  });

  test('not what an unknown matcher says', () => {
    expect(() => matches({ $like: 'x' }, 'x')).toThrow('$like is no matcher; known are $any');
  });
});

test('rows of the client become plain JSON', () => {
  class BigQueryTimestamp {
    constructor(readonly value: string) {}
  }
  class BigQueryDate {
    constructor(readonly value: string) {}
  }
  const row = {
    at: new BigQueryTimestamp('2020-01-02T03:04:05.000000Z'),
    precise: new BigQueryTimestamp('2020-01-02T03:04:05.123456Z'),
    day: new BigQueryDate('2020-01-02'),
    bytes: Buffer.from('ab'),
    nested: { list: [{ none: null }] },
  };
  expect(plainRow(row)).toEqual({
    at: '2020-01-02T03:04:05+00:00',
    precise: '2020-01-02T03:04:05.123456+00:00',
    day: '2020-01-02',
    bytes: 'YWI=',
    nested: { list: [{ none: null }] },
  });
});
