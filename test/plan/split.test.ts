import type { JsonObject } from '../../src/json';
import { N, plan } from './planning';
import { summary } from './summary';

function splitPlan(split: JsonObject, dest: JsonObject = {}): ReturnType<typeof plan> {
  return plan({
    dest: { Transient: { Dataset: 'temp' }, Schema: { Split: split }, ...dest },
    tables: { 'ds.t': N },
  });
}

const MAPPING = [{ When: 'id = 1', Then: 'ds.t_1' }];

test('conditions use the names of extracted columns in place of their whole paths', () => {
  const when = "info.key = 'a' OR t.info.key2 = 1 OR INFO.KEY IS NULL";
  const { transfer } = splitPlan({ ClusterColumns: ['info.key'], Mapping: [{ When: when, Then: 'ds.t_1' }] });
  expect(JSON.stringify(transfer[1])).toContain("WHERE  key = 'a' OR t.info.key2 = 1 OR key IS NULL ");
});

test('of two mappings into one table, only the first to run truncates it', () => {
  const mapping = [...MAPPING, { When: 'id = 2', Then: 'ds.t_2' }, { When: 'id = 3', Then: 'ds.t_1' }];
  const { transfer } = summary(splitPlan({ Mapping: mapping }, { Override: true }));
  expect(transfer).toMatchObject([
    { do: '2 query -> p:ds.t_1 TRUNCATE' },
    { do: '3 query -> p:ds.t_2 TRUNCATE' },
    { do: '4 query -> p:ds.t_1 APPEND' },
  ]);
});

test('targets have the partition of the destination', () => {
  const { transfer } = summary(splitPlan({ Mapping: MAPPING }, { Partition: '$Date' }));
  expect(transfer).toMatchObject([{ do: '2 query -> p:ds.t_1$20200102 APPEND' }]);
});

test.each([
  ['nope', 'Dest.Schema.Split.ClusterColumns[0]: found nope; allowed is a column, or a field of a record'],
  ['info.nope', 'found info.nope'],
  ['tags.x', 'found tags.x'],
])('the cluster column %s is refused', (column, message) => {
  expect(() => splitPlan({ ClusterColumns: [column], Mapping: MAPPING })).toThrow(message);
});

test('a nested cluster column must not have the name of another column', () => {
  const schema = {
    fields: [
      { name: 'key', type: 'STRING' },
      { name: 'info', type: 'RECORD', fields: [{ name: 'key', type: 'STRING' }] },
    ],
  };
  const split = { ClusterColumns: ['info.key'], Mapping: MAPPING };
  expect(() =>
    plan({ dest: { Transient: { Dataset: 'temp' }, Schema: { Split: split } }, tables: { 'ds.t': schema } }),
  ).toThrow('found info.key; allowed is a field whose name differs from that of the column key');
});
