import fc from 'fast-check';
import { NameInvalid } from '../../src/rules/destination';
import { RuleSet } from '../../src/rules/ruleSet';
import type { Rule } from '../../src/rules/types';
import { checkedDestination } from '../../src/starter/checkDestination';

const rule = ruleInto('ds.t_$1');

function ruleInto(Table: string): Rule {
  const file = { When: { Prefix: '/in/' }, Dest: { Table, Pattern: '^/in/(.*)\\.json$' } };
  const [made] = RuleSet.empty.with('gs://c/r.json', JSON.stringify(file)).rules;
  if (!made) throw new Error('the rule is refused');
  return made;
}

const tableOf = (name: string) => checkedDestination(rule, { url: `gs://b/in/${name}.json`, updatedMs: 0 }).table;

test.each(['a', '2024-01', 'größe', 'with space', '日本'])('a file may be named %s', (name) => {
  expect(tableOf(name)).toBe(`ds.t_${name}`);
});

test.each(['a/b', '..', 'a#b', 'a?b', 'a%2Fb', 'a\u0000b', "a' OR '1", 'gs://x', 'a.b.c', 'a\\b'])(
  'a file may not make a table named after %j',
  (name) => {
    expect(() => tableOf(name)).toThrow(NameInvalid);
  },
);

test('whatever the name, a destination holds no slash, no dots in a row and no control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      let table: string;
      try {
        table = tableOf(name);
      } catch (error) {
        expect(error).toBeInstanceOf(NameInvalid);
        return;
      }
      expect(table).not.toMatch(/[\\/]|\.\.|\p{Cc}/u);
    }),
  );
});
