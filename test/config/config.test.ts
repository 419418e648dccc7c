import fc from 'fast-check';
import { ConfigError, parseConfig } from '../../src/config/config';

const LEAST = {
  ProjectID: 'my-proj',
  RulesURL: 'gs://my-config/BqTail/Rules/',
  AsyncTaskURL: 'gs://my-dispatch/BqDispatch/Tasks/',
  JournalURL: 'gs://my-ops/BqTail/Journal/',
  ErrorURL: 'gs://my-ops/BqTail/errors/',
  CorruptedFileURL: 'gs://my-ops/BqTail/corrupted/',
};
const NO_ENV = {};

const read = (config: object, env: NodeJS.ProcessEnv = NO_ENV) =>
  parseConfig(JSON.stringify(config), 'bqtail.json', env);

function problemsOf(text: string, env: NodeJS.ProcessEnv = NO_ENV): string[] {
  try {
    parseConfig(text, 'bqtail.json', env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

test('what the file does not say is as in the original', () => {
  expect(read(LEAST)).toStrictEqual({
    url: 'bqtail.json',
    withoutEffect: [],
    projectId: 'my-proj',
    region: 'us-central1',
    triggerBucket: 'my_proj_bqtail',
    rulesUrl: 'gs://my-config/BqTail/Rules',
    checkInMs: 60_000,
    asyncTaskUrl: 'gs://my-dispatch/BqDispatch/Tasks',
    batchUrl: 'gs://my-dispatch/BqDispatch/Tasks',
    journalUrl: 'gs://my-ops/BqTail/Journal',
    activeLoadProcessUrl: 'gs://my-ops/BqTail/Journal/Running',
    doneLoadProcessUrl: 'gs://my-ops/BqTail/Journal/Done',
    failedLoadProcessUrl: 'gs://my-ops/BqTail/Journal/failed',
    ledgerUrl: 'gs://my-ops/BqTail/Journal/Ledger',
    errorUrl: 'gs://my-ops/BqTail/errors',
    corruptedFileUrl: 'gs://my-ops/BqTail/corrupted',
    invalidSchemaUrl: 'gs://my-ops/BqTail/Journal/invalid_schema',
    loadProcessPrefix: '/_load_/',
    bqJobPrefix: '/_bqjob_/',
    batchPrefix: '/_batch_/',
    bqJobInfoPath: '',
    bqBatchInfoPath: '',
    taskQueue: 'bqtail',
    bridge: { host: '127.0.0.1', port: 8080, answerWithinSec: 8 },
  });
});

describe('what the file says counts', () => {
  test.each([
    ['TriggerBucket', { TriggerBucket: 'my-trigger' }, { triggerBucket: 'my-trigger' }],
    ['RulesURL', { RulesURL: 'rules/' }, { rulesUrl: 'rules' }],
    ['CheckInMs', { CheckInMs: 500 }, { checkInMs: 500 }],
    ['CheckInMs 0 as none', { CheckInMs: 0 }, { checkInMs: 60_000 }],
    ['BatchURL', { BatchURL: 'gs://b/Batches/' }, { batchUrl: 'gs://b/Batches' }],
    ['SyncTaskURL', { SyncTaskURL: 'gs://b/Sync/' }, { syncTaskUrl: 'gs://b/Sync' }],
    ['ActiveLoadProcessURL', { ActiveLoadProcessURL: 'gs://b/A/' }, { activeLoadProcessUrl: 'gs://b/A' }],
    ['DoneLoadProcessURL', { DoneLoadProcessURL: 'gs://b/D/' }, { doneLoadProcessUrl: 'gs://b/D' }],
    ['InvalidSchemaURL', { InvalidSchemaURL: 'gs://b/I/' }, { invalidSchemaUrl: 'gs://b/I' }],
    ['BqJobInfoPath', { BqJobInfoPath: '/info/jobs/' }, { bqJobInfoPath: 'info/jobs' }],
    ['BqBatchInfoPath', { BqBatchInfoPath: '/info/' }, { bqBatchInfoPath: 'info' }],
    ['Disabled', { Disabled: true }, { disabled: true }],
    ['Async false', { Async: false }, { async: false }],
    ['TaskQueue', { TaskQueue: 'q' }, { taskQueue: 'q' }],
    ['MaxFilesPerLoad', { MaxFilesPerLoad: 500 }, { maxFilesPerLoad: 500 }],
    ['Bridge.Port', { Bridge: { Port: 0 } }, { bridge: { host: '127.0.0.1', port: 0, answerWithinSec: 8 } }],
    ['Bridge.Host', { Bridge: { Host: '0.0.0.0' } }, { bridge: { host: '0.0.0.0', port: 8080, answerWithinSec: 8 } }],
    [
      'Bridge.AnswerWithinSec',
      { Bridge: { AnswerWithinSec: 0 } },
      { bridge: { host: '127.0.0.1', port: 8080, answerWithinSec: 0 } },
    ],
    ['an unknown key nothing but its name', { MaxRetries: '4' }, { withoutEffect: ['MaxRetries'] }],
    [
      'Bridge.Push',
      { Bridge: { Push: { Audience: 'https://b/', ServiceAccounts: ['p@x.iam'], KeysURL: 'http://k/' } } },
      {
        bridge: {
          host: '127.0.0.1',
          port: 8080,
          answerWithinSec: 8,
          push: { audience: 'https://b/', serviceAccounts: ['p@x.iam'], keysUrl: 'http://k/' },
        },
      },
    ],
    [
      'Deployment',
      { Deployment: { Name: 'd', BuildID: '1', Behavior: 'AUTO_UPGRADE' } },
      { deployment: { name: 'd', buildId: '1', behavior: 'AUTO_UPGRADE' } },
    ],
    ['null as none', { SyncTaskURL: null, CheckInMs: null, Bridge: { Port: null } }, { checkInMs: 60_000 }],
  ])('%s', (_name, given, expected) => {
    expect(read({ ...LEAST, ...given })).toStrictEqual({ ...read(LEAST), ...expected });
  });
});

describe('prefixes stand between slashes', () => {
  test.each([
    ['PostJobPrefix', { PostJobPrefix: '_ended_' }, { bqJobPrefix: '/_ended_/' }],
    ['BqJobPrefix', { BqJobPrefix: '/_ended_' }, { bqJobPrefix: '/_ended_/' }],
    ['BqJobPrefix before PostJobPrefix', { BqJobPrefix: '/a/', PostJobPrefix: '/b/' }, { bqJobPrefix: '/a/' }],
    ['PostJobPrefix when BqJobPrefix is empty', { BqJobPrefix: '', PostJobPrefix: '/b/' }, { bqJobPrefix: '/b/' }],
    ['BatchPrefix of two folders', { BatchPrefix: '//due/now//' }, { batchPrefix: '/due/now/' }],
    ['LoadProcessPrefix', { LoadProcessPrefix: 'again' }, { loadProcessPrefix: '/again/' }],
    [
      'and are the defaults when nothing is left',
      { BatchPrefix: '', PostJobPrefix: '/', LoadProcessPrefix: '//' },
      { batchPrefix: '/_batch_/', bqJobPrefix: '/_bqjob_/', loadProcessPrefix: '/_load_/' },
    ],
  ])('%s', (_name, given, expected) => {
    expect(read({ ...LEAST, ...given })).toMatchObject(expected);
  });
});

test.each([
  ['lower', (key: string) => key.toLowerCase()],
  ['upper', (key: string) => key.toUpperCase()],
  ['camel', (key: string) => key.charAt(0).toLowerCase() + key.slice(1)],
])('keys may be in %s case', (_name, change) => {
  const all = { ...LEAST, PostJobPrefix: '/x/', SyncTaskURL: 'gs://s', Bridge: { Host: 'h', Port: 1 } };
  const respelled = (value: object): object =>
    Object.fromEntries(
      Object.entries(value).map(([key, item]) => [change(key), typeof item === 'object' ? respelled(item) : item]),
    );
  expect(read(respelled(all))).toStrictEqual(read(all));
});

describe('the project is that of', () => {
  const { ProjectID: _own, ...unnamed } = LEAST;
  test.each([
    ['the file before the environment', LEAST, { GCLOUD_PROJECT: 'other' }, 'my-proj'],
    ['GCLOUD_PROJECT', unnamed, { GCLOUD_PROJECT: 'a', GOOGLE_CLOUD_PROJECT: 'b', GCP_PROJECT: 'c' }, 'a'],
    ['GOOGLE_CLOUD_PROJECT', unnamed, { GOOGLE_CLOUD_PROJECT: 'b', GCP_PROJECT: 'c' }, 'b'],
    ['GCP_PROJECT', unnamed, { GCLOUD_PROJECT: '', GCP_PROJECT: 'c' }, 'c'],
  ])('%s', (_name, config, env, expected) => {
    expect(read(config, env).projectId).toBe(expected);
  });
});

describe('a configuration that cannot be used is refused with source and field', () => {
  test.each([
    ['not JSON', '{', ['bqtail.json: not JSON: ']],
    ['no object', '[]', ['bqtail.json: the configuration: ']],
    [
      'nothing in it, every field that is missing',
      '{}',
      [
        'bqtail.json: ProjectID: missing',
        'bqtail.json: RulesURL: ',
        'bqtail.json: AsyncTaskURL: ',
        'bqtail.json: JournalURL: ',
        'bqtail.json: ErrorURL: ',
        'bqtail.json: CorruptedFileURL: ',
      ],
    ],
    ['null for what is required', JSON.stringify({ ...LEAST, JournalURL: null }), ['bqtail.json: JournalURL: ']],
    ['an empty URL', JSON.stringify({ ...LEAST, ErrorURL: '' }), ['bqtail.json: ErrorURL: ']],
    [
      'wrong types',
      JSON.stringify({ ...LEAST, checkinms: '5', ASYNC: 1 }),
      ['bqtail.json: CheckInMs: ', 'bqtail.json: Async: '],
    ],
    ['a negative CheckInMs', JSON.stringify({ ...LEAST, CheckInMs: -1 }), ['bqtail.json: CheckInMs: ']],
    ['a bad port', JSON.stringify({ ...LEAST, bridge: { port: 65536 } }), ['bqtail.json: Bridge.Port: ']],
  ])('%s', (_name, text, expected) => {
    const found = problemsOf(text);
    expect(found.map((line, at) => line.slice(0, expected[at]?.length))).toEqual(expected);
  });
});

test('whatever the text, nothing but a ConfigError is thrown', () => {
  const keys = fc.constantFrom(...Object.keys(LEAST), 'bridge', 'BatchPrefix', 'CheckInMs', '__proto__');
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.dictionary(keys, fc.jsonValue()).map((given) => JSON.stringify({ ...LEAST, ...given })),
  );
  fc.assert(fc.property(text, (given) => void problemsOf(given)));
});

test('where calls, webhooks and Slack messages go', () => {
  const config = read({
    ...LEAST,
    Region: 'europe-west1',
    SlackCredentials: { URL: 'gs://c/slack.enc', Key: 'ring/key' },
    SlackApiURL: 'http://127.0.0.1:8090/slack/api',
    Outbound: { Hosts: ['*.example.com', '10.0.0.0/8'] },
  });
  expect(config).toMatchObject({
    region: 'europe-west1',
    slackCredentials: { url: 'gs://c/slack.enc', key: 'ring/key' },
    slackApiUrl: 'http://127.0.0.1:8090/slack/api/',
    outboundHosts: ['*.example.com', '10.0.0.0/8'],
  });
});

test('settings that there are not are named', () => {
  const more = { MaxConcurrentLoad: 3, bridge: { Hots: 'x', port: 1 }, taskQueue: 'q', Typo: { URL: 1 } };
  const { withoutEffect } = read({ ...LEAST, ...more });
  expect(withoutEffect).toEqual(['MaxConcurrentLoad', 'bridge.Hots', 'Typo']);
});
