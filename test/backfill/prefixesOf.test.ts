import { prefixesOf } from '../../src/backfill/backfill';
import { RuleSet } from '../../src/rules/ruleSet';

const rules = (...prefixes: string[]) =>
  RuleSet.empty.with(
    'gs://c/r.json',
    JSON.stringify(prefixes.map((Prefix) => ({ When: { Prefix }, Dest: { Table: 'd.t' } }))),
  ).rules;

test.each<[string, string[], string | undefined, string[]]>([
  ['each prefix is listed once', ['/b/', '/a/x', '/b/'], undefined, ['gs://t/a/x', 'gs://t/b/']],
  ['one that another covers is not', ['/a/', '/a/b/', '/ab'], undefined, ['gs://t/a/', 'gs://t/ab']],
  ['a rule without one covers all', ['/a/', ''], undefined, ['gs://t/']],
  ['a given path comes instead', ['/a/'], '/a/2024/', ['gs://t/a/2024/']],
  ['a given URL too', ['/a/'], 'gs://u/a/', ['gs://u/a/']],
  ['no rule, no listing', [], undefined, []],
])('%s', (_name, given, prefix, expected) => {
  expect(prefixesOf(rules(...given), 't', prefix)).toEqual(expected);
});
