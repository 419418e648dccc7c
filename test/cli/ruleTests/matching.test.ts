import { matches } from '../../../src/cli/ruleTests/matching';
import { plainRow } from '../../../src/cli/ruleTests/plainRow';
import type { JsonValue } from '../../../src/rules/types';

describe('matches compares', () => {
  test.each<[string, JsonValue, JsonValue, boolean]>([
    ['a number with its text: equal', 1, '1.0', true],
    ['two numbers: different', 1, 2, false],
    ['numbers up to rounding errors: equal', 0.1 + 0.2, 0.3, true],
    ['texts by letter, not by value: different', '1', '1.0', false],
    ['times by instant: equal', '2020-01-02T03:04:05Z', '2020-01-02T04:04:05.000+01:00', true],
    ['two instants: different', '2020-01-02T03:04:05Z', '2020-01-02T03:04:06Z', false],
    ['flags in any case: equal', true, 'True', true],
    ['null with null: equal', null, null, true],
    ['0 with null: different', 0, null, false],
    ['null with a text: different', null, 'x', false],
    ['rows by the expected columns, in any case: equal', { ID: 1 }, { id: 1, more: 2 }, true],
    ['a row with one that lacks the column: different', { id: 1 }, { name: 1 }, false],
    ['lists in order: different', [1, 2], [2, 1], false],
    ['lists of different lengths: different', [1], [1, 1], false],
    ['$any with a value: true', { $any: true }, 0, true],
    ['$any with null: false', { $any: true }, null, false],
    ['$null with null: true', { $null: true }, null, true],
    ['$not with another value: true', { $not: 1 }, 2, true],
    ['$len with a list of that length: true', { $len: 2 }, ['a', 'b'], true],
    ['$re with a matching text: true', { $re: '^\\d+$' }, '123', true],
    ['$re with (?i) in any case: true', { $re: '(?i)^A' }, 'abc', true],
    ['$contains with a list that has the text: true', { $contains: 'b' }, ['a', 'b'], true],
    ['$in with one of the values: true', { $in: [1, 2] }, 2, true],
    ['$day with a time of that day: true', { $day: '2020-01-02' }, '2020-01-02T03:04:05Z', true],
    ['$between with a limit: true', { $between: [1, 3] }, 3, true],
    ['$between with a greater number: false', { $between: [1, 3] }, 4, false],
    ['$gt with a greater number as text: true', { $gt: 0 }, '9223372036854775807', true],
    ['$gt with an equal number: false', { $gt: 1 }, 1, false],
    ['$ge with an equal number: true', { $ge: 1 }, 1, true],
    ['$lt with an equal number: false', { $lt: 1 }, 1, false],
    ['$le with an equal number: true', { $le: 1 }, 1, true],
    ['$lt with a text: false', { $lt: 1 }, 'x', false],
  ])('%s', (_name, expected, actual, holds) => {
    expect(matches(expected, actual)).toBe(holds);
  });

  test('an unknown matcher is an error', () => {
    expect(() => matches({ $like: 'x' }, 'x')).toThrow('$like: unknown matcher; allowed are $any');
  });
});

test('rows of the BigQuery client become plain JSON', () => {
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
