import { prefixesOf } from '../../src/backfill/backfill';
import { RuleSet } from '../../src/rules/ruleSet';

const rules = (...prefixes: string[]) =>
  RuleSet.empty.with(
    'gs://c/r.json',
    JSON.stringify(prefixes.map((Prefix) => ({ When: { Prefix }, Dest: { Table: 'd.t' } }))),
  ).rules;

test.each<[string, string[], string | undefined, string[]]>([
  ['each prefix is listed once', ['/b/', '/a/x', '/b/'], undefined, ['gs://t/a/x', 'gs://t/b/']],
  ['a prefix within another is not listed', ['/a/', '/a/b/', '/ab'], undefined, ['gs://t/a/', 'gs://t/ab']],
  ['a rule without prefix needs the whole bucket', ['/a/', ''], undefined, ['gs://t/']],
  ['a given path replaces the prefixes of rules', ['/a/'], '/a/2024/', ['gs://t/a/2024/']],
  ['a given URL replaces the prefixes of rules', ['/a/'], 'gs://u/a/', ['gs://u/a/']],
  ['without rules nothing is listed', [], undefined, []],
])('%s', (_name, given, prefix, expected) => {
  expect(prefixesOf(rules(...given), 't', prefix)).toEqual(expected);
});
