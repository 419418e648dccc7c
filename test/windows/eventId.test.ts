import fc from 'fast-check';
import { eventIdOf } from '../../src/windows/eventId';

const URL = 'gs://my-trigger/data/a.json';
const fromVersion = eventIdOf('', URL, '1700000003000000');

describe('the ID of the source is used', () => {
  test.each(['1', '900000000000001', '9223372036854775807'])('if it is %s', (id) => {
    expect(eventIdOf(id, URL, '1')).toBe(id);
  });
});

describe('the ID is made from the version of the file if the ID of the source is not a positive INT64', () => {
  test.each([
    '',
    '0',
    '007',
    '-5',
    '+5',
    '1.5',
    ' 1',
    '1\n',
    '١',
    '9223372036854775808',
    '99999999999999999999',
    '3b0b1a9e-5b9f-4e0f-8a52-0f0f8f0f0f0f',
  ])('such as %j', (id) => {
    expect(eventIdOf(id, URL, '1700000003000000')).toBe(fromVersion);
  });
});

test('a redelivered event keeps its ID; another version of the file has another ID', () => {
  expect(eventIdOf('a-1', URL, '1')).toBe(eventIdOf('a-2', URL, '1'));
  expect(eventIdOf('a-1', URL, '2')).not.toBe(eventIdOf('a-1', URL, '1'));
  expect(eventIdOf('a-1', `${URL}x`, '1')).not.toBe(eventIdOf('a-1', URL, '1'));
});

test('the ID fits into INT64 for any source and file', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.bigInt().map(String)), fc.string(), fc.nat(), (id, url, generation) => {
      const eventId = eventIdOf(id, url, `${generation}`);
      expect(eventId).toMatch(/^\d+$/);
      expect(BigInt(eventId) < 2n ** 63n).toBe(true);
    }),
  );
});
