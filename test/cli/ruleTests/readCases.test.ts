import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readCases } from '../../../src/cli/ruleTests/readCases';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bqtail-cases-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, name, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return join(folder, name);
}

const RULE = 'Dest: {Table: shop.t}';

test('a folder is read as a case', async () => {
  const path = await write('good', {
    'rule.yaml': RULE,
    'case.yaml': 'description: d\nuploads: [{path: b.json, afterMs: 5}]\nfails: LoadFailed\ntimeoutSec: 9\n',
    'data/b.json': '{}',
    'data/x/a.json': '{}',
    'resources/q.sql': 'SELECT 1',
    'tables/shop.t.schema.json':
      '{"schema": {"fields": [{"name": "id", "type": "INTEGER"}]}, "clustering": {"fields": ["id"]}}',
    'tables/shop.t.rows.jsonl': '// before\n{"id": 1}\n',
    'expect/other.t.jsonl': '{"id": 2}\n',
    'expect/tables.yaml': '- {absent: "temp.t_.*"}\n- {query: SELECT 1 AS n, rows: [{n: 1}]}\n',
    'expect/objects.yaml': '- {prefix: "gs://b/", count: 0}\n- {prefix: "gs://b/kept/"}\n',
    'expect/calls.yaml': '- {method: POST, path: /x}\n',
    'expect/messages.yaml': '- {topic: bus, data: {a: 1}}\n',
  });
  expect(await readCases([folder])).toMatchObject([
    {
      id: 'good',
      feature: 'd',
      rules: [{ file: 'rule.yaml', text: RULE }],
      resources: [{ url: '${rulesUrl}/q.sql', text: 'SELECT 1' }],
      datasets: [{ dataset: 'shop' }, { dataset: 'other' }],
      tables: [{ table: 'shop.t', schema: [{ name: 'id', type: 'INTEGER' }], clustering: { fields: ['id'] } }],
      seedRows: [{ table: 'shop.t', rows: [{ id: 1 }] }],
      uploads: [
        { url: 'gs://${triggerBucket}/x/a.json', afterMs: 0 },
        { url: 'gs://${triggerBucket}/b.json', afterMs: 5 },
      ],
      waitSec: 9,
      expectFailures: ['LoadFailed'],
      expectTables: [
        { table: 'other.t', rows: [{ id: 2 }], exact: true },
        { query: 'SELECT 1 AS n', rows: [{ n: 1 }], exact: true },
      ],
      expectNoTables: [{ dataset: 'temp', nameRe: '^(?:t_.*)$' }],
      expectObjects: [
        { prefix: 'gs://b/', minCount: 0, maxCount: 0 },
        { prefix: 'gs://b/kept/', minCount: 1 },
      ],
      expectHttp: [{ method: 'POST', path: '/x', minCount: 1 }],
      expectPubsub: [{ topic: 'bus', minCount: 1, json: { a: 1 } }],
    },
  ]);
  await rm(path, { recursive: true });
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  [
    'a misspelt setting in case.yaml',
    { 'rule.yaml': RULE, 'data/a': '', 'case.yaml': 'timeout: 3' },
    'case.yaml: the file: Unrecognized key',
  ],
  [
    'an upload of a missing file',
    { 'rule.yaml': RULE, 'data/a': '', 'case.yaml': 'uploads: [{path: b}]' },
    'no such file in data: b',
  ],
  ['a missing rule file', { 'data/a': '', 'case.yaml': 'rules: [../nope.yaml]' }, 'nope.yaml: cannot be read: '],
  ['a case without a rule', { 'data/a': '', 'case.yaml': 'description: x' }, 'no rule'],
  [
    'a row that is not an object',
    { 'rule.yaml': RULE, 'expect/d.t.jsonl': '{}\n[1]\n' },
    'expect/d.t.jsonl:2: found [1]; allowed is one JSON object per line',
  ],
  ['invalid YAML', { 'rule.yaml': RULE, 'data/a': '', 'case.yaml': 'a: [' }, 'case.yaml: not YAML: '],
  [
    'an expectation with an invalid prefix',
    { 'rule.yaml': RULE, 'expect/objects.yaml': '- {prefix: /x}' },
    'expect/objects.yaml: 0.prefix: ',
  ],
  [
    'a schema file without a schema',
    { 'rule.yaml': RULE, 'data/a': '', 'tables/d.t.schema.json': '{}' },
    'd.t.schema.json: contains no schema',
  ],
  ['an incomplete case.json', { 'case.json': '{"id": "x"}' }, 'case.json: rules: '],
  ['a folder without cases', { 'readme.md': '' }, 'no case found'],
])('%s is reported', async (name, files, message) => {
  const path = await write(name, files);
  await expect(readCases([path])).rejects.toThrow(message);
  await rm(path, { recursive: true });
});
