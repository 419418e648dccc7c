import { folderOf } from '../../src/windows/folder';
import { extensionOf, inWindow, previousWindowId, rolledOverStart, windowOf } from '../../src/windows/window';

const settings = { dest: 'bqtail.dummy_v004', suffix: '.json', durationInSec: 15, multiPath: true };
const pattern = ['2019', '02', '04'];

describe('windowOf: the vectors of the specification', () => {
  test.each([
    [
      'MultiPath',
      settings,
      'gs://my-trigger/data/case004/path1/dummy1.json',
      1700000003,
      'bqtail.dummy_v004_1067707184661381329_1700000010',
      1699999995,
    ],
    [
      'MultiPath, another folder',
      settings,
      'gs://my-trigger/data/case004/path2/dummy2.json',
      1700000004,
      'bqtail.dummy_v004_1067707184661381329_1700000010',
      1699999995,
    ],
    [
      'one folder',
      { ...settings, multiPath: false },
      'gs://my-trigger/data/case004/path1/dummy1.json',
      1700000010,
      'bqtail.dummy_v004_4061578236816662303_1700000025',
      1700000010,
    ],
    [
      'project and date',
      { dest: 'my-proj:ds.events_20231114', suffix: '', durationInSec: 90, multiPath: false },
      'gs://my-trigger/logs/2023/11/14/a.avro',
      1700000000,
      'my-proj:ds.events_20231114_8781585522781768868_1700000010',
      1699999920,
    ],
    [
      'two dots, default length',
      { dest: 'ds.t', suffix: '.csv.gz', durationInSec: 95, multiPath: false },
      'gs://b/x/y.csv.gz',
      1700000000,
      'ds.t_1893615712018577159_1700000015',
      1699999920,
    ],
    [
      'pattern hash',
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
      'no extension, bucket root',
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

describe('RollOver', () => {
  const rolled = { dest: 'ds.r', suffix: '.json', durationInSec: 15, multiPath: false };
  test('a file of the later half takes over the window before', () => {
    const window = windowOf(rolled, 'gs://b/r/a.json', 1700000003000);
    expect(window.id).toBe('ds.r_5800853703661912389_1700000010');
    expect(rolledOverStart(window, 1700000003000)).toBe(1699999980);
    expect(previousWindowId(window)).toBe('ds.r_5800853703661912389_1699999995');
  });
  test('a file of the earlier half does not', () => {
    const window = windowOf(rolled, 'gs://b/r/a.json', 1700000001000);
    expect(rolledOverStart(window, 1700000001000)).toBe(1699999995);
  });
});

test('a window is open at its end', () => {
  const window = { start: 10, due: 20 };
  expect([9_999, 10_000, 19_999, 20_000].map((time) => inWindow(window, time))).toEqual([false, true, true, false]);
});

test.each([
  ['gs://b/x/y.csv.gz', '.gz', 'gs://b/x'],
  ['gs://b/noext', '', 'gs://b/'],
  ['gs://b/dir.d/file', '', 'gs://b/dir.d'],
])('parts of %s', (url, extension, folder) => {
  expect([extensionOf(url), folderOf(url)]).toEqual([extension, folder]);
});
