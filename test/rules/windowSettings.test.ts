// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in rules look like this
import { expandDestination } from '../../src/rules/destination';
import { parseRuleFile } from '../../src/rules/parseRuleFile';
import { sealsByListing } from '../../src/rules/sealing';
import type { Rule } from '../../src/rules/types';
import { windowSettings } from '../../src/rules/windowSettings';
import { windowOf } from '../../src/windows/window';

function read(rule: object): Rule {
  const [first] = parseRuleFile('gs://c/r.json', JSON.stringify(rule)).rules;
  if (first === undefined) throw new Error('bad rule');
  return first;
}

describe('a rule has the window IDs of viant/bqtail', () => {
  test.each([
    [
      'MultiPath',
      {
        When: { Suffix: '.json' },
        Dest: { Table: 'bqtail.dummy_v004' },
        Batch: { MultiPath: true, Window: { DurationInSec: 15 } },
      },
      'gs://my-trigger/data/case004/path1/dummy1.json',
      1700000003,
      'bqtail.dummy_v004_1067707184661381329_1700000010',
    ],
    [
      'date in the table',
      { Dest: { Table: 'my-proj:ds.events_$Date' }, Batch: { Window: { DurationInSec: 90 } } },
      'gs://my-trigger/logs/2023/11/14/a.avro',
      1700000000,
      'my-proj:ds.events_20231114_8781585522781768868_1700000010',
    ],
    [
      'default length',
      { When: { Suffix: '.csv.gz' }, Dest: { Table: 'ds.t' }, Batch: {} },
      'gs://b/x/y.csv.gz',
      1700000000,
      'ds.t_1893615712018577159_1700000015',
    ],
    [
      'pattern hash',
      {
        When: { Suffix: '.avro' },
        Dest: { Table: 'ds.t_$Mod(5)', Pattern: 'data/(\\d{4})/(\\d{2})/(\\d{2})/.+' },
        Batch: { MultiPath: true, UsePatternHash: true, Window: { DurationInSec: 60 } },
      },
      'gs://my-trigger/data/2019/02/04/logs_17.avro',
      1700000040,
      'ds.t_4_4286959821725423975_1700000100',
    ],
  ])('%s', (_name, given, url, seconds, id) => {
    const rule = read(given);
    const file = { url, updatedMs: seconds * 1000 };
    const settings = windowSettings(rule, expandDestination(rule, file));
    if (settings === undefined) throw new Error('no batch');
    expect(windowOf(settings, url, file.updatedMs).id).toBe(id);
  });
});

test('a rule without Batch has no window', () => {
  expect(windowSettings(read({ Dest: { Table: 'd.t' } }), { table: 'd.t' })).toBeUndefined();
});

test('without UsePatternHash, groups of the pattern are not part of the settings', () => {
  const rule = read({ Dest: { Table: 'd.t', Pattern: '(a)' }, Batch: {} });
  expect(windowSettings(rule, { table: 'd.t', patternGroups: ['a'] })?.patternGroups).toBeUndefined();
});

describe('whether a batch is sealed by listing', () => {
  const query = { Action: 'query', Request: { SQL: 'SELECT 1' } };
  const withActions = (OnSuccess: unknown[], Seal?: boolean) =>
    read({ Dest: { Table: 'd.t' }, Batch: { Window: { Seal } }, OnSuccess });
  test.each([
    ['yes: it deletes its sources', [{ Action: 'delete' }], undefined, true],
    ['yes: it moves its sources', [{ Action: 'move', Request: { DestURL: 'gs://b' } }], undefined, true],
    [
      'yes: a nested action deletes its sources',
      [{ ...query, OnSuccess: [{ Action: 'delete', Request: { URLs: '${LoadURIs}' } }] }],
      undefined,
      true,
    ],
    ['no: it deletes other objects', [{ Action: 'delete', Request: { URLs: ['gs://b/x'] } }], undefined, false],
    ['no: the files stay', [query], undefined, false],
    ['yes: the rule sets Seal: true', [], true, true],
    ['no: the rule sets Seal: false', [{ Action: 'delete' }], false, false],
  ])('%s', (_name, actions, seal, expected) => {
    expect(sealsByListing(withActions(actions, seal))).toBe(expected);
  });
});
