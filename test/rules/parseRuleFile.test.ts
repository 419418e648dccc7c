// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in rules look like this
import fc from 'fast-check';
import { stringify } from 'yaml';
import { firstJsonError } from '../../src/rules/jsonSyntax';
import { parseRuleFile } from '../../src/rules/parseRuleFile';

const F = { Table: 'ds.et', Alias: 'et', On: 't.type_id = et.id' };
const temp = { Table: 'ds.t', Transient: { Dataset: 'temp' } };

/** Destinations of worked examples. */
const examples: [string, object][] = [
  ['A', { Table: 'ds.t', MaxBadRecords: 3 }],
  ['B', { Table: 'p:ds.t', Transient: { Dataset: 'temp', ProjectID: 'proj-t' } }],
  ['C', { Table: 'p:ds.t', Schema: { Template: 'ds.tmpl' }, Transient: { Dataset: 'temp', ProjectID: 'proj-t' } }],
  ['D', { Table: 'p:ds.t', Transient: { Dataset: 'temp', ProjectID: 'proj-t', CopyMethod: 'DML' } }],
  ['1', temp],
  ['2', { ...temp, Transient: { Dataset: 'temp', CopyMethod: 'QUERY', Criteria: 't.id > 3' } }],
  ['3', { ...temp, Transform: { name: 'UPPER(t.name)', zz: '1', aa: '"$EventID"' } }],
  ['4', { ...temp, UniqueColumns: ['id', 'type_id'] }],
  ['5', { ...temp, UniqueColumns: ['id'], Transform: { name: 'UPPER(t.name)', aa: '7' } }],
  [
    '6',
    {
      ...temp,
      Transient: { Dataset: 'temp', Criteria: 'id > 0' },
      UniqueColumns: ['id'],
      SideInputs: [{ Table: 'ds.et', Alias: 'et', On: 't.id = et.id' }],
    },
  ],
  [
    '7',
    {
      ...temp,
      Transform: { name: 'et.name' },
      SideInputs: [F, { From: 'SELECT 1 AS id', Alias: 'x', Inner: true, On: 't.id = x.id' }],
    },
  ],
  [
    '8',
    {
      Table: 'prj:ds.t',
      Transient: { Dataset: 'temp', CopyMethod: 'DML' },
      Transform: { name: 'UPPER(t.name)', aa: '7' },
    },
  ],
  ['9', { Table: 'ds.t', Transient: { Dataset: 'temp', CopyMethod: 'DML' }, UniqueColumns: ['id'] }],
  ['10', { ...temp, Override: true, Partition: '$Date' }],
  ['11', { ...temp, Schema: { Template: 'ds.tmpl' }, Transient: { Dataset: 'temp', Template: 'ds.ttmpl' } }],
  [
    '12',
    {
      ...temp,
      Schema: { Template: 'ds.tmpl' },
      Transient: { Dataset: 'temp', Template: 'ds.ttmpl' },
      Transform: { name: 'UPPER(extra)' },
    },
  ],
  ['13', { ...temp, Schema: { Autodetect: true } }],
  ['14', { ...temp, Transient: { Dataset: 'temp', Alias: 'src' }, Transform: { name: 'UPPER(src.name)' } }],
  ['15', { Table: 'ds.t', Override: true, Partition: '$Date' }],
  [
    '16',
    {
      ...temp,
      Schema: {
        Template: 'ds.tmpl',
        Split: {
          ClusterColumns: ['id', 'info.key'],
          Mapping: [
            { When: 'MOD(id, 2) = 0', Then: 'ds.t_0' },
            { When: "info.key = 'a'", Then: 'ds.t_1' },
          ],
        },
      },
    },
  ],
  [
    'group table',
    { Table: 'bqtail.dummy_$GroupID', Schema: { Template: 'bqtail.dummy' }, Transient: { Dataset: 'temp' } },
  ],
  ['On of a variable', { ...temp, SideInputs: [{ From: 'SELECT 1', Alias: 'x', On: '$Join' }] }],
  [
    'schema options',
    { Table: 'ds.t', schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'], WriteDisposition: 'WRITE_APPEND', quote: '' },
  ],
];

describe('rules load, in JSON and in YAML', () => {
  test.each(examples)('with the destination of example %s', (_name, Dest) => {
    const rule = { When: { Prefix: '/data/', Suffix: '.json' }, Dest, OnSuccess: [{ Action: 'delete' }] };
    expect(parseRuleFile('gs://c/r.json', JSON.stringify(rule))).toMatchObject({ problems: [], warnings: [] });
    expect(parseRuleFile('gs://c/r.yaml', stringify(rule))).toMatchObject({ problems: [], warnings: [] });
  });
});

const actions: [string, object][] = [
  ['delete', { Action: 'delete' }],
  ['delete of a list', { Action: 'delete', Request: { URLs: '$LoadURIs', SourceURL: 'gs://b/x' } }],
  ['move', { Action: 'move', Request: { DestURL: 'gs://b/err', IsDestAbsoluteURL: 'false' } }],
  [
    'copy of partitions',
    {
      Action: 'copy',
      Request: {
        Source: 'ds.t_${EventID}${DollarSign}${PartitionID}',
        Dest: 'ds.x_${PartitionID}${DollarSign}${PartitionID}',
        MultiPartition: true,
        PartitionSQL: 'SELECT 1 AS partition_id',
        Append: true,
        Template: 'ds.tmpl',
      },
    },
  ],
  [
    'query',
    {
      Action: 'query',
      When: { Exists: 'ds.t' },
      Request: { SQL: 'SELECT 1', Dest: 'ds.t', Append: true, UseLegacy: 'true', DatasetID: 'ds' },
    },
  ],
  ['insert of rows', { Action: 'insert', Request: { Dest: 'ds.j', Data: [{ id: '$EventID' }] } }],
  ['insert of a query', { Action: 'insert', Request: { Dest: 'ds.j', SQL: 'SELECT 1', ProjectId: 'p' } }],
  ['export', { Action: 'export', Request: { Source: 'ds.t', DestURL: 'gs://b/x-*.csv.gz', IncludeHeader: true } }],
  ['drop', { Action: 'drop', Request: { Table: '$TempTable' } }],
  [
    'call',
    { Action: 'call', Request: { URL: 'http://x', Method: 'POST', Body: { a: '$EventID' }, Auth: true, Scopes: 'a' } },
  ],
  [
    'push',
    {
      Action: 'push',
      Request: { Topic: 'bus', Attributes: { EventID: '$EventID', n: 5 }, Message: { URLs: '$URLs' } },
    },
  ],
  [
    'notify',
    {
      Action: 'notify',
      Request: {
        Channels: ['#a'],
        Title: 't',
        Message: '$Error',
        Body: '$Response',
        Credentials: { URL: 'gs://b/k', Key: 'ring/key' },
      },
    },
  ],
  [
    'nested',
    {
      Action: 'query',
      Request: { SQL: 'SELECT 1' },
      OnSuccess: [{ Action: 'delete' }],
      OnFailure: [{ Action: 'notify', Request: { Channels: '#a', Title: 't' } }],
    },
  ],
  ['under insert', { Action: 'insert', Request: { Dest: 'ds.j', SQL: 'SELECT 1' }, OnSuccess: [{ Action: 'delete' }] }],
];

describe('rules load with the action', () => {
  test.each(actions)('%s', (_name, action) => {
    const rule = {
      Dest: { Table: 'ds.t' },
      OnSuccess: [action],
      OnFailure: [action],
      Batch: { Group: { OnDone: [action] } },
    };
    expect(parseRuleFile('gs://c/r.json', JSON.stringify(rule))).toMatchObject({ problems: [], warnings: [] });
  });
});

describe('parsing returns rules or problems, and never throws, for', () => {
  const extension = fc.constantFrom('json', 'yaml');
  const readable = (name: string, text: string): boolean => {
    const { rules, problems } = parseRuleFile(`gs://c/r.${name}`, text);
    // Rules are plain data: they survive serialisation to JSON.
    expect(JSON.parse(JSON.stringify(rules))).toEqual(rules);
    return problems.length === 0 || rules.length === 0;
  };

  test('any text', () => {
    fc.assert(fc.property(extension, fc.string({ unit: 'binary' }), readable));
  });

  test('any JSON value', () => {
    fc.assert(fc.property(extension, fc.json(), readable));
  });

  test('known keys with any values', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('ds.t', '$Mod(', '(', '$ToUpper('),
    );
    const key = fc.constantFrom(
      ...[
        'When',
        'Prefix',
        'Filter',
        'dest',
        'Table',
        'Schema',
        'Split',
        'Mapping',
        'Transient',
        'Dataset',
        'OnSuccess',
      ],
      ...[
        'Action',
        'Request',
        'SQL',
        'Transform',
        'SideInputs',
        'Parameters',
        'Batch',
        'Window',
        'Group',
        '__proto__',
        'constructor',
      ],
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        leaf,
        fc.dictionary(key, tie('tree')),
        fc.array(tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(extension, tree, (name, value) => readable(name, JSON.stringify(value))),
      { numRuns: 500 },
    );
  });

  test('every truncation of a real rule, and every deletion of a character', () => {
    const text = JSON.stringify(
      { When: { Prefix: '/a/' }, Dest: { ...temp, UniqueColumns: ['id'] }, OnSuccess: [{ Action: 'delete' }] },
      null,
      1,
    );
    for (let at = 0; at < text.length; at += 1) {
      expect(readable('json', text.slice(0, at) + text.slice(at + 1))).toBe(true);
      expect(readable('yaml', text.slice(0, at))).toBe(true);
    }
  });

  test.each([
    [
      'an alias bomb',
      'yaml',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'.charAt(at)}`)}]\n`)
        .join('')}`,
    ],
    ['a long string', 'json', `{"Dest": {"Table": "${'x'.repeat(2_000_000)}`],
    ['a long key', 'json', `{"Dest": {"Table": "d.t"}, "${'x'.repeat(100_000)}": 1}`],
  ])('%s', (_name, name, text) => {
    expect(readable(name, text)).toBe(true);
  });
});

test('firstJsonError finds an error exactly when JSON.parse does', () => {
  const mutilated = fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, extra]) => {
    const offset = at % (text.length + 1);
    return text.slice(0, offset) + extra + text.slice(offset + 1);
  });
  fc.assert(
    fc.property(fc.oneof(fc.json(), mutilated), (text) => {
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      expect(firstJsonError(text) === undefined).toBe(valid);
    }),
    { numRuns: 1000 },
  );
});
