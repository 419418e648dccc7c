import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { built, bqtail as run } from './bqtail';

const UNUSABLE = 2;
const CONFIG = {
  ProjectID: 'p',
  RulesURL: 'gs://c/Rules',
  AsyncTaskURL: 'gs://o/Tasks',
  JournalURL: 'gs://o/Journal',
  ErrorURL: 'gs://o/errors',
  CorruptedFileURL: 'gs://o/corrupted',
};
/** Nothing listens there. */
const NOWHERE = '127.0.0.1:1';

let folder: string;
beforeAll(async () => {
  built();
  folder = await mkdtemp(join(tmpdir(), 'bqtail-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Without a configuration file of Temporal's that the machine may have. */
function bqtail(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return run(args, { TEMPORAL_CONFIG_FILE: join(folder, 'none.toml'), ...env });
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('a call that cannot be understood gets one message and exit code 2', () => {
  const ports = 'allowed is a whole number from 0 to 65529.';
  test.each([
    ['unknown command', ['nope'], "bqtail: unknown command 'nope'"],
    ['unknown option', ['serve', '--nope'], "bqtail: unknown option '--nope'"],
    ['option without value', ['worker', '--config'], "bqtail: option '-c, --config <file-or-url>' argument missing"],
    ['argument too many', ['dev', 'x'], "bqtail: too many arguments for 'dev'. Expected 0 arguments but got 1."],
    ['port in words', ['dev', '--port-base', 'x'], `found x; ${ports}`],
    ['port too high', ['demo', '--port-base', '65532'], `found 65532; ${ports}`],
    ['port below 0', ['dev', '--port-base=-1'], `found -1; ${ports}`],
    ['port with a fraction', ['dev', '--port-base', '80.5'], `found 80.5; ${ports}`],
    ['empty port', ['dev', '--port-base='], `found ; ${ports}`],
    ['unknown format', ['dev', '--output', 'xml'], 'Allowed choices are text, json.'],
  ])('%s', async (_name, args, message) => {
    const { code, stdout, stderr } = await bqtail(args);
    const [line, hint, ...more] = stderr.trimEnd().split('\n');
    expect(line).toMatch(/^bqtail: /);
    expect(line?.endsWith(message)).toBe(true);
    expect([hint, more]).toEqual(['(bqtail --help tells what there is)', []]);
    expect({ code, stdout }).toEqual({ code: UNUSABLE, stdout: '' });
  });
});

describe.each(['serve', 'worker'])(
  'a configuration that cannot be used ends %s with one message and exit code 2',
  (command) => {
    const { JournalURL: _journal, ...incomplete } = CONFIG;
    test.each<[string, () => Promise<{ args?: string[]; env?: NodeJS.ProcessEnv; message: string }>]>([
      [
        'none',
        async () => ({
          message: 'no configuration: give --config FILE or URL, or set CONFIG to the JSON or its URL',
        }),
      ],
      [
        'a file that is not there',
        async () => {
          const path = join(folder, 'none.json');
          return { args: ['-c', path], message: `${path}: cannot be read: ENOENT` };
        },
      ],
      ['a folder', async () => ({ args: ['--config', folder], message: `${folder}: cannot be read: EISDIR` })],
      [
        'a URL in CONFIG that is not there',
        async () => {
          const { href } = pathToFileURL(join(folder, 'none.json'));
          return { env: { CONFIG: href }, message: `${href}: cannot be read: ENOENT` };
        },
      ],
      ['bad JSON in CONFIG', async () => ({ env: { CONFIG: '{"a' }, message: 'CONFIG: not JSON: ' })],
      [
        'bad JSON in a file',
        async () => {
          const path = await file('bad.json', 'ProjectID: p');
          return { args: ['-c', path], message: `${path}: not JSON: ` };
        },
      ],
      [
        'a missing field',
        async () => {
          const path = await file('incomplete.json', JSON.stringify(incomplete));
          return { args: ['-c', path], message: `${path}: JournalURL: ` };
        },
      ],
      [
        'a Temporal profile that is not there',
        async () => ({
          env: { CONFIG: JSON.stringify(CONFIG), TEMPORAL_PROFILE: 'nope' },
          message: "configuration of the Temporal client: Profile 'nope' not found",
        }),
      ],
    ])('%s', async (_name, prepare) => {
      const { args = [], env = {}, message } = await prepare();
      const { code, stdout, stderr } = await bqtail([command, ...args], env);
      expect(stderr.slice(0, `bqtail: ${message}`.length)).toBe(`bqtail: ${message}`);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect({ code, stdout }).toEqual({ code: UNUSABLE, stdout: '' });
    });
  },
);

test('faults that make no sense keep the stack from starting', async () => {
  const path = await file('faults.yaml', 'bigquery: [{ action: explode }]');
  const { code, stdout, stderr } = await bqtail(['dev', '--port-base', '0', '--faults', path]);
  expect(stderr).toBe(
    `bqtail: ${path}: bigquery[0].action: found "explode"; allowed is status, drop, dropAfter, delay, slowJob, failJob\n`,
  );
  expect({ code, stdout }).toEqual({ code: UNUSABLE, stdout: '' });
});

test('Temporal that cannot be reached is told with its address', async () => {
  const env = { CONFIG: JSON.stringify(CONFIG), TEMPORAL_ADDRESS: NOWHERE };
  for (const { code, stdout, stderr } of await Promise.all(
    ['serve', 'worker'].map((command) => bqtail([command], env)),
  )) {
    expect(stderr).toMatch(
      /^bqtail: Temporal cannot be reached at 127\.0\.0\.1:1: [^\n]+; set TEMPORAL_ADDRESS or a profile\n$/,
    );
    expect({ code, stdout }).toEqual({ code: UNUSABLE, stdout: '' });
  }
});

test('every problem of a configuration is told at once, one a line', async () => {
  const { code, stderr } = await bqtail(['serve'], { CONFIG: '{"CheckInMs": "x", "Async": true}' });
  expect(
    stderr
      .trimEnd()
      .split('\n')
      .map((line) => /CONFIG: (\w+)/.exec(line)?.[1]),
  ).toEqual(['ProjectID', 'RulesURL', 'CheckInMs', 'AsyncTaskURL', 'JournalURL', 'ErrorURL', 'CorruptedFileURL']);
  expect(code).toBe(UNUSABLE);
});

describe('what was asked for goes to standard output', () => {
  test.each([
    ['--version', /^\d+\.\d+\.\d+\n$/],
    ['--help', /^Usage: bqtail /],
  ])('%s', async (flag, expected) => {
    const { code, stdout, stderr } = await bqtail([flag]);
    expect(stdout).toMatch(expected);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

test('without a command, help is told and the exit code is 2', async () => {
  const { code, stdout, stderr } = await bqtail([]);
  expect(stderr).toMatch(/^Usage: bqtail /);
  expect({ code, stdout }).toEqual({ code: UNUSABLE, stdout: '' });
});
