import { actionRequests } from '../../src/rules/actionRequests';
import { parseRuleFile } from '../../src/rules/parseRuleFile';
import { RequestInvalid, readRequest } from '../../src/rules/readRequest';
import type { JsonObject, Rule } from '../../src/rules/types';
import { expand } from '../../src/rules/variables';

const URL = 'gs://c/Rules/orders.json';

function read(rule: object): Rule {
  const { rules, problems } = parseRuleFile(URL, JSON.stringify(rule));
  const [first] = rules;
  if (first === undefined) throw new Error(JSON.stringify(problems));
  return first;
}

function readYaml(text: string): readonly Rule[] {
  const { rules, problems } = parseRuleFile('gs://c/r.yaml', text);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return rules;
}

test('the smallest rule gets all defaults', () => {
  expect(read({ Dest: { Table: 'ds.t' }, Batch: {} })).toEqual({
    id: `${URL}#57506da4`,
    url: URL,
    position: 0,
    disabled: false,
    async: false,
    when: { prefix: '', suffix: '', directory: false },
    dest: {
      table: 'ds.t',
      parameters: [],
      schema: { autodetect: false },
      uniqueColumns: [],
      transform: {},
      sideInputs: [],
      allowFieldAddition: false,
      load: {},
    },
    batch: {
      window: { durationInSec: 95, settleInSec: 5 },
      rollOver: false,
      multiPath: false,
      maxDelayInSec: 0,
      usePatternHash: false,
    },
    onSuccess: [],
    onFailure: [],
    info: { workflow: 'orders', url: URL },
    maxReload: 15,
    stalledThresholdInSec: 5400,
  });
});

test('a full rule keeps all its values', () => {
  const rule = read({
    Async: true,
    Disabled: true,
    When: { Prefix: '/a/', Suffix: '.csv', Filter: 'x', Exclusion: 'tmp' },
    Dest: {
      Table: 'p:ds.t_$Mod(3)',
      Partition: '$Date',
      Pattern: '(\\d+)',
      Parameters: [{ Name: 'N', Expression: '$1' }],
      Schema: {
        Template: 'ds.tmpl',
        Split: { ClusterColumns: ['id'], Mapping: [{ When: 'id = 1', Then: 'ds.one' }] },
      },
      Transient: {
        Dataset: 'temp',
        ProjectID: 'tp',
        Region: 'EU',
        Alias: 'src',
        Template: 'ds.ttmpl',
        CopyMethod: 'DML',
        Criteria: 'src.id > 3',
        Balancer: { Strategy: 'fallback', ProjectIDs: ['a', 'b'], MaxLoadJobs: 5 },
      },
      UniqueColumns: ['id'],
      Transform: { name: 'UPPER(src.name)' },
      SideInputs: [{ From: 'SELECT 1 AS id', Alias: 'x', Inner: true, On: 'src.id = x.id' }],
      Override: false,
      Expiry: '2hours',
      SkipLeadingRows: 1,
      timePartitioning: { Type: 'DAY', ExpirationMs: '3600000' },
      MaxBadRecords: 3,
    },
    Batch: {
      Window: { DurationInSec: 20, MaxFiles: 5, MaxSizeInMb: 1.5, Until: '_SUCCESS', SettleInSec: 0, Seal: false },
      RollOver: true,
      MultiPath: true,
      MaxDelayInSec: 9,
      UsePatternHash: true,
      Group: { DurationInSec: 60, OnDone: [{ Action: 'copy', Request: { Source: 'd.a', Dest: 'd.b' } }] },
    },
    Info: { Workflow: 'w', Description: 'd', ProjectURL: 'u', LeadEngineer: 'e', URL: 'ignored' },
    CorruptedFileURL: 'gs://b/c',
    InvalidSchemaURL: 'gs://b/i',
    StalledThresholdInSec: 60,
    BackfillEveryInSec: 3600,
    MaxReload: 0,
  });
  expect(rule).toEqual({
    id: `${URL}#f60a5290`,
    url: URL,
    position: 0,
    disabled: true,
    async: true,
    when: { prefix: '/a/', suffix: '.csv', filter: 'x', exclusion: 'tmp', directory: false },
    dest: {
      table: 'p:ds.t_$Mod(3)',
      partition: '$Date',
      pattern: '(\\d+)',
      parameters: [{ name: 'N', expression: '$1' }],
      schema: {
        template: 'ds.tmpl',
        autodetect: false,
        split: { timeColumn: 'ts', clusterColumns: ['id'], mapping: [{ when: 'id = 1', table: 'ds.one' }] },
      },
      transient: {
        dataset: 'temp',
        projectId: 'tp',
        region: 'EU',
        alias: 'src',
        template: 'ds.ttmpl',
        copyMethod: 'DML',
        criteria: 'src.id > 3',
        balancer: { strategy: 'fallback', projectIds: ['a', 'b'], maxLoadJobs: 5 },
      },
      uniqueColumns: ['id'],
      transform: { name: 'UPPER(src.name)' },
      sideInputs: [{ from: 'SELECT 1 AS id', alias: 'x', inner: true, on: 'src.id = x.id' }],
      override: false,
      allowFieldAddition: false,
      expiry: '2hours',
      load: { skipLeadingRows: 1, timePartitioning: { type: 'DAY', expirationMs: '3600000' }, maxBadRecords: 3 },
    },
    batch: {
      window: { durationInSec: 20, maxFiles: 5, maxSizeInMb: 1.5, until: '_SUCCESS', settleInSec: 0, seal: false },
      rollOver: true,
      multiPath: true,
      maxDelayInSec: 9,
      usePatternHash: true,
      group: {
        durationInSec: 60,
        onDone: [{ action: 'copy', request: { Source: 'd.a', Dest: 'd.b' }, onSuccess: [], onFailure: [] }],
      },
    },
    onSuccess: [],
    onFailure: [],
    info: { workflow: 'w', description: 'd', projectUrl: 'u', leadEngineer: 'e', url: URL },
    maxReload: 0,
    stalledThresholdInSec: 60,
    backfillEveryInSec: 3600,
    corruptedFileUrl: 'gs://b/c',
    invalidSchemaUrl: 'gs://b/i',
  });
  expect(JSON.parse(JSON.stringify(rule))).toEqual(rule);
});

describe('defaults that depend on other fields', () => {
  const transient = { Table: 'ds.t', Transient: { Dataset: 'temp' } };
  test.each([
    ['plain copy', transient, 'COPY'],
    ['transformation', { ...transient, UniqueColumns: ['id'] }, 'QUERY'],
    [
      'COPY with transformation',
      { ...transient, Transient: { Dataset: 'd', CopyMethod: 'COPY' }, Transform: { a: '1' } },
      'QUERY',
    ],
    [
      'DML with transformation',
      { ...transient, Transient: { Dataset: 'd', CopyMethod: 'DML' }, Transform: { a: '1' } },
      'DML',
    ],
    ['legacy name of the dataset', { Table: 'ds.t', TransientDataset: 'temp', UniqueColumns: ['id'] }, 'QUERY'],
  ])('the copy method follows from the rule: %s', (_name, dest, method) => {
    expect(read({ Dest: dest }).dest.transient).toMatchObject({
      dataset: expect.stringMatching(/./),
      copyMethod: method,
    });
  });

  test('Pattern is the default of Filter', () => {
    expect(read({ Dest: { Table: 'd.t', Pattern: 'a(b)' } }).when.filter).toBe('a(b)');
    expect(read({ When: { Filter: 'c' }, Dest: { Table: 'd.t', Pattern: 'a(b)' } }).when.filter).toBe('c');
  });

  test('without DurationInSec, Window.Duration in nanoseconds is used', () => {
    const batch = (Window: object) => read({ Dest: { Table: 'd.t' }, Batch: { Window } }).batch?.window.durationInSec;
    expect(batch({ Duration: 15_500_000_000 })).toBe(15);
    expect(batch({ Duration: 15e9, DurationInSec: 20 })).toBe(20);
  });

  test.each([
    ['delete', 'delete', undefined, { URLs: '$LoadURIs' }],
    ['delete, empty', 'delete', {}, { URLs: '$LoadURIs' }],
    ['delete of one', 'delete', { SourceURL: 'gs://b/a' }, { SourceURL: 'gs://b/a' }],
    ['move', 'move', { DestURL: 'gs://b' }, { DestURL: 'gs://b', SourceURLs: '$LoadURIs' }],
    ['move of one', 'move', { DestURL: 'gs://b', sourceurl: 'gs://a/x' }, { DestURL: 'gs://b', SourceURL: 'gs://a/x' }],
  ])('an action without sources acts on the files of the load: %s', (_name, Action, Request, expected) => {
    const group = { Group: { OnDone: [{ Action, Request }] } };
    const rule = read({
      Dest: { Table: 'd.t' },
      OnSuccess: [{ Action, Request }],
      OnFailure: [{ Action, Request }],
      Batch: group,
    });
    for (const [action] of [rule.onSuccess, rule.onFailure, rule.batch?.group?.onDone ?? []])
      expect(action?.request).toEqual(expected);
  });

  test('requests have keys in documented spelling, and types as far as they are known', () => {
    const rule = read({
      Dest: { Table: 'd.t' },
      OnSuccess: [
        {
          Action: 'Query',
          When: { exists: 'd.x' },
          request: { sql: 'SELECT 1', APPEND: 'true', dest: '$D', UseLegacy: '$L', other: 1 },
        },
      ],
    });
    expect(rule.onSuccess).toEqual([
      {
        action: 'query',
        when: { exists: 'd.x' },
        request: { SQL: 'SELECT 1', Append: true, Dest: '$D', UseLegacy: '$L' },
        onSuccess: [],
        onFailure: [],
      },
    ]);
  });
});

describe('an expanded request', () => {
  const request = (given: object): JsonObject | undefined =>
    read({ Dest: { Table: 'd.t' }, OnSuccess: [{ Action: 'delete', Request: given }] }).onSuccess[0]?.request;
  const facts = { LoadURIs: ['gs://b/x', 'gs://b/y'] };
  test.each([
    [{ URLs: '$LoadURIs' }, ['gs://b/x', 'gs://b/y']],
    [{ urls: ['$LoadURIs', 'gs://b/z'] }, ['gs://b/x', 'gs://b/y', 'gs://b/z']],
    [{ URLs: 'gs://b/one$two' }, ['gs://b/one$two']],
  ])('%j accepts the list of a variable, and one text for a list', (given, URLs) => {
    const expanded = expand(request(given) ?? {}, facts);
    expect(readRequest(actionRequests.delete, expanded)).toEqual({ URLs });
  });
  test('is refused when its types are wrong', () => {
    expect(() => readRequest(actionRequests.query, { SQL: 'SELECT 1', Append: '$Unknown' })).toThrow(RequestInvalid);
  });
});

describe('AllowFieldAddition', () => {
  const options = ['ALLOW_FIELD_ADDITION', 'ALLOW_FIELD_RELAXATION'];
  const dest = { Table: 'ds.t', AllowFieldAddition: true, SourceFormat: 'AVRO' };
  const added = { sourceFormat: 'AVRO', schemaUpdateOptions: options, writeDisposition: 'WRITE_APPEND' };
  test.each([
    ['an append', dest, added],
    [
      'options of the rule',
      { ...dest, schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'] },
      { ...added, schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'] },
    ],
    ['a format that is known from the extension only', { ...dest, SourceFormat: undefined }, {}],
    ['CSV', { ...dest, SourceFormat: 'CSV' }, { sourceFormat: 'CSV' }],
    ['Override of a direct load, which goes on truncating', { ...dest, Override: true }, { sourceFormat: 'AVRO' }],
    [
      'Override of one partition',
      { ...dest, Override: true, Partition: '$Date' },
      { sourceFormat: 'AVRO', schemaUpdateOptions: options },
    ],
  ])('sets the load attributes for %s', (_name, given, load) => {
    expect(read({ Dest: given }).dest.load).toEqual(load);
  });
});

describe('YAML', () => {
  test('is read with lenient types', () => {
    const [rule] = readYaml(`
Async: 'true'
When: {Prefix: /a}
Dest:
  Table: ds.t
  Transient: {Dataset: 20}
  UniqueColumns: id
  Override: yes
  SkipLeadingRows: '1'
  Transform: {aa: 7}
  SideInputs:
    - {Table: ds.f, Alias: f, On: t.id = f.id}
Batch: {Window: {DurationInSec: '15', Duration: 7000000000}}
OnSuccess:
`);
    expect(rule).toMatchObject({
      async: true,
      dest: {
        transient: { dataset: '20' },
        uniqueColumns: ['id'],
        override: true,
        load: { skipLeadingRows: 1 },
        transform: { aa: '7' },
        sideInputs: [{ on: 't.id = f.id' }],
      },
      batch: { window: { durationInSec: 15 } },
      onSuccess: [],
    });
  });

  test.each([
    ['a sequence', '- Dest: {Table: a.b}\n- Dest: {Table: c.d}\n'],
    ['a JSON array', '[{"Dest": {"Table": "a.b"}},\n\t{"Dest": {"Table": "c.d"}}]'],
  ])('%s may contain several rules', (_name, text) => {
    expect(readYaml(text).map(({ id, dest }) => [id, dest.table])).toEqual([
      ['gs://c/r.yaml#015029f0', 'a.b'],
      ['gs://c/r.yaml#c9f4419a', 'c.d'],
    ]);
  });

  test('may use anchors and merge keys', () => {
    const rules = readYaml('- &base\n  Dest: {Table: a.b}\n  Async: true\n- <<: *base\n  When: {Suffix: .x}\n');
    expect(rules[1]).toMatchObject({ async: true, when: { suffix: '.x' }, dest: { table: 'a.b' } });
  });
});

test('an empty array is a valid file without rules', () => {
  expect(parseRuleFile(URL, '[]')).toEqual({ rules: [], problems: [], warnings: [] });
});
