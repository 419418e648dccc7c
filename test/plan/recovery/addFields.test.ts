import type { Plan } from '../../../src/plan/plan';
import { planLoad } from '../../../src/plan/planLoad';
import { addFields } from '../../../src/plan/recovery/addFields';
import { FieldInference } from '../../../src/plan/recovery/inferFields';
import { probeConfiguration } from '../../../src/plan/recovery/probe';
import { aboutLoaded, reloadStep, settlesBatch } from '../../../src/plan/replayed/recoverySteps';
import { slicesOf } from '../../../src/plan/replayed/slices';
import type { LoadStep } from '../../../src/plan/steps';
import { F, factsOf, type Given } from '../planning';

const added = new FieldInference().add({ price: 1.5 }).fields('');

function firstLoad(plan: Plan): LoadStep {
  const step = plan.load[0]?.[0];
  if (!step) throw new Error('the plan loads nothing');
  return step;
}

function patched(given: Given): string[] {
  const facts = factsOf(given);
  const { prepare } = addFields(facts, firstLoad(planLoad(facts)), added);
  return prepare.map((step) => (step.kind === 'patchTable' ? step.table.tableId : step.kind));
}

test('columns are added to every table of the load and to the templates', () => {
  expect(patched({})).toEqual(['t']);
  expect(patched({ dest: { Transient: { Dataset: 'temp' } } })).toEqual(['t_777', 't']);
  expect(
    patched({ dest: { Schema: { Template: 'ds.tmpl' }, Transient: { Dataset: 'temp' } }, tables: { 'ds.tmpl': F } }),
  ).toEqual(['t_777', 't', 'tmpl']);
  expect(patched({ dest: { Transient: { Dataset: 'temp', Template: 'ds.own' } }, tables: { 'ds.own': F } })).toEqual([
    't_777',
    't',
    'own',
  ]);
});

test('a load job with a schema gets the new columns', () => {
  const facts = factsOf({});
  const { step } = addFields(facts, firstLoad(planLoad(facts)), added);
  expect(JSON.stringify(step.job.configuration)).toContain('"price"');
});

test('a reload runs the same job over other files, and settles the ledger part of the batch', () => {
  const step = firstLoad(planLoad(factsOf({})));
  const files = { entry: 'gs://j/Ledger/1/r.json', count: 1, bytes: 1, sample: [] };
  const once = reloadStep(step, 'r1', files);
  const twice = reloadStep(once, 'r2', { ...files, entry: 'gs://j/Ledger/1/r2.json' });
  expect(twice).toMatchObject({
    job: { jobId: 'r2', configuration: step.job.configuration },
    reload: { entry: step.files.entry, from: 0, whole: true },
  });
  expect(settlesBatch(twice)).toBe(true);
  expect(settlesBatch(reloadStep({ ...step, files: { ...step.files, from: 0 } }, 'r', files))).toBe(false);
});

test('a probe allows every row to be bad and fills a separate table', () => {
  const { configuration } = firstLoad(planLoad(factsOf({ dest: { Override: true } }))).job;
  expect(probeConfiguration(configuration, { tableId: 'probe' })).toMatchObject({
    load: { maxBadRecords: 2_147_483_647, destinationTable: { tableId: 'probe' }, writeDisposition: 'WRITE_TRUNCATE' },
  });
});

test.each([
  [5, [5]],
  [20, [10, 10]],
  [500, Array.from({ length: 8 }, (_slice, at) => (at % 2 === 0 ? 62 : 63))],
])('%i files are cut into slices of %j', (count, sizes) => {
  const slices = slicesOf(count);
  expect(slices.map((slice) => slice.count)).toEqual(sizes);
  expect(slices.reduce((end, slice) => (slice.from === end ? end + slice.count : Number.NaN), 0)).toBe(count);
});

test('actions refer to the loaded files, also nested actions', () => {
  const plan = planLoad(
    factsOf({
      rule: {
        OnSuccess: [
          { Action: 'query', Request: { SQL: "SELECT '$URLs'", Dest: 'ds.o' }, OnSuccess: [{ Action: 'delete' }] },
        ],
      },
    }),
  );
  const files = { entry: 'gs://j/Ledger/1/r.json', count: 7, bytes: 1, sample: [] };
  const [query] = aboutLoaded(plan.onSuccess, files);
  expect(query?.files).toEqual(files);
  expect(query?.onSuccess[0]?.files).toEqual(files);
});
