import { parseRuleFile } from '../../src/rules/parseRuleFile';

const TRANSIENT = { Dataset: 'temp' };
const PATTERN = 'data/(\\d{4})/(\\d{2})/(\\d{2})/.+';
const dest = (more: object) => ({ Dest: { Table: 'ds.t', ...more } });
const transient = (more: object, own: object = {}) => dest({ Transient: { ...TRANSIENT, ...own }, ...more });
const action = (Action: string, Request: object, more: object = {}) => ({
  Dest: { Table: 'ds.t' },
  OnSuccess: [{ Action, Request, ...more }],
});
const split = (more: object = {}) => ({
  Mapping: [
    { When: 'MOD(id, 2) = 0', Then: 'ds.t_0' },
    { When: "info.key = 'a'", Then: 'ds.t_1' },
  ],
  ...more,
});
const input = { Table: 'ds.et', Alias: 'et', On: 't.id = et.id' };

/** Rules and parts of rules that exercise each documented feature. */
const examples: readonly [string, object][] = [
  ['prefix and exclusion', { When: { Prefix: '/data/', Exclusion: 'tmp' }, Dest: { Table: 'd.t' } }],
  ['an empty When', { When: {}, Dest: { Table: 'd.t' } }],
  ['an empty Batch', { Dest: { Table: 'd.t' }, Batch: {} }],
  ['TransientDataset, the older key', dest({ TransientDataset: 'temp' })],
  ...[
    'ds.t_$Mod(5)_$Mod(40)',
    'ds.t_$Mod(5)_$Date',
    'ds.t_$Date_$Hour',
    'ds.t_$EventID',
    'p:d.t$20200101',
    'p.d.t',
  ].map((Table): [string, object] => [`the table ${Table}`, dest({ Table })]),
  ...['ds.t_$1$2$3', 'ds.t_$12', 'ds.t$$1$2$3', 'ds.t_$My', 'ds.t_${My}_x'].map((Table): [string, object] => [
    `the table ${Table} with a Pattern`,
    dest({ Table, Pattern: PATTERN, Parameters: [{ Name: 'My', Expression: '$1$2' }] }),
  ]),
  [
    'a function in a parameter',
    dest({ Pattern: '/(\\w+)_', Parameters: [{ Name: 'My', Expression: '$ToUpper($1)' }] }),
  ],
  [
    'UsePatternHash',
    {
      When: { Suffix: '.avro' },
      Dest: { Table: 'ds.t_$Mod(5)', Pattern: PATTERN },
      Batch: { MultiPath: true, UsePatternHash: true, Window: { DurationInSec: 60 } },
    },
  ],
  ['RollOver', { Dest: { Table: 'ds.r' }, Batch: { RollOver: true, Window: { DurationInSec: 15 } } }],
  ['a load attribute', dest({ MaxBadRecords: 3 })],
  [
    'an asynchronous rule with a transient project',
    { ...transient({ Table: 'p:ds.t' }, { ProjectID: 'proj-t' }), Async: true },
  ],
  ['CopyMethod DML', transient({}, { CopyMethod: 'DML' })],
  ['Transient alone', transient({})],
  ['CopyMethod QUERY with Criteria', transient({}, { CopyMethod: 'QUERY', Criteria: 'id > 0' })],
  ['Transform', transient({ Transform: { name: 'UPPER(t.name)', zz: '1', aa: '"$EventID"' } })],
  ['UniqueColumns', transient({ UniqueColumns: ['id'] })],
  [
    'UniqueColumns, SideInputs and Criteria',
    transient({ UniqueColumns: ['id'], SideInputs: [input] }, { Criteria: 'id > 0' }),
  ],
  [
    'several SideInputs',
    transient(
      {
        Transform: { name: 'et.name' },
        SideInputs: [input, { From: 'SELECT 1 AS id', Alias: 'x', Inner: true, On: 't.id = x.id' }],
      },
      { Criteria: 't.id > 0' },
    ),
  ],
  [
    'Transform with CopyMethod DML',
    transient({ Table: 'prj:ds.t', Transform: { name: 'UPPER(t.name)' } }, { CopyMethod: 'DML' }),
  ],
  ['Override of a partition', transient({ Partition: '$Date', Override: true })],
  ['templates of both tables', transient({ Schema: { Template: 'ds.tmpl' } }, { Template: 'ds.ttmpl' })],
  ['Autodetect', transient({ Schema: { Autodetect: true } })],
  ['Transform with another Alias', transient({ Transform: { name: 'UPPER(src.name)' } }, { Alias: 'src' })],
  [
    'Split with ClusterColumns',
    transient({ Schema: { Template: 'ds.tmpl', Split: split({ ClusterColumns: ['id', 'info.key'] }) } }),
  ],
  ['a copy by partition', action('copy', { Source: 'ds.a', Dest: 'ds.x_${PartitionID}', MultiPartition: true })],
  ['an export', action('export', { Source: 'ds.t', DestURL: 'gs://b/x-*.csv.gz', Compression: 'GZIP' })],
  ['a notification', action('notify', { Channels: ['#a'], Title: 't', Message: '$Error' })],
  ['a push', action('push', { Topic: 'bus', Attributes: { EventID: '$EventID' }, Message: { URLs: '$URLs' } })],
  ['a conditional action', action('drop', { Table: 'ds.x' }, { When: { Exists: 'ds.x' } })],
];

test.each(examples)('a rule with %s is valid', (_name, rule) => {
  expect(parseRuleFile('gs://c/r.json', JSON.stringify(rule)).problems).toEqual([]);
});
