import { folderOf } from '../../src/windows/folder';
import { extensionOf, inWindow, previousWindowId, rolledOverStart, windowOf } from '../../src/windows/window';

const settings = { dest: 'bqtail.dummy_v004', suffix: '.json', durationInSec: 15, multiPath: true };
const pattern = ['2019', '02', '04'];

describe('windows have the ID and start of those in viant/bqtail', () => {
  test.each([
    [
      'a window of all folders',
      settings,
      'gs://my-trigger/data/case004/path1/dummy1.json',
      1700000003,
      'bqtail.dummy_v004_1067707184661381329_1700000010',
      1699999995,
    ],
    [
      'a file of another folder in a window of all folders',
      settings,
      'gs://my-trigger/data/case004/path2/dummy2.json',
      1700000004,
      'bqtail.dummy_v004_1067707184661381329_1700000010',
      1699999995,
    ],
    [
      'a window of one folder',
      { ...settings, multiPath: false },
      'gs://my-trigger/data/case004/path1/dummy1.json',
      1700000010,
      'bqtail.dummy_v004_4061578236816662303_1700000025',
      1700000010,
    ],
    [
      'a table with project and date',
      { dest: 'my-proj:ds.events_20231114', suffix: '', durationInSec: 90, multiPath: false },
      'gs://my-trigger/logs/2023/11/14/a.avro',
      1700000000,
      'my-proj:ds.events_20231114_8781585522781768868_1700000010',
      1699999920,
    ],
    [
      'a file name with two dots and a window of the default duration',
      { dest: 'ds.t', suffix: '.csv.gz', durationInSec: 95, multiPath: false },
      'gs://b/x/y.csv.gz',
      1700000000,
      'ds.t_1893615712018577159_1700000015',
      1699999920,
    ],
    [
      'a window with the hash of the pattern groups',
      {
        dest: 'ds.t_4',
        suffix: '.avro',
        durationInSec: 60,
        multiPath: true,
        usePatternHash: true,
        patternGroups: pattern,
      },
      'gs://my-trigger/data/2019/02/04/logs_17.avro',
      1700000040,
      'ds.t_4_4286959821725423975_1700000100',
      1700000040,
    ],
    [
      'a file without extension in the root of a bucket',
      { dest: 'ds.t', suffix: '', durationInSec: 60, multiPath: false },
      'gs://b/noext',
      1699999999,
      'ds.t_5435837779503391839_1700000040',
      1699999980,
    ],
  ])('%s', (_name, given, url, seconds, id, start) => {
    expect(windowOf(given, url, seconds * 1000 + 999)).toMatchObject({ id, start, due: start + given.durationInSec });
  });
});

describe('rolledOverStart', () => {
  const rolled = { dest: 'ds.r', suffix: '.json', durationInSec: 15, multiPath: false };
  test('a file in the second half takes over the window before', () => {
    const window = windowOf(rolled, 'gs://b/r/a.json', 1700000003000);
    expect(window.id).toBe('ds.r_5800853703661912389_1700000010');
    expect(rolledOverStart(window, 1700000003000)).toBe(1699999980);
    expect(previousWindowId(window)).toBe('ds.r_5800853703661912389_1699999995');
  });
  test('a file in the first half leaves the window before alone', () => {
    const window = windowOf(rolled, 'gs://b/r/a.json', 1700000001000);
    expect(rolledOverStart(window, 1700000001000)).toBe(1699999995);
  });
});

test('a window contains its start and not its due time', () => {
  const window = { start: 10, due: 20 };
  expect([9_999, 10_000, 19_999, 20_000].map((time) => inWindow(window, time))).toEqual([false, true, true, false]);
});

test.each([
  ['gs://b/x/y.csv.gz', '.gz', 'gs://b/x'],
  ['gs://b/noext', '', 'gs://b/'],
  ['gs://b/dir.d/file', '', 'gs://b/dir.d'],
])('extension and folder of %s are found', (url, extension, folder) => {
  expect([extensionOf(url), folderOf(url)]).toEqual([extension, folder]);
});
