import fc from 'fast-check';
import { ConfigError, parseConfig } from '../../src/config/config';

const REQUIRED = {
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

test('settings that the file omits have the defaults of viant/bqtail', () => {
  expect(read(REQUIRED)).toEqual({
    url: 'bqtail.json',
    withoutEffect: [],
    projectId: 'my-proj',
    region: 'us-central1',
    triggerBucket: 'my_proj_bqtail',
    rulesUrl: 'gs://my-config/BqTail/Rules',
    permissionWaitInSec: 3600,
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

describe('a setting of the file replaces the default', () => {
  test.each([
    ['TriggerBucket', { TriggerBucket: 'my-trigger' }, { triggerBucket: 'my-trigger' }],
    ['RulesURL', { RulesURL: 'rules/' }, { rulesUrl: 'rules' }],
    ['CheckInMs', { CheckInMs: 500 }, { checkInMs: 500 }],
    ['CheckInMs 0 means the default', { CheckInMs: 0 }, { checkInMs: 60_000 }],
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
    ['an unknown setting adds only its path to withoutEffect', { MaxRetries: '4' }, { withoutEffect: ['MaxRetries'] }],
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
    ['null means the default', { SyncTaskURL: null, CheckInMs: null, Bridge: { Port: null } }, { checkInMs: 60_000 }],
  ])('%s', (_name, given, expected) => {
    expect(read({ ...REQUIRED, ...given })).toStrictEqual({ ...read(REQUIRED), ...expected });
  });
});

describe('prefixes begin and end with one slash', () => {
  test.each([
    ['PostJobPrefix', { PostJobPrefix: '_ended_' }, { bqJobPrefix: '/_ended_/' }],
    ['BqJobPrefix', { BqJobPrefix: '/_ended_' }, { bqJobPrefix: '/_ended_/' }],
    ['BqJobPrefix wins over PostJobPrefix', { BqJobPrefix: '/a/', PostJobPrefix: '/b/' }, { bqJobPrefix: '/a/' }],
    [
      'PostJobPrefix counts when BqJobPrefix is empty',
      { BqJobPrefix: '', PostJobPrefix: '/b/' },
      { bqJobPrefix: '/b/' },
    ],
    ['BatchPrefix may have two folders', { BatchPrefix: '//due/now//' }, { batchPrefix: '/due/now/' }],
    ['LoadProcessPrefix', { LoadProcessPrefix: 'again' }, { loadProcessPrefix: '/again/' }],
    [
      'a prefix of slashes only means the default',
      { BatchPrefix: '', PostJobPrefix: '/', LoadProcessPrefix: '//' },
      { batchPrefix: '/_batch_/', bqJobPrefix: '/_bqjob_/', loadProcessPrefix: '/_load_/' },
    ],
  ])('%s', (_name, given, expected) => {
    expect(read({ ...REQUIRED, ...given })).toMatchObject(expected);
  });
});

test.each([
  ['lower', (key: string) => key.toLowerCase()],
  ['upper', (key: string) => key.toUpperCase()],
  ['camel', (key: string) => key.charAt(0).toLowerCase() + key.slice(1)],
])('keys may be in %s case', (_name, change) => {
  const all = { ...REQUIRED, PostJobPrefix: '/x/', SyncTaskURL: 'gs://s', Bridge: { Host: 'h', Port: 1 } };
  const respelled = (value: object): object =>
    Object.fromEntries(
      Object.entries(value).map(([key, item]) => [change(key), typeof item === 'object' ? respelled(item) : item]),
    );
  expect(read(respelled(all))).toStrictEqual(read(all));
});

describe('the project is named by', () => {
  const { ProjectID: _project, ...unnamed } = REQUIRED;
  test.each([
    ['the file, even when the environment names another', REQUIRED, { GCLOUD_PROJECT: 'other' }, 'my-proj'],
    ['GCLOUD_PROJECT', unnamed, { GCLOUD_PROJECT: 'a', GOOGLE_CLOUD_PROJECT: 'b', GCP_PROJECT: 'c' }, 'a'],
    ['GOOGLE_CLOUD_PROJECT', unnamed, { GOOGLE_CLOUD_PROJECT: 'b', GCP_PROJECT: 'c' }, 'b'],
    ['GCP_PROJECT', unnamed, { GCLOUD_PROJECT: '', GCP_PROJECT: 'c' }, 'c'],
  ])('%s', (_name, config, env, expected) => {
    expect(read(config, env).projectId).toBe(expected);
  });
});

describe('an unusable configuration is refused with source, setting, value found and what is allowed', () => {
  test.each([
    ['not JSON', '{', ['bqtail.json: not JSON: ']],
    ['a list', '[]', ['bqtail.json: the configuration: found []; allowed is an object']],
    [
      'an empty object: one problem per missing setting',
      '{}',
      [
        'bqtail.json: ProjectID: missing, and the environment names no project by ',
        'bqtail.json: RulesURL: missing',
        'bqtail.json: AsyncTaskURL: missing',
        'bqtail.json: JournalURL: missing',
        'bqtail.json: ErrorURL: missing',
        'bqtail.json: CorruptedFileURL: missing',
      ],
    ],
    [
      'null for a required setting',
      JSON.stringify({ ...REQUIRED, JournalURL: null }),
      ['bqtail.json: JournalURL: missing'],
    ],
    [
      'an empty URL',
      JSON.stringify({ ...REQUIRED, ErrorURL: '' }),
      ['bqtail.json: ErrorURL: found ""; allowed is a text that is not empty'],
    ],
    [
      'wrong types',
      JSON.stringify({ ...REQUIRED, checkinms: '5', ASYNC: 1 }),
      [
        'bqtail.json: CheckInMs: found "5"; allowed is a number',
        'bqtail.json: Async: found 1; allowed is true or false',
      ],
    ],
    [
      'a negative CheckInMs',
      JSON.stringify({ ...REQUIRED, CheckInMs: -1 }),
      ['bqtail.json: CheckInMs: found -1; allowed is at least 0'],
    ],
    [
      'a port that is too high',
      JSON.stringify({ ...REQUIRED, bridge: { port: 65536 } }),
      ['bqtail.json: Bridge.Port: found 65536; allowed is at most 65535'],
    ],
    [
      'a service account that is no e-mail address',
      JSON.stringify({ ...REQUIRED, Bridge: { Push: { Audience: 'a', ServiceAccounts: ['x'] } } }),
      ['bqtail.json: Bridge.Push.ServiceAccounts.0: found "x"; allowed is an e-mail address'],
    ],
  ])('%s', (_name, text, expected) => {
    const found = problemsOf(text);
    expect(found.map((line, at) => line.slice(0, expected[at]?.length))).toEqual(expected);
  });
});

test('no text makes parseConfig throw anything but a ConfigError', () => {
  const keys = fc.constantFrom(...Object.keys(REQUIRED), 'bridge', 'BatchPrefix', 'CheckInMs', '__proto__');
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.dictionary(keys, fc.jsonValue()).map((given) => JSON.stringify({ ...REQUIRED, ...given })),
  );
  fc.assert(fc.property(text, (given) => void problemsOf(given)));
});

test('the settings of calls, webhooks and Slack messages are read', () => {
  const config = read({
    ...REQUIRED,
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

test('the paths of unknown settings are listed as the file spells them', () => {
  const more = { MaxConcurrentLoad: 3, bridge: { Hots: 'x', port: 1 }, taskQueue: 'q', Typo: { URL: 1 } };
  const { withoutEffect } = read({ ...REQUIRED, ...more });
  expect(withoutEffect).toEqual(['MaxConcurrentLoad', 'bridge.Hots', 'Typo']);
});
