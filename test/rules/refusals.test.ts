import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RuleCode, refuses, ruleCodes } from '../../src/rules/errorCodes';
import { parseRuleFile } from '../../src/rules/parseRuleFile';

const table = { Table: 'ds.t' };
const transient = { Table: 'ds.t', Transient: { Dataset: 'temp' } };
const input = { Table: 'ds.et', Alias: 'et', On: 't.id = et.id' };
const split = (...Mapping: unknown[]) => ({ ...transient, Schema: { Split: { Mapping } } });
const inputs = (...SideInputs: unknown[]) => ({ Dest: { ...transient, SideInputs } });
const onSuccess = (...OnSuccess: unknown[]) => ({ Dest: table, OnSuccess });

/** Every condition that makes a rule unusable. */
const refusals: [RuleCode, string, object][] = [
  ['DestMissing', 'Dest', { When: { Prefix: '/a' } }],
  ['DestMissing', 'Dest', { Dest: null }],
  ['TableMissing', 'Dest.Table', { Dest: {} }],
  ['TableMissing', 'Dest.Table', { Dest: { Transient: { Dataset: 'temp' }, Schema: { Autodetect: true } } }],
  ['TableInvalid', 'Dest.Table', { Dest: { Table: 'table' } }],
  ['TableInvalid', 'Dest.Table', { Dest: { Table: '$Name' } }],
  ['TableInvalid', 'Dest.Schema.Template', { Dest: { ...table, Schema: { Template: 'tmpl' } } }],
  ['TableInvalid', 'Dest.Transient.Template', { Dest: { ...table, Transient: { Dataset: 'temp', Template: 'tmpl' } } }],
  ['ModInvalid', 'Dest.Table', { Dest: { Table: 'ds.t_$Mod(0)' } }],
  ['ModInvalid', 'Dest.Table', { Dest: { Table: 'ds.t_$Mod(5' } }],
  ['ModInvalid', 'Dest.Table', { Dest: { Table: 'ds.t_$Mod(x)' } }],
  ['ModInvalid', 'Dest.Partition', { Dest: { ...table, Partition: '$Mod(-1)' } }],
  ['ExpiryInvalid', 'Dest.Expiry', { Dest: { ...table, Expiry: '1 month' } }],
  ['RegexpInvalid', 'When.Filter', { When: { Filter: '(' }, Dest: table }],
  ['RegexpInvalid', 'When.Exclusion', { When: { Exclusion: 'a**' }, Dest: table }],
  ['RegexpInvalid', 'Dest.Pattern', { Dest: { ...table, Pattern: '(?=a)' } }],
  [
    'ParameterIncomplete',
    'Dest.Parameters[0].Name',
    { Dest: { ...table, Pattern: 'a', Parameters: [{ Expression: 'x' }] } },
  ],
  [
    'FunctionUnknown',
    'Dest.Parameters[1].Expression',
    { Dest: { ...table, Pattern: '(a)', Parameters: [{ Name: 'A' }, { Name: 'B', Expression: '$Toupper($1)' }] } },
  ],
  [
    'FunctionInvalid',
    'Dest.Parameters[0].Expression',
    { Dest: { ...table, Pattern: '(a)', Parameters: [{ Name: 'A', Expression: '$Replace($1, a)' }] } },
  ],
  [
    'FunctionInvalid',
    'Dest.Parameters[0].Expression',
    { Dest: { ...table, Pattern: '(a)', Parameters: [{ Name: 'A', Expression: '$ToUpper($1' }] } },
  ],

  ['TransientDatasetMissing', 'Dest.Transient.Dataset', { Dest: { ...table, Transient: { Alias: 'x' } } }],
  [
    'CopyMethodInvalid',
    'Dest.Transient.CopyMethod',
    { Dest: { ...table, Transient: { Dataset: 'd', CopyMethod: 'copy' } } },
  ],
  ['TransientMissing', 'Dest.Transform', { Dest: { ...table, Transform: { a: '1' } } }],
  ['TransientMissing', 'Dest.UniqueColumns', { Dest: { ...table, UniqueColumns: ['id'] } }],
  ['TransientMissing', 'Dest.SideInputs', { Dest: { ...table, SideInputs: [input] } }],
  [
    'TransientMissing',
    'Dest.Schema.Split',
    { Dest: { ...table, Schema: { Split: { Mapping: [{ When: 'a', Then: 'd.t' }] } } } },
  ],
  [
    'AutodetectExcluded',
    'Dest.UniqueColumns',
    { Dest: { ...transient, UniqueColumns: ['id'], Schema: { Autodetect: true } } },
  ],
  ['SplitMappingMissing', 'Dest.Schema.Split.Mapping', { Dest: split() }],
  ['SplitMappingIncomplete', 'Dest.Schema.Split.Mapping[0].When', { Dest: split({ Then: 'ds.a' }) }],
  [
    'SplitMappingIncomplete',
    'Dest.Schema.Split.Mapping[1].Then',
    { Dest: split({ When: 'a', Then: 'd.a' }, { When: 'b' }) },
  ],
  ['TableInvalid', 'Dest.Schema.Split.Mapping[0].Then', { Dest: split({ When: 'a', Then: 'x' }) }],
  ['SideInputSourceMissing', 'Dest.SideInputs[0]', inputs({ Alias: 'et', On: 't.id = et.id' })],
  ['TableInvalid', 'Dest.SideInputs[0].Table', inputs({ ...input, Table: 'et' })],
  ['SideInputAliasMissing', 'Dest.SideInputs[0].Alias', inputs({ ...input, Alias: '' })],
  ['SideInputOnMissing', 'Dest.SideInputs[1].On', inputs(input, { ...input, On: undefined })],
  ['SideInputOnIncomplete', 'Dest.SideInputs[0].On', inputs({ ...input, Alias: 'fee', On: 'id = fee.id' })],

  ['ActionMissing', 'OnSuccess[0].Action', onSuccess({ Request: {} })],
  ['ActionUnknown', 'OnSuccess[0].Action', onSuccess({ Action: 'delet' })],
  ['ActionUnknown', 'OnFailure[0].Action', { Dest: table, OnFailure: [{ Action: 'reload' }] }],
  ['ActionNested', 'OnSuccess[0].OnSuccess', onSuccess({ Action: 'delete', OnSuccess: [{ Action: 'delete' }] })],
  [
    'ActionNested',
    'OnSuccess[0].OnFailure',
    onSuccess({ Action: 'move', Request: { DestURL: 'gs://b' }, OnFailure: [{ Action: 'delete' }] }),
  ],
  ['RequestIncomplete', 'OnSuccess[0].Request.URLs', onSuccess({ Action: 'delete', Request: { Comment: 'x' } })],
  ['RequestIncomplete', 'OnSuccess[0].Request.DestURL', onSuccess({ Action: 'move' })],
  ['RequestIncomplete', 'OnSuccess[0].Request.SQL', onSuccess({ Action: 'query', Request: { Dest: 'd.t' } })],
  ['RequestIncomplete', 'OnSuccess[0].Request.Source', onSuccess({ Action: 'copy', Request: { Dest: 'd.t' } })],
  ['RequestIncomplete', 'OnSuccess[0].Request.Dest', onSuccess({ Action: 'insert', Request: { SQL: 'SELECT 1' } })],
  ['RequestIncomplete', 'OnSuccess[0].Request.DestURL', onSuccess({ Action: 'export', Request: { Source: 'd.t' } })],
  ['RequestIncomplete', 'OnSuccess[0].Request.Table', onSuccess({ Action: 'drop' })],
  ['RequestIncomplete', 'OnSuccess[0].Request.URL', onSuccess({ Action: 'call' })],
  ['RequestIncomplete', 'OnSuccess[0].Request.Topic', onSuccess({ Action: 'push', Request: { Message: 'x' } })],
  ['RequestIncomplete', 'OnSuccess[0].Request.Title', onSuccess({ Action: 'notify', Request: { Channels: '#a' } })],
  [
    'TableInvalid',
    'OnSuccess[0].Request.dest',
    onSuccess({ Action: 'query', Request: { sql: 'SELECT 1', dest: 't' } }),
  ],
  [
    'TypeInvalid',
    'OnSuccess[0].Request.Append',
    onSuccess({ Action: 'query', Request: { SQL: 'SELECT 1', Append: 'maybe' } }),
  ],
  [
    'RequestIncomplete',
    'OnSuccess[0].OnSuccess[0].Request.Table',
    onSuccess({ Action: 'query', Request: { SQL: 'SELECT 1' }, OnSuccess: [{ Action: 'drop', Request: {} }] }),
  ],
  ['ActionUnknown', 'Batch.Group.OnDone[0].Action', { Dest: table, Batch: { Group: { OnDone: [{ Action: 'x' }] } } }],

  ['TypeInvalid', 'Dest.SkipLeadingRows', { Dest: { ...table, SkipLeadingRows: '1' } }],
  ['TypeInvalid', 'Async', { Async: 'true', Dest: table }],
  ['TypeInvalid', 'Dest.UniqueColumns', { Dest: { ...transient, UniqueColumns: 'id' } }],
  ['TypeInvalid', 'Dest.UniqueColumns[1]', { Dest: { ...transient, UniqueColumns: ['id', 2] } }],
  ['TypeInvalid', 'Dest.Transform.a', { Dest: { ...transient, Transform: { a: 1 } } }],
  ['TypeInvalid', 'OnSuccess[1]', onSuccess({ Action: 'delete' }, 'delete')],
  ['TypeInvalid', 'Dest.Transient', { Dest: { ...table, Transient: 'temp', UniqueColumns: ['id'] } }],
  ['TypeInvalid', 'Batch.Window.DurationInSec', { Dest: table, Batch: { Window: { DurationInSec: 1.5 } } }],
  ['NumberInvalid', 'Batch.Window.DurationInSec', { Dest: table, Batch: { Window: { DurationInSec: -1 } } }],
  ['NumberInvalid', 'Batch.Window.Duration', { Dest: table, Batch: { Window: { Duration: 15 } } }],
  ['NumberInvalid', 'Batch.Window.MaxFiles', { Dest: table, Batch: { Window: { MaxFiles: 0 } } }],
  ['NumberInvalid', 'MaxReload', { Dest: table, MaxReload: -1 }],
  ['IdInvalid', 'ID', { ID: 'a#b', Dest: table }],
  ['UntilInvalid', 'Batch.Window.Until', { Dest: table, Batch: { Window: { Until: 'done/_SUCCESS' } } }],
];

describe('a rule is refused', () => {
  test.each(refusals)('for %s at %s', (code, path, rule) => {
    const parsed = parseRuleFile('gs://c/r.json', JSON.stringify(rule));
    expect(parsed.problems.map((problem) => [problem.code, problem.path])).toEqual([[code, path]]);
    expect(parsed.rules).toEqual([]);
    expect(parsed.problems[0]).toMatchObject({ url: 'gs://c/r.json', message: expect.stringMatching(/./) });
    expect(parsed.problems[0]?.message).not.toMatch(/\{(path|found|allowed)\}/);
  });

  test('with the position in the file, and keys in the spelling of the file', () => {
    const text = 'When:\n  prefix: /a\nDest:\n  table: ds.t\n  transient:\n    dataset: temp\n    copymethod: Copy\n';
    expect(parseRuleFile('gs://c/r.yaml', text).problems).toEqual([
      expect.objectContaining({
        code: 'CopyMethodInvalid',
        path: 'Dest.transient.copymethod',
        line: 7,
        column: 5,
        found: 'Copy',
        allowed: 'COPY, QUERY, DML',
        message: 'Dest.transient.copymethod must be one of COPY, QUERY, DML, found Copy',
      }),
    ]);
  });

  test('with all its problems, and those of the other rules of the file, in one result', () => {
    const text = `[
  {"Dest": {"Table": "ds.t"}},
  {"When": {"Filter": "("}, "Dest": {"Table": "t", "SkipLeadingRows": "1", "Transform": {"a": "1"}}},
  {"Async": 1}
]`;
    const problems = parseRuleFile('gs://c/r.json', text).problems;
    expect(problems.map(({ code, path, line }) => [code, path, line])).toEqual([
      ['RegexpInvalid', '[1].When.Filter', 3],
      ['TableInvalid', '[1].Dest.Table', 3],
      ['TypeInvalid', '[1].Dest.SkipLeadingRows', 3],
      ['TransientMissing', '[1].Dest.Transform', 3],
      ['DestMissing', '[2].Dest', 4],
      ['TypeInvalid', '[2].Async', 4],
    ]);
  });
});

test.each<[RuleCode, string, string, number | undefined]>([
  ['SyntaxInvalid', 'r.json', '{"Dest":\n {"Table": tru}}', 2],
  ['SyntaxInvalid', 'r.json', '', 1],
  ['SyntaxInvalid', 'r.json', '{"Dest": {}},', 1],
  ['SyntaxInvalid', 'r.json', '[{"Dest": {"Table": "d.t"},}]', 1],
  ['SyntaxInvalid', 'r.yaml', 'Dest:\n  Table: [\n', 3],
  ['SyntaxInvalid', 'r.yaml', 'Dest: *nowhere\n', undefined],
  ['FileEmpty', 'r.yaml', '# nothing\n', undefined],
  ['FileEmpty', 'r.json', 'null', 1],
  ['TooDeep', 'r.json', `${'['.repeat(5000)}${']'.repeat(5000)}`, undefined],
  ['TooDeep', 'r.yaml', 'OnSuccess: &loop [*loop]\n', undefined],
  ['ExtensionInvalid', 'r.yml', 'Dest: {Table: d.t}', undefined],
])('%s is reported for the file %s with the text %j', (code, name, text, line) => {
  const { problems } = parseRuleFile(`gs://c/${name}`, text);
  expect(problems.map((problem) => [problem.code, problem.line])).toEqual([[code, line]]);
});

const warnings: [RuleCode, string, object][] = [
  ['KeyUnknown', 'Dest.Tabel', { Dest: { ...table, Tabel: 'x' } }],
  [
    'KeyUnknown',
    'OnSuccess[0].Request.Destination',
    onSuccess({ Action: 'query', Request: { SQL: 'x', Destination: 'y' } }),
  ],
  ['KeyIgnored', 'Dest.TempDataset', { Dest: { ...table, TempDataset: 'x' } }],
  ['KeyIgnored', 'Dest.DMLAppend', { Dest: { ...table, DMLAppend: true } }],
  ['KeyIgnored', 'Dest.Schema.TransientTemplate', { Dest: { ...table, Schema: { TransientTemplate: 'd.t' } } }],
  ['KeyIgnored', 'Dest.Schema.Fields', { Dest: { ...table, Schema: { Fields: [] } } }],
  ['KeyIgnored', 'Dest.sourceUris', { Dest: { ...table, sourceUris: [] } }],
  ['KeyIgnored', 'Batch.Group.DurationMs', { Dest: table, Batch: { Group: { DurationMs: 5 } } }],
  ['KeyIgnored', 'OnLoad', { Dest: table, OnLoad: { Action: 'x' } }],
  ['KeyIgnored', 'CounterURL', { Dest: table, CounterURL: 'gs://b/c' }],
  ['KeyRepeated', 'Dest.table', { Dest: { Table: 'a.b', table: 'ds.t' } }],
  ['NeverMatches', 'When.Prefix', { When: { Prefix: 'data/' }, Dest: table }],
  ['NeverMatches', 'When.Prefix', { When: { Prefix: '/data//' }, Dest: table }],
  ['NeverMatches', 'When.Directory', { When: { Directory: true }, Dest: table }],
  ['ValueUnknown', 'Dest.SourceFormat', { Dest: { ...table, SourceFormat: 'JSON' } }],
  [
    'ValueUnknown',
    'Dest.Transient.Balancer.Strategy',
    { Dest: { ...table, Transient: { Dataset: 'd', Balancer: { Strategy: 'x' } } } },
  ],
  ['WindowShort', 'Batch.Window.DurationInSec', { Dest: table, Batch: { Window: { DurationInSec: 5 } } }],
  ['WindowShort', 'Batch.Window.Duration', { Dest: table, Batch: { Window: { Duration: 5e9 } } }],
  ['PatternMissing', 'Dest.Parameters', { Dest: { ...table, Parameters: [{ Name: 'A', Expression: 'x' }] } }],
  ['PatternMissing', 'Batch.UsePatternHash', { Dest: table, Batch: { UsePatternHash: true } }],
  [
    'DispositionOverwritten',
    'Dest.writeDisposition',
    { Dest: { ...table, sourceFormat: 'AVRO', AllowFieldAddition: true, writeDisposition: 'WRITE_TRUNCATE' } },
  ],
];

describe('a rule loads with a warning', () => {
  test.each(warnings)('for %s at %s', (code, path, rule) => {
    const parsed = parseRuleFile('gs://c/r.json', JSON.stringify(rule));
    expect(parsed.problems).toEqual([]);
    expect(parsed.warnings.map((warning) => [warning.code, warning.path])).toEqual([[code, path]]);
    expect(parsed.rules).toHaveLength(1);
  });

  test('that names the closest known key', () => {
    const [warning] = parseRuleFile('gs://c/r.json', '{"When": {"Prefx": "/a"}, "Dest": {"Table": "d.t"}}').warnings;
    expect(warning).toMatchObject({ code: 'KeyUnknown', found: 'Prefx', message: expect.stringContaining('Prefix') });
  });

  test('when the file has a second YAML document', () => {
    const parsed = parseRuleFile('gs://c/r.yaml', 'Dest: {Table: d.t}\n---\nDest: {Table: d.u}\n');
    expect(parsed.warnings.map(({ code }) => code)).toEqual(['DocumentIgnored']);
    expect(parsed.rules.map(({ dest }) => dest.table)).toEqual(['d.t']);
  });
});

test('every code of the catalogue has a test', () => {
  const elsewhere: RuleCode[] = [
    'FileIgnored',
    'IdRepeated',
    'IdMissing',
    'ResourceUnreadable',
    'DocumentIgnored',
    'SyntaxInvalid',
    'FileEmpty',
    'TooDeep',
    'ExtensionInvalid',
  ];
  const tested = new Set<RuleCode>([
    ...refusals.map(([code]) => code),
    ...warnings.map(([code]) => code),
    ...elsewhere,
  ]);
  expect(Object.keys(ruleCodes).filter((code) => ![...tested].some((other) => other === code))).toEqual([]);
  expect(refusals.every(([code]) => refuses(code))).toBe(true);
  expect(warnings.some(([code]) => refuses(code))).toBe(false);
});

test('the messages of all problems and warnings are those of the golden file', () => {
  const messages = [...refusals, ...warnings].map(([code, , rule]) => {
    const { problems, warnings: remarks } = parseRuleFile('gs://c/r.json', JSON.stringify(rule));
    return `${code}: ${[...problems, ...remarks].map(({ message }) => message).join('; ')}\n`;
  });
  expect(messages.join('')).toBe(readFileSync(join(__dirname, 'golden', 'messages.txt'), 'utf8'));
});
