import { loadVariant } from '../../src/rules/loadVariant';
import { RuleSet } from '../../src/rules/ruleSet';
import type { Rule } from '../../src/rules/types';

function read(dest: object): Rule {
  const rule = { Dest: { Table: 'ds.t', ...dest }, Batch: { Window: { DurationInSec: 60 } } };
  const [first] = RuleSet.empty.with('gs://c/r.json', JSON.stringify(rule)).rules;
  if (first === undefined) throw new Error('the rule is refused');
  return first;
}

const at = (path: string, time = '2023-11-14T23:59:00Z') => ({ url: `gs://b/${path}`, updatedMs: Date.parse(time) });
const MIDNIGHT = '2023-11-15T00:00:00Z';
const PATTERN = { Pattern: '/x/(\\d+)/', Parameters: [{ Name: 'Day', Expression: '$1' }] };
const TRANSIENT = { Transient: { Dataset: 'temp' } };

test.each([
  ['files that differ in their names only', {}, at('x/1/a.json'), at('x/2/b.json', MIDNIGHT)],
  ['a parameter that no SQL uses', PATTERN, at('x/1/a.json'), at('x/2/a.json')],
])('one load takes %s', (_name, dest, one, other) => {
  expect(loadVariant(read(dest), one)).toBe(loadVariant(read(dest), other));
});

test.each([
  ['format under a compression suffix', {}, at('x/a.json.gz'), at('x/a.csv.gz')],
  [
    'partition by a group of the pattern',
    { Pattern: '/x/(\\d+)/', Partition: '$1' },
    at('x/1/a.json'),
    at('x/2/a.json'),
  ],
  ['partition by date', { Partition: '$Date' }, at('a.json'), at('a.json', MIDNIGHT)],
  ['table', { Pattern: '/x/(\\d+)/', Table: 'ds.t_$1' }, at('x/1/a.json'), at('x/2/a.json')],
  ['date in Transform', { ...TRANSIENT, Transform: { day: "'$Date'" } }, at('a.json'), at('a.json', MIDNIGHT)],
  ['hour in Transform', { ...TRANSIENT, Transform: { h: "'$Hour'" } }, at('a.json'), at('a.json', MIDNIGHT)],
  [
    'parameter in Transform',
    { ...TRANSIENT, ...PATTERN, Transform: { d: '$Day' } },
    at('x/1/a.json'),
    at('x/2/a.json'),
  ],
  [
    'parameter in Criteria',
    { ...PATTERN, Transient: { Dataset: 'temp', Criteria: 'day = $Day' } },
    at('x/1/a.json'),
    at('x/2/a.json'),
  ],
])('files that differ in their %s are loaded apart', (_name, dest, one, other) => {
  expect(loadVariant(read(dest), one)).not.toBe(loadVariant(read(dest), other));
});
