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

/** Runs a command without the Temporal configuration file that the machine may have. */
function bqtail(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return run(args, { TEMPORAL_CONFIG_FILE: join(folder, 'none.toml'), ...env });
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('an invalid call prints one message and a hint, and exits with 2', () => {
  const ports = 'allowed is a whole number from 0 to 65529.';
  test.each([
    ['an unknown command', ['nope'], "bqtail: unknown command 'nope'"],
    ['an unknown option', ['serve', '--nope'], "bqtail: unknown option '--nope'"],
    ['an option without value', ['worker', '--config'], "bqtail: option '-c, --config <file-or-url>' argument missing"],
    ['a surplus argument', ['dev', 'x'], "bqtail: too many arguments for 'dev'. Expected 0 arguments but got 1."],
    ['a port that is no number', ['dev', '--port-base', 'x'], `found x; ${ports}`],
    ['a port that is too high', ['demo', '--port-base', '65532'], `found 65532; ${ports}`],
    ['a negative port', ['dev', '--port-base=-1'], `found -1; ${ports}`],
    ['a port with a fraction', ['dev', '--port-base', '80.5'], `found 80.5; ${ports}`],
    ['an empty port', ['dev', '--port-base='], `found ; ${ports}`],
    ['an unknown format', ['dev', '--output', 'xml'], 'Allowed choices are text, json.'],
  ])('%s', async (_name, args, message) => {
    const { code, stdout, stderr } = await bqtail(args);
    const [line, hint, ...more] = stderr.trimEnd().split('\n');
    expect(line).toMatch(/^bqtail: /);
    expect(line?.endsWith(message)).toBe(true);
    expect([hint, more]).toEqual(['(run bqtail --help for the commands)', []]);
    expect({ code, stdout }).toEqual({ code: UNUSABLE, stdout: '' });
  });
});

describe.each(['serve', 'worker'])(
  'an unusable configuration makes %s print one message and exit with 2',
  (command) => {
    const { JournalURL: _journal, ...incomplete } = CONFIG;
    test.each<[string, () => Promise<{ args?: string[]; env?: NodeJS.ProcessEnv; message: string }>]>([
      [
        'no configuration',
        async () => ({
          message: 'no configuration: give --config FILE or URL, or set CONFIG to the JSON or its URL',
        }),
      ],
      [
        'a missing file',
        async () => {
          const path = join(folder, 'none.json');
          return { args: ['-c', path], message: `${path}: cannot be read: ENOENT` };
        },
      ],
      ['a folder', async () => ({ args: ['--config', folder], message: `${folder}: cannot be read: EISDIR` })],
      [
        'a URL in CONFIG of a missing file',
        async () => {
          const { href } = pathToFileURL(join(folder, 'none.json'));
          return { env: { CONFIG: href }, message: `${href}: cannot be read: ENOENT` };
        },
      ],
      ['invalid JSON in CONFIG', async () => ({ env: { CONFIG: '{"a' }, message: 'CONFIG: not JSON: ' })],
      [
        'invalid JSON in a file',
        async () => {
          const path = await file('bad.json', 'ProjectID: p');
          return { args: ['-c', path], message: `${path}: not JSON: ` };
        },
      ],
      [
        'a missing setting',
        async () => {
          const path = await file('incomplete.json', JSON.stringify(incomplete));
          return { args: ['-c', path], message: `${path}: JournalURL: ` };
        },
      ],
      [
        'an unknown Temporal profile',
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

test('an invalid file of faults ends dev before anything starts', async () => {
  const path = await file('faults.yaml', 'bigquery: [{ action: explode }]');
  const { code, stdout, stderr } = await bqtail(['dev', '--port-base', '0', '--faults', path]);
  expect(stderr).toBe(
    `bqtail: ${path}: bigquery[0].action: found "explode"; allowed is status, drop, dropAfter, delay, slowJob, failJob\n`,
  );
  expect({ code, stdout }).toEqual({ code: UNUSABLE, stdout: '' });
});

test('an unreachable Temporal server is reported with its address', async () => {
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

test('all problems of a configuration are reported together, one per line', async () => {
  const { code, stderr } = await bqtail(['serve'], { CONFIG: '{"CheckInMs": "x", "Async": true}' });
  expect(
    stderr
      .trimEnd()
      .split('\n')
      .map((line) => /CONFIG: (\w+)/.exec(line)?.[1]),
  ).toEqual(['ProjectID', 'RulesURL', 'CheckInMs', 'AsyncTaskURL', 'JournalURL', 'ErrorURL', 'CorruptedFileURL']);
  expect(code).toBe(UNUSABLE);
});

describe('requested information goes to standard output', () => {
  test.each([
    ['--version', /^\d+\.\d+\.\d+\n$/],
    ['--help', /^Usage: bqtail /],
  ])('%s', async (flag, expected) => {
    const { code, stdout, stderr } = await bqtail([flag]);
    expect(stdout).toMatch(expected);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

test('without a command, bqtail prints its help and exits with 2', async () => {
  const { code, stdout, stderr } = await bqtail([]);
  expect(stderr).toMatch(/^Usage: bqtail /);
  expect({ code, stdout }).toEqual({ code: UNUSABLE, stdout: '' });
});
