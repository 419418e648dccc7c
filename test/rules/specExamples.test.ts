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

/** Rules and rule parts as the specification shows them, by part and section. */
const examples: readonly [string, object][] = [
  ['1, 2.2: prefix and exclusion', { When: { Prefix: '/data/', Exclusion: 'tmp' }, Dest: { Table: 'd.t' } }],
  ['1, 2.2: empty', { When: {}, Dest: { Table: 'd.t' } }],
  ['1, 2.4: batch by an empty object', { Dest: { Table: 'd.t' }, Batch: {} }],
  ['1, 2.7: legacy dataset', dest({ TransientDataset: 'temp' })],
  ...[
    'ds.t_$Mod(5)_$Mod(40)',
    'ds.t_$Mod(5)_$Date',
    'ds.t_$Date_$Hour',
    'ds.t_$EventID',
    'p:d.t$20200101',
    'p.d.t',
  ].map((Table): [string, object] => [`1, 4.2 and 4.3: ${Table}`, dest({ Table })]),
  ...['ds.t_$1$2$3', 'ds.t_$12', 'ds.t$$1$2$3', 'ds.t_$My', 'ds.t_${My}_x'].map((Table): [string, object] => [
    `1, 4.2: ${Table} with Pattern`,
    dest({ Table, Pattern: PATTERN, Parameters: [{ Name: 'My', Expression: '$1$2' }] }),
  ]),
  ['1, 4.2: function', dest({ Pattern: '/(\\w+)_', Parameters: [{ Name: 'My', Expression: '$ToUpper($1)' }] })],
  [
    '1, 5.4: pattern hash',
    {
      When: { Suffix: '.avro' },
      Dest: { Table: 'ds.t_$Mod(5)', Pattern: PATTERN },
      Batch: { MultiPath: true, UsePatternHash: true, Window: { DurationInSec: 60 } },
    },
  ],
  ['1, 5.4: roll-over', { Dest: { Table: 'ds.r' }, Batch: { RollOver: true, Window: { DurationInSec: 15 } } }],
  ['2, 1: A', dest({ MaxBadRecords: 3 })],
  ['2, 1: B', { ...transient({ Table: 'p:ds.t' }, { ProjectID: 'proj-t' }), Async: true }],
  ['2, 1: D', transient({}, { CopyMethod: 'DML' })],
  ['2, 2.6: 1', transient({})],
  ['2, 2.6: 2', transient({}, { CopyMethod: 'QUERY', Criteria: 'id > 0' })],
  ['2, 2.6: 3', transient({ Transform: { name: 'UPPER(t.name)', zz: '1', aa: '"$EventID"' } })],
  ['2, 2.6: 4', transient({ UniqueColumns: ['id'] })],
  ['2, 2.6: 6', transient({ UniqueColumns: ['id'], SideInputs: [input] }, { Criteria: 'id > 0' })],
  [
    '2, 2.6: 7',
    transient(
      {
        Transform: { name: 'et.name' },
        SideInputs: [input, { From: 'SELECT 1 AS id', Alias: 'x', Inner: true, On: 't.id = x.id' }],
      },
      { Criteria: 't.id > 0' },
    ),
  ],
  ['2, 2.6: 8', transient({ Table: 'prj:ds.t', Transform: { name: 'UPPER(t.name)' } }, { CopyMethod: 'DML' })],
  ['2, 2.6: 10', transient({ Partition: '$Date', Override: true })],
  ['2, 2.6: 11', transient({ Schema: { Template: 'ds.tmpl' } }, { Template: 'ds.ttmpl' })],
  ['2, 2.6: 13', transient({ Schema: { Autodetect: true } })],
  ['2, 2.6: 14', transient({ Transform: { name: 'UPPER(src.name)' } }, { Alias: 'src' })],
  ['2, 2.6: 16', transient({ Schema: { Template: 'ds.tmpl', Split: split({ ClusterColumns: ['id', 'info.key'] }) } })],
  ['2, 3: copy by partition', action('copy', { Source: 'ds.a', Dest: 'ds.x_${PartitionID}', MultiPartition: true })],
  ['2, 3: export', action('export', { Source: 'ds.t', DestURL: 'gs://b/x-*.csv.gz', Compression: 'GZIP' })],
  ['2, 3: notify', action('notify', { Channels: ['#a'], Title: 't', Message: '$Error' })],
  ['2, 3: push', action('push', { Topic: 'bus', Attributes: { EventID: '$EventID' }, Message: { URLs: '$URLs' } })],
  ['2, 3: When', action('drop', { Table: 'ds.x' }, { When: { Exists: 'ds.x' } })],
];

test.each(examples)('part %s validates', (_name, rule) => {
  expect(parseRuleFile('gs://c/r.json', JSON.stringify(rule)).problems).toEqual([]);
});
