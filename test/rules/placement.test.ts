import fc from 'fast-check';
import { NameInvalid } from '../../src/rules/destination';
import { type Placement, placement, placementIfValid, workflowIdOf } from '../../src/rules/placement';
import { RuleSet } from '../../src/rules/ruleSet';
import type { Rule } from '../../src/rules/types';

function read(rule: object): Rule {
  const [first] = RuleSet.empty.with('gs://c/r.json', JSON.stringify(rule)).rules;
  if (first === undefined) throw new Error('the rule is refused');
  return first;
}

const AT = 1_700_000_003_000;

interface Row {
  readonly rule: object;
  readonly url: string;
  readonly expected: Partial<Placement>;
  readonly workflowId: string;
}

test.each<[string, Row]>([
  [
    'a file of a rule without Batch has no window, and a workflow of its own',
    {
      rule: { Dest: { Table: 'ds.t' } },
      url: 'gs://b/x/a.json',
      expected: { table: 'ds.t', split: [], parameters: {} },
      workflowId: 'ds.t_872035050540867920',
    },
  ],
  [
    'a file of a rule with Batch goes to the window of its folder, extension and time',
    {
      rule: { When: { Suffix: '.csv.gz' }, Dest: { Table: 'ds.t' }, Batch: {} },
      url: 'gs://b/x/y.csv.gz',
      expected: {
        table: 'ds.t',
        window: {
          id: 'ds.t_1893615712018577159_1700000015',
          dest: 'ds.t',
          start: 1_699_999_920,
          due: 1_700_000_015,
          key: 'ds.t.csv.gz.gzgs://b/x',
        },
      },
      workflowId: 'ds.t_1893615712018577159_1700000015',
    },
  ],
  [
    'the time of a file names its table, and the window of that table',
    {
      rule: { Dest: { Table: 'my-proj:ds.events_$Date' }, Batch: { Window: { DurationInSec: 90 } } },
      url: 'gs://my-trigger/logs/2023/11/14/a.avro',
      expected: { table: 'my-proj:ds.events_20231114' },
      workflowId: 'my-proj:ds.events_20231114_8781585522781768868_1700000010',
    },
  ],
  [
    'a partition is expanded beside the table, a decorator stays in it',
    {
      rule: {
        Dest: { Table: 'ds.t$20200101', Partition: '$Date' },
        Batch: { MultiPath: true, Window: { DurationInSec: 15 } },
      },
      url: 'gs://b/x/a.json',
      expected: {
        table: 'ds.t$20200101',
        partition: '20231114',
        window: {
          id: 'ds.t$20200101_3220093001413843220_1700000010',
          dest: 'ds.t$20200101',
          start: 1_699_999_995,
          due: 1_700_000_010,
          key: 'ds.t$20200101.json',
        },
      },
      workflowId: 'ds.t$20200101_3220093001413843220_1700000010',
    },
  ],
  [
    'pattern parameters, and the tables of a split, are those of the file',
    {
      rule: {
        Dest: {
          Table: 'ds.t_$Month',
          Pattern: '/(\\d{4})/(\\d{2})/',
          Parameters: [{ Name: 'Month', Expression: '$1$2' }],
          Schema: { Template: 'ds.template', Split: { Mapping: [{ When: 'a = 1', Then: 'ds.s_$Month' }] } },
          Transient: { Dataset: 'tmp' },
        },
      },
      url: 'gs://b/2019/02/a.json',
      expected: {
        table: 'ds.t_201902',
        parameters: { Month: '201902' },
        split: [{ when: 'a = 1', table: 'ds.s_201902' }],
      },
      workflowId: 'ds.t_201902_7310279741196889371',
    },
  ],
  [
    'variables of the load stay in the table, and so in the window ID',
    {
      rule: { Dest: { Table: 'ds.t_$EventID' }, Batch: {} },
      url: 'gs://b/x/a.json',
      expected: { table: 'ds.t_$EventID' },
      workflowId: 'ds.t_$EventID_1127093811773180195_1700000015',
    },
  ],
])('%s', (_behaviour, { rule, url, expected, workflowId }) => {
  const placed = placement(read({ When: { Prefix: '/' }, ...rule }), { url, updatedMs: AT });
  expect(placed).toMatchObject(expected);
  expect(placed.window === undefined).toBe(!('Batch' in rule));
  expect(workflowIdOf(placed, { url, generation: '1' })).toBe(workflowId);
});

test('each version of a file that is loaded by itself has its own workflow', () => {
  const url = 'gs://b/x/a.json';
  const ids = ['1', '2'].map((generation) => workflowIdOf({ table: 'ds.t' }, { url, generation }));
  expect(new Set(ids).size).toBe(2);
});

const rule = read({ When: { Prefix: '/in/' }, Dest: { Table: 'ds.t_$1', Pattern: '^/in/(.*)\\.json$' } });
const fileNamed = (name: string) => ({ url: `gs://b/in/${name}.json`, updatedMs: 0 });

test.each(['a', '2024-01', 'größe', 'with space', '日本'])('a file may be named %s', (name) => {
  expect(placement(rule, fileNamed(name)).table).toBe(`ds.t_${name}`);
});

test.each(['a/b', '..', 'a#b', 'a?b', 'a%2Fb', 'a\u0000b', "a' OR '1", 'gs://x', 'a.b.c', 'a\\b', 'a*'])(
  'a file may not make a table named after %j',
  (name) => {
    expect(() => placement(rule, fileNamed(name))).toThrow(NameInvalid);
    expect(placementIfValid(rule, fileNamed(name))).toBeUndefined();
  },
);

test('no file name makes a destination with a slash, consecutive dots or a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      let table: string;
      try {
        ({ table } = placement(rule, fileNamed(name)));
      } catch (error) {
        expect(error).toBeInstanceOf(NameInvalid);
        return;
      }
      expect(table).not.toMatch(/[\\/]|\.\.|\p{Cc}/u);
    }),
  );
});
