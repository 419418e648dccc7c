import { isNewer, newestGenerations, versionKey } from '../../src/windows/fileVersion';

const file = (url: string, generation: string) => ({ url, generation, size: 1, updatedMs: 0 });

test('two versions of one file have different keys', () => {
  expect(versionKey(file('gs://b/a', '1'))).toBe('gs://b/a#1');
  expect(versionKey(file('gs://b/a', '2'))).not.toBe(versionKey(file('gs://b/a', '1')));
});

describe('isNewer', () => {
  test.each([
    ['2', '1', true],
    ['1', '1', false],
    ['10', '9', true],
    ['9007199254740993', '9007199254740992', true],
    ['9223372036854775807', '9223372036854775806', true],
  ])('compares generations as numbers: %s is newer than %s: %s', (generation, than, expected) => {
    expect(isNewer({ generation }, { generation: than })).toBe(expected);
  });
});

describe('newestGenerations', () => {
  test.each([
    ['returns nothing for no files', [], []],
    ['returns one version of each URL, ordered by URL', ['b#1', 'a#1', 'b#1'], ['a#1', 'b#1']],
    ['keeps the newest version in whatever order versions come', ['a#2', 'a#10', 'a#9'], ['a#10']],
    ['orders URLs by their code units', ['é#1', 'a#1', 'Z#1', 'a/b#1'], ['Z#1', 'a#1', 'a/b#1', 'é#1']],
  ])('%s', (_name, given, expected) => {
    const files = given.map((key) => file(key.slice(0, key.indexOf('#')), key.slice(key.indexOf('#') + 1)));
    expect(newestGenerations(files).map(versionKey)).toEqual(expected);
  });
});
