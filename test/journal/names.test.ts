import {
  dateFolder,
  doneProcessFile,
  dueFile,
  endedJobFile,
  errorFile,
  failedResponseFile,
  givenUpProcessFile,
  internalFileKind,
  jobFile,
  locationFile,
  runningProcessFile,
  windowFile,
} from '../../src/journal/names';
import { config, PROCESS } from './support';

const ID = 'bqtail.dummy_v004_1067707184661381329_1700000010';
const JOB = 'bqtail_dummy_v004--900000000000001_00001_load--dispatch';
const TASKS = 'gs://my-dispatch/BqDispatch/Tasks';
const JOURNAL = 'gs://my-ops/BqTail/Journal';
const ERRORS = 'gs://my-ops/BqTail/errors';
const SYNC = { SyncTaskURL: 'gs://my-ops/BqTail/Tasks/' };

describe('files have their documented URLs', () => {
  test.each([
    ['a window', windowFile(config(), ID, true), `${TASKS}/${ID}.win`],
    ['a window under BatchURL', windowFile(config({ BatchURL: 'gs://b/W/' }), ID, true), `gs://b/W/${ID}.win`],
    ['a window of a synchronous rule', windowFile(config(), ID, false), `${TASKS}/${ID}.win`],
    [
      'a window of a synchronous rule under SyncTaskURL',
      windowFile(config(SYNC), ID, false),
      `gs://my-ops/BqTail/Tasks/${ID}.win`,
    ],
    [
      'a window of an asynchronous rule, whatever SyncTaskURL is',
      windowFile(config(SYNC), ID, true),
      `${TASKS}/${ID}.win`,
    ],
    ['a window that is due', dueFile(config(), ID), `gs://my-trigger/_batch_/${ID}.win`],
    [
      'a window that is due, under BatchPrefix',
      dueFile(config({ BatchPrefix: 'due' }), ID),
      `gs://my-trigger/due/${ID}.win`,
    ],
    [
      'a folder of a window',
      locationFile(`${TASKS}/${ID}.win`, 'gs://my-trigger/data/case004/path1'),
      `${TASKS}/${ID}/5849416046281044539.loc`,
    ],
    ['a running job', jobFile(config(), JOB, true), `${TASKS}/${JOB}`],
    ['a running job of a synchronous rule', jobFile(config(), JOB, false), `${TASKS}/${JOB}`],
    [
      'a running job of a synchronous rule under SyncTaskURL',
      jobFile(config(SYNC), JOB, false),
      `gs://my-ops/BqTail/Tasks/${JOB}`,
    ],
    ['a running job, whatever BatchURL is', jobFile(config({ BatchURL: 'gs://b/W/' }), JOB, true), `${TASKS}/${JOB}`],
    ['an ended job', endedJobFile(config(), JOB), `gs://my-trigger/_bqjob_/${JOB}.json`],
    [
      'an ended job under BqJobPrefix',
      endedJobFile(config({ BqJobPrefix: '/e/' }), JOB),
      `gs://my-trigger/e/${JOB}.json`,
    ],
    [
      'a running process',
      runningProcessFile(config(), PROCESS),
      `${JOURNAL}/Running/bqtail.dummy_v004/2023-11-14_22/900000000000001.run`,
    ],
    [
      'a process that succeeded',
      doneProcessFile(config(), PROCESS),
      `${JOURNAL}/Done/bqtail.dummy_v004/2023-11-14_22/900000000000001.run`,
    ],
    [
      'a process of a table with project and partition',
      runningProcessFile(config(), { ...PROCESS, dest: 'my-proj:ds.t$20231114' }),
      `${JOURNAL}/Running/my-proj:ds.t$20231114/2023-11-14_22/900000000000001.run`,
    ],
    [
      'a process that failed',
      givenUpProcessFile(config(), PROCESS),
      `${ERRORS}/proc/bqtail.dummy_v004/900000000000001.run`,
    ],
    ['the last error of a process', errorFile(config(), PROCESS), `${ERRORS}/bqtail.dummy_v004/900000000000001.err`],
    [
      'the response of a process',
      failedResponseFile(config(), PROCESS),
      `${ERRORS}/bqtail.dummy_v004/900000000000001.rsp`,
    ],
  ])('the URL of %s is as documented', (_name, url, expected) => {
    expect(url).toBe(expected);
  });
});

test.each([
  ['2023-11-14T22:13:20Z', '2023-11-14_22'],
  ['2023-11-14T00:00:00Z', '2023-11-14_00'],
  ['2023-12-31T23:59:59.999Z', '2023-12-31_23'],
])('the folder of the hour of %s is %s', (time, expected) => {
  expect(dateFolder(Date.parse(time))).toBe(expected);
});

describe('internalFileKind', () => {
  test.each([
    ['my-trigger', `_batch_/${ID}.win`, 'window'],
    ['my-trigger', `_bqjob_/${JOB}.json`, 'endedJob'],
    ['my-trigger', '_bqjob_/2023-11-14_22/proj:p:US/x.json', 'endedJob'],
    ['my-trigger', '_load_/x.run', 'process'],
    ['my-trigger', 'data/_batch_/x.win', undefined],
    ['my-trigger', '_batch_', undefined],
    ['my-trigger', '_batch_x/a.json', undefined],
    ['my-trigger', 'data/a.json', undefined],
    ['another', `_batch_/${ID}.win`, undefined],
  ])('in bucket %s, the kind of %s is %s', (bucket, name, expected) => {
    expect(internalFileKind(config(), bucket, name)).toBe(expected);
  });

  test('recognises internal files by the configured prefixes', () => {
    const own = config({ BatchPrefix: '/due/', PostJobPrefix: '/ended/', LoadProcessPrefix: '/again/' });
    const kinds = ['due/a', 'ended/a', 'again/a', '_batch_/a'].map((name) => internalFileKind(own, 'my-trigger', name));
    expect(kinds).toEqual(['window', 'endedJob', 'process', undefined]);
  });

  test('recognises each internal file that bqtail writes', () => {
    const written = [dueFile(config(), ID), endedJobFile(config(), JOB)].map((url) => new URL(url));
    expect(written.map(({ host, pathname }) => internalFileKind(config(), host, pathname.slice(1)))).toEqual([
      'window',
      'endedJob',
    ]);
  });

  test('takes no data file for an internal file, even if the prefixes are empty', () => {
    const own = config({ BatchPrefix: '', PostJobPrefix: '/', LoadProcessPrefix: '//' });
    expect(['a.json', '/a.json', 'data/a.json'].map((name) => internalFileKind(own, 'my-trigger', name))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
