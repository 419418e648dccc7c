import { shards } from '../src/extract/shards';

const MIB = 2 ** 20;
const number = (place: number) => String(place).padStart(12, '0');

test.each<[string, string[], { rows: number; bytes: number }, [string, number, number][]]>([
  ['a URI without a wildcard gets one file', ['gs://b/a'], { rows: 3, bytes: 9 }, [['gs://b/a', 3, 0]]],
  ['a table without rows gets one file', ['gs://b/*.csv'], { rows: 0, bytes: 0 }, [[`gs://b/${number(0)}.csv`, 0, 0]]],
  [
    'a wildcard with few bytes gets one file',
    ['gs://b/*.csv'],
    { rows: 9, bytes: 64 * MIB },
    [[`gs://b/${number(0)}.csv`, 9, 0]],
  ],
  [
    'a wildcard with many bytes gets several files',
    ['gs://b/x-*'],
    { rows: 10, bytes: 150 * MIB },
    [
      [`gs://b/x-${number(0)}`, 4, 0],
      [`gs://b/x-${number(1)}`, 4, 4],
      [`gs://b/x-${number(2)}`, 2, 8],
    ],
  ],
  [
    'there are no more files than rows',
    ['gs://b/*'],
    { rows: 2, bytes: 1000 * MIB },
    [
      [`gs://b/${number(0)}`, 1, 0],
      [`gs://b/${number(1)}`, 1, 1],
    ],
  ],
  [
    'several URIs share the rows',
    ['gs://b/a', 'gs://b/b-*', 'gs://b/c'],
    { rows: 5, bytes: 15 },
    [
      ['gs://b/a', 2, 0],
      [`gs://b/b-${number(0)}`, 2, 2],
      ['gs://b/c', 1, 4],
    ],
  ],
  [
    'a URI gets an empty file when there are fewer rows than URIs',
    ['gs://b/a', 'gs://b/b', 'gs://b/c'],
    { rows: 1, bytes: 8 },
    [
      ['gs://b/a', 1, 0],
      ['gs://b/b', 0, 1],
      ['gs://b/c', 0, 2],
    ],
  ],
])('%s', (_name, uris, size, expected) => {
  expect(shards(uris, size, 'p:d.t').map(({ uri, limit, offset }) => [uri, limit, offset])).toEqual(expected);
});

test('more than a gigabyte needs a wildcard', () => {
  const size = { rows: 10, bytes: 1.1e9 };
  expect(() => shards(['gs://b/a'], size, 'p:d.t')).toThrow(
    'Table p:d.t too large to be exported to a single file. Specify a uri including a * to shard export.',
  );
  expect(shards(['gs://b/a', 'gs://b/b'], size, 'p:d.t')).toHaveLength(2);
});
