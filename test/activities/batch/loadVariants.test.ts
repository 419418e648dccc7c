import { loadVariants } from '../../../src/activities/batch/loadVariants';
import { RuleSet } from '../../../src/rules/ruleSet';
import type { Rule } from '../../../src/rules/types';
import type { FileEvent } from '../../../src/windows/fileEvent';

function read(dest: object): Rule {
  const rule = { Dest: { Table: 'ds.t', ...dest }, Batch: { Window: { DurationInSec: 60 } } };
  const [first] = RuleSet.empty.with('gs://c/r.json', JSON.stringify(rule)).rules;
  if (first === undefined) throw new Error('the rule is refused');
  return first;
}

const PARTITIONED = read({ Pattern: '/x_(\\d+)', Partition: '$1' });
const events = ['x_1', 'x_2', 'x_1b', 'x_3'].map(
  (name, at): FileEvent => ({
    url: `gs://b/${name}.json`,
    generation: '1',
    size: 1,
    updatedMs: 0,
    eventId: String(at),
    ruleId: 'r',
  }),
);
const [first, second, third, fourth] = events as [FileEvent, FileEvent, FileEvent, FileEvent];

/** Owner and files of each variant, by short names. */
function names(rule: Rule, files: readonly FileEvent[], owner: FileEvent, announced = files): string[] {
  const short = ({ url }: { readonly url: string }) => url.slice('gs://b/'.length, -'.json'.length);
  return loadVariants(rule, files, { owner, announced }).map(
    (variant) => `${short(variant.owner)}: ${variant.files.map(short).join(' ')}`,
  );
}

test('files that need no loads of their own are one variant', () => {
  expect(names(read({}), events, second)).toEqual(['x_2: x_1 x_2 x_1b x_3']);
});

test('files of different partitions are variants, those like the owner first', () => {
  expect(names(PARTITIONED, events, second)).toEqual(['x_2: x_2', 'x_1: x_1 x_1b', 'x_3: x_3']);
});

test('an owner whose file is loaded already owns no other variant', () => {
  expect(names(PARTITIONED, [first, third], second)).toEqual(['x_1: x_1 x_1b']);
});

test('the first announced file owns a variant', () => {
  expect(names(PARTITIONED, events, second, [second, third, fourth])).toEqual([
    'x_2: x_2',
    'x_1b: x_1 x_1b',
    'x_3: x_3',
  ]);
});

test('a file that nobody announced owns its variant under an ID made from its version', () => {
  const [, variant] = loadVariants(PARTITIONED, [first, second], { owner: first, announced: [first] });
  expect(variant?.owner).toMatchObject({ url: second.url, ruleId: 'r', eventId: expect.stringMatching(/^[1-9]\d+$/) });
});
