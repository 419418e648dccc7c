import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bqtail, built } from './bqtail';

const ORDERS = `When: {Prefix: /orders/, Suffix: .json}
Dest:
  Table: shop.orders
  Transient: {Dataset: temp}
  UniqueColumns: [id]
Batch: {Window: {DurationInSec: 30}}
OnSuccess:
  - Action: query
    Request: {SQL: "SELECT COUNT(*) AS n\\nFROM $DestTable", Dest: shop.counts}
    OnSuccess: [{Action: delete}]
ID: orders
`;
const BAD = ORDERS.replace('shop.orders', 'orders').replace('30', 'x').replace('Suffix', 'Sufix');
const SCHEMA = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'name', type: 'STRING' },
];
const AT = ['--updated', '2023-11-14T22:13:20Z'];
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:1';

let folder: string;
const run = (args: readonly string[], env?: NodeJS.ProcessEnv) => bqtail(args, env, folder);

beforeAll(async () => {
  built();
  folder = await mkdtemp(join(tmpdir(), 'bqtail-rules-'));
  await mkdir(join(folder, 'rules', 'deep'), { recursive: true });
  await mkdir(join(folder, 'none'));
  await Promise.all([
    writeFile(join(folder, 'rules', 'deep', 'orders.yaml'), ORDERS),
    writeFile(
      join(folder, 'rules', 'single.json'),
      '{"When": {"Prefix": "/single/"}, "Dest": {"Table": "shop.single"}}',
    ),
    writeFile(join(folder, 'bad.yaml'), BAD),
    writeFile(join(folder, 'worse.json'), '[{"Dest": {"Table": "d.t"}}, {"Async": 1}]'),
    writeFile(join(folder, 'rules', 'deep', 'more.yml'), ORDERS),
    writeFile(join(folder, 'schema.json'), JSON.stringify(SCHEMA)),
    writeFile(join(folder, 'noSchema.json'), '{"id": 1}'),
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('bqtail validate', () => {
  test('reads folders at any depth, and warns of files that it does not read', async () => {
    const { code, stdout, stderr } = await run(['validate', 'rules']);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout:
        'rules/deep/more.yml: warning: the file is not read: the name of a rule file must end with .json or .yaml, ' +
        'found .yml [FileIgnored]\n',
      stderr: 'bqtail: 2 files, 2 good rules, 0 problems, 1 warning\n',
    });
  });

  test('lists all problems of all files with their places', async () => {
    const { code, stdout } = await run(['validate', 'rules', 'bad.yaml', 'worse.json']);
    expect(stdout.trimEnd().split('\n')).toEqual([
      'bad.yaml:3:3: error: Dest.Table must be [project:]dataset.table, found orders [TableInvalid]',
      'bad.yaml:6:18: error: Batch.Window.DurationInSec must be a number, found "x" [TypeInvalid]',
      'worse.json:1:30: error: [1].Dest is missing: every rule needs a destination [DestMissing]',
      'worse.json:1:31: error: [1].Async must be true or false, found 1 [TypeInvalid]',
      'bad.yaml:1:26: warning: When.Sufix is not a known key and is ignored; did you mean Suffix? [KeyUnknown]',
      expect.stringMatching(/^rules\/deep\/more\.yml: warning: /),
    ]);
    expect(code).toBe(1);
  });

  test('prints JSON', async () => {
    const { code, stdout } = await run(['validate', 'bad.yaml', '--output', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      files: 1,
      rules: 0,
      problems: [
        { code: 'TableInvalid', url: 'bad.yaml', path: 'Dest.Table', line: 3, column: 3, found: 'orders' },
        { code: 'TypeInvalid', path: 'Batch.Window.DurationInSec', allowed: 'a number' },
      ],
      warnings: [{ code: 'KeyUnknown' }],
    });
    expect(code).toBe(1);
  });

  test.each([
    ['a missing file', ['nope.yaml'], /^bqtail: nope\.yaml: cannot be read: ENOENT/],
    ['a folder without rules', ['none'], /^bqtail: none: contains no rule file\n\(rule files end with/],
    ['unreachable storage', ['gs://b/rules/'], /^bqtail: gs:\/\/b\/rules\/: cannot be read: [^\n]+\n\(gs:\/\/ URLs/],
    ['no source', [], /^bqtail: missing required argument 'rules'/],
  ])('exits with 2 for %s', async (_name, args, message) => {
    const { code, stdout, stderr } = await run(['validate', ...args], { STORAGE_EMULATOR_HOST: NOWHERE });
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('bqtail match', () => {
  test('prints the rule, table and window of a file', async () => {
    const { code, stdout } = await run(['match', 'gs://trig/orders/a.json', '--rules', 'rules', ...AT]);
    expect(stdout).toBe(`gs://trig/orders/a.json
  rule    rules/deep/orders.yaml#orders
  table   shop.orders
  window  shop.orders_4032812733761881542_1700000010
  start   2023-11-14T22:13:00Z
  due     2023-11-14T22:13:30Z
`);
    expect(code).toBe(0);
  });

  test('explains why no rule matches, and reports disabled and ambiguous rules', async () => {
    const both = join(folder, 'both.json');
    const rule = { ID: 'one', When: { Prefix: '/both/' }, Dest: { Table: 'd.t' } };
    const off = { ID: 'off', Disabled: true, When: { Prefix: '/off/' }, Dest: { Table: 'd.t' } };
    await writeFile(both, JSON.stringify([rule, { ...rule, ID: 'other' }, off]));
    const files = ['/orders/a.csv', '/both/a', '/off/a', '/single/a'];
    const { code, stdout } = await run(['match', '-s', ...files, '-r', 'rules', both, '-b', 't', '--output', 'json']);
    expect(JSON.parse(stdout)).toEqual([
      {
        url: 'gs://t/orders/a.csv',
        status: 'noMatch',
        nearMisses: [
          { rule: 'rules/deep/orders.yaml#orders', reasons: ['When.Suffix is .json, the path ends with a.csv'] },
        ],
      },
      { url: 'gs://t/both/a', status: 'ambiguous', rules: [`${both}#one`, `${both}#other`] },
      { url: 'gs://t/off/a', status: 'disabled', rule: `${both}#off`, table: 'd.t', window: null },
      {
        url: 'gs://t/single/a',
        status: 'matched',
        rule: 'rules/single.json#53394f4b',
        table: 'shop.single',
        window: null,
      },
    ]);
    expect(code).toBe(1);
  });

  test.each([
    ['no rules', ['gs://b/a'], 'bqtail: no rules\n'],
    ['no file', ['-r', 'rules'], 'bqtail: no files given\n'],
    ['no bucket', ['/orders/a.json', '-r', 'rules'], 'bqtail: /orders/a.json: unknown bucket\n'],
    ['a URL outside Cloud Storage', ['s3://b/a', '-r', 'rules'], 'bqtail: s3://b/a: not a file in Cloud Storage\n'],
    ['an invalid time', ['gs://b/a', '-r', 'rules', '--updated', 'now'], 'found now; allowed is a time such as'],
  ])('exits with 2 for %s', async (_name, args, message) => {
    const { code, stderr } = await run(['match', ...args]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  test('reports invalid rules', async () => {
    const { code, stderr } = await run(['match', 'gs://b/orders/a.json', '-r', 'bad.yaml']);
    expect(stderr).toBe(
      'bqtail: bad.yaml:3:3: Dest.Table must be [project:]dataset.table, found orders (and 1 more)\n' +
        '(bqtail validate bad.yaml lists all of them)\n',
    );
    expect(code).toBe(1);
  });
});

describe('bqtail plan', () => {
  const files = ['gs://trig/orders/a.json', 'gs://trig/orders/b.json'];
  const offline = ['-r', 'rules', '-p', 'proj', '--offline', ...AT];
  const schema = ['--schema', 'shop.orders=schema.json'];

  test('prints jobs, SQL and actions as text', async () => {
    const { code, stdout, stderr } = await run(['plan', ...files, ...offline, ...schema]);
    expect(stderr).toBe('');
    expect(stdout).toContain('\nload\n  1. load 2 files into proj:temp.orders_1, WRITE_TRUNCATE\n');
    expect(stdout).toContain('\ntransfer\n  2. query into proj:shop.orders, WRITE_APPEND\n');
    expect(stdout).toContain('    SELECT id, MAX(t.name) AS name');
    expect(stdout).toContain('    FROM shop.orders\n    on success:\n      4. delete\n');
    expect(stdout).toContain('\nclean-up, after success or failure\n  5. drop\n    Table: proj:temp.orders_1\n');
    expect(code).toBe(0);
  });

  test('prints JSON: one plan per window, and one per single file', async () => {
    const single = 'gs://trig/single/x.json';
    const other = ['--schema', 'proj:shop.single=schema.json'];
    const args = [...files, single, ...offline, ...schema, ...other, '--output', 'json'];
    const { stdout, stderr } = await run(['plan', ...args]);
    expect(JSON.parse(stdout)).toMatchObject([
      { rule: 'rules/deep/orders.yaml#orders', files, window: { due: 1700000010 }, plan: { load: [[{ step: 1 }]] } },
      { rule: 'rules/single.json#53394f4b', files: [single], window: null, plan: { transfer: [] } },
    ]);
    expect(stderr).toBe('');
  });

  test('splits files that exceed the limits of a load job', async () => {
    const { stdout } = await run(['plan', ...files, ...offline, ...schema, '--size', '10000000000000']);
    const into = '10,000,000,000,000 bytes, into proj:temp.orders_1, WRITE_APPEND';
    expect(stdout.split('\n').filter((line) => line.includes(into))).toEqual([
      `  1. load 1 file, ${into}`,
      `  1. load 1 file, ${into}`,
    ]);
    expect(stdout).toContain('job j001_shop_orders--1_00001_load--tail');
  });

  test.each<[string, readonly string[], number, string]>([
    ['an unknown table', offline, 1, 'found proj.shop.orders, which does not exist'],
    ['unreachable BigQuery', ['-r', 'rules', '-p', 'proj'], 2, 'or --offline with --schema TABLE=FILE'],
    ['unreachable storage', ['-r', 'rules', '-p', 'proj'], 2, 'sizes of 2 files taken as 0: Cloud Storage'],
    ['a file without schema', [...offline, '--schema', 'd.t=noSchema.json'], 2, 'noSchema.json: contains no schema'],
    ['a schema option without table', [...offline, '--schema', 'schema.json'], 2, 'give --schema dataset.table=FILE'],
  ])('reports %s', async (_name, args, expected, message) => {
    const nowhere = { BIGQUERY_EMULATOR_HOST: NOWHERE, STORAGE_EMULATOR_HOST: NOWHERE };
    const { code, stdout, stderr } = await run(['plan', ...files, ...args], nowhere);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
  });

  test('reports a file that no rule matches', async () => {
    const { code, stderr } = await run(['plan', 'gs://trig/x', ...offline]);
    expect(stderr).toBe('bqtail: gs://trig/x: no rule matches\n(bqtail match gs://trig/x shows why)\n');
    expect(code).toBe(1);
  });
});
