import type { JsonObject } from '../../src/json';
import { planLoad } from '../../src/plan/planLoad';
import { factsOf, fields } from './planning';
import { summary } from './summary';

const GREW = { schema: fields(['id', 'INTEGER'], ['type_id', 'INTEGER'], ['name', 'STRING'], ['added', 'STRING']) };

function transferAfterLoad(dest: JsonObject, tables: Readonly<Record<string, JsonObject>> = {}): unknown {
  const given = { dest: { Transient: { Dataset: 'temp' }, AllowFieldAddition: true, ...dest }, tables };
  expect(planLoad(factsOf(given)).transferAfterLoad).toBe(true);
  const again = planLoad(factsOf({ ...given, facts: { loadedTable: GREW } }));
  expect(again.transferAfterLoad).toBe(false);
  return summary(again).transfer;
}

test('without AllowFieldAddition or Transient, the transfer is planned before the load', () => {
  expect(planLoad(factsOf({ dest: { Transient: { Dataset: 'temp' } } })).transferAfterLoad).toBe(false);
  expect(planLoad(factsOf({ dest: { AllowFieldAddition: true } })).transferAfterLoad).toBe(false);
});

test('a copy adds the columns that the load added', () => {
  expect(transferAfterLoad({})).toEqual([
    { do: '2 copy proj-t:temp.t_777 -> p:ds.t APPEND', prepare: ['patchTable p:ds.t (id, type_id, name, added)'] },
  ]);
});

test('a query adds the columns that the load added', () => {
  expect(transferAfterLoad({ Transform: { name: 'UPPER(t.name)' } })).toEqual([
    {
      do: '2 query -> p:ds.t APPEND',
      sql: [
        'SELECT t.id AS id, t.type_id AS type_id, UPPER(t.name) AS name, t.added AS added ',
        'FROM `proj-t.temp.t_777` t  ',
      ],
      prepare: ['patchTable p:ds.t (id, type_id, name, added)'],
    },
  ]);
});

test('columns that only the temporary table had before the load stay excluded', () => {
  const template = fields(['id', 'INTEGER'], ['type_id', 'INTEGER'], ['name', 'STRING']);
  const wanted = fields(['id', 'INTEGER'], ['name', 'STRING']);
  const transfer = transferAfterLoad(
    { Transient: { Dataset: 'temp', Template: 'ds.ttmpl' }, Schema: { Template: 'ds.tmpl' } },
    { 'ds.t': wanted, 'ds.tmpl': wanted, 'ds.ttmpl': template },
  );
  expect(transfer).toEqual([
    {
      do: '2 query -> p:ds.t APPEND',
      sql: ['SELECT t.id AS id, t.name AS name, t.added AS added ', 'FROM `proj-t.temp.t_777` t  '],
      prepare: ['patchTable p:ds.t (id, name, added)'],
    },
  ]);
});

test('a destination that recovery has already patched needs no change', () => {
  expect(transferAfterLoad({}, { 'ds.t': GREW })).toEqual(['2 copy proj-t:temp.t_777 -> p:ds.t APPEND']);
});

test('columns that another process added to the destination in the meantime are not selected', () => {
  const grown = { schema: fields(['id', 'INTEGER'], ['type_id', 'INTEGER'], ['name', 'STRING'], ['theirs', 'STRING']) };
  const [step] = planLoad(
    factsOf({
      dest: { Transient: { Dataset: 'temp' }, AllowFieldAddition: true, UniqueColumns: ['id'] },
      tables: { 'ds.t': grown },
      facts: { loadedTable: GREW },
    }),
  ).transfer;
  expect(JSON.stringify(step?.job.configuration)).not.toContain('theirs');
  expect(step?.prepare).toMatchObject([
    {
      kind: 'patchTable',
      resource: { schema: { fields: expect.arrayContaining([expect.objectContaining({ name: 'added' })]) } },
    },
  ]);
});
