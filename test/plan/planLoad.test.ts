// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in rules look like this

import type { JsonObject } from '../../src/json';
import { PlanError } from '../../src/plan/planError';
import { planGroup } from '../../src/plan/planGroup';
import { planLoad } from '../../src/plan/planLoad';
import { F, factsOf, plan } from './planning';
import { summary } from './summary';

const TRANSIENT = { Transient: { Dataset: 'temp' } };

function fault(dest: JsonObject, tables: Readonly<Record<string, JsonObject>> = {}): unknown {
  try {
    plan({ dest, tables });
  } catch (error) {
    if (error instanceof PlanError) return { code: error.code, message: error.message };
    throw error;
  }
  return 'no error';
}

test.each([
  [
    { Table: 'ds.nope' },
    'SchemaMissing',
    'Dest.Table: found p.ds.nope, which does not exist; allowed is a table that exists',
  ],
  [{ Table: 'ds.nope', ...TRANSIENT }, 'SchemaMissing', 'Dest.Table: found p.ds.nope, which does not exist'],
  [{ Schema: { Template: 'ds.nope' } }, 'SchemaMissing', 'Dest.Schema.Template: found p.ds.nope, which does not exist'],
  [{ Transient: { Dataset: 'temp', Template: 'x.nope' } }, 'SchemaMissing', 'Dest.Transient.Template: found p.x.nope'],
  [
    { Table: 'ds.t$20200101', Partition: '$Date' },
    'RuleInvalid',
    'Dest.Table: found ds.t$20200101; allowed is a table without',
  ],
  [
    { Table: 'ds.nope', Schema: { Autodetect: true }, Expiry: '1day' },
    'SchemaMissing',
    'Dest.Expiry: found 1day, while p.ds.nope does not exist',
  ],
])('%j cannot be planned: %s', (dest, code, message) => {
  expect(fault(dest)).toEqual({
    code,
    message: expect.stringContaining(`gs://c/Rules/orders.json#orders: ${message}`),
  });
});

test('a destination that does not exist needs no schema if BigQuery detects it', () => {
  expect(fault({ Table: 'ds.nope', Schema: { Autodetect: true } })).toBe('no error');
  expect(fault({ Table: 'ds.nope', autodetect: true, ...TRANSIENT })).toBe('no error');
});

test('a plan is plain data, and the same facts give the same plan', () => {
  const facts = factsOf({ dest: { ...TRANSIENT, UniqueColumns: ['id'] }, rule: { OnSuccess: [{ Action: 'delete' }] } });
  const made = planLoad(facts);
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  expect(planLoad(facts)).toEqual(made);
  expect(made.stepCount).toBe(4);
  expect(made.process.stepCount).toBe(4);
});

test('a plan contains only a sample of the URIs of its batch', () => {
  const files = Array.from({ length: 20_000 }, (_, at) => ({ url: `gs://trig/data/${at}.json`, size: 1 }));
  const facts = factsOf({ dest: TRANSIENT, rule: { OnSuccess: [{ Action: 'delete' }] }, facts: { files } });
  expect(JSON.stringify(planLoad(facts)).length).toBeLessThan(8_000);
});

test('the destination is in the project of the configuration, the temporary table in the project of Transient', () => {
  expect(summary(plan({ dest: { Transient: { Dataset: 'temp', ProjectID: 'other' } } }))).toMatchObject({
    transfer: ['2 copy other:temp.t_777 -> p:ds.t APPEND'],
  });
});

test('Table may contain $EventID, $GroupID and a partition', () => {
  const facts = factsOf({
    dest: { Table: 'ds.t_${GroupID}_${EventID}$20200102', ...TRANSIENT },
    tables: { 'ds.t_5_777': F },
  });
  const process = { ...facts.batch.process, params: { ...facts.batch.process.params, GroupID: '5' } };
  const made = planLoad({ ...facts, batch: { ...facts.batch, process } });
  expect(summary(made)).toMatchObject({
    load: ['1 load -> proj-t:temp.t_5_777_777 TRUNCATE'],
    transfer: [{ do: '2 query -> p:ds.t_5_777$20200102 APPEND' }],
  });
});

test('Expiry is set on the destination table, not on its partition', () => {
  expect(summary(plan({ dest: { Expiry: '2hours', Partition: '$Date' } }))).toMatchObject({
    prepare: ['expireTable p:ds.t 7200000'],
    load: ['1 load -> p:ds.t$20200102 APPEND'],
  });
});

test.each([
  ['the location of the destination replaces the default', 'EU', undefined, 'EU'],
  ['Transient.Region takes precedence', 'EU', 'europe-west1', 'europe-west1'],
])('for the location of a new transient dataset, %s', (_, location, region, expected) => {
  const dest = { Transient: { Dataset: 'temp', ...(region ? { Region: region } : {}) } };
  const { prepare, load, transfer } = plan({ dest, tables: { 'ds.t': { schema: F, location } } });
  expect(prepare[0]).toMatchObject({ kind: 'createDataset', location: expected });
  expect([load[0]?.[0]?.job.location, transfer[0]?.job.location]).toEqual([location, location]);
});

test('jobs of actions run in the location of their dataset', () => {
  const rule = { OnSuccess: [{ Action: 'query', Request: { SQL: 'SELECT 1', Dest: 'far.x' } }] };
  const { load, onSuccess } = planLoad(factsOf({ rule, facts: { locations: { 'p.far': 'asia-east1' } } }));
  expect([load[0]?.[0]?.job.location, onSuccess[0]?.job?.location]).toEqual(['US', 'asia-east1']);
});

test('temporary tables always expire', () => {
  const rules = [
    TRANSIENT,
    { Transient: { Dataset: 'temp', Template: 'ds.t' } },
    { ...TRANSIENT, Schema: { Template: 'ds.t' } },
  ];
  for (const dest of rules) {
    const made = plan({ dest }).prepare.filter((step) => step.kind === 'createTable');
    expect(made).toMatchObject([{ table: { datasetId: 'temp' }, lifetimeMs: 7 * 24 * 3600 * 1000 }]);
  }
});

test('the plan of a group has its own step numbers', () => {
  const facts = factsOf({
    rule: {
      Batch: {
        Group: {
          DurationInSec: 15,
          OnDone: [{ Action: 'copy', Request: { Source: 'ds.t_$GroupID', Dest: 'ds.all', Append: true } }],
        },
      },
    },
  });
  const { process } = facts.batch;
  const group = planGroup({ ...facts, process: { ...process, params: { ...process.params, GroupID: '1577970245' } } });
  expect(group).toMatchObject({
    ruleId: facts.rule.id,
    stepCount: 1,
    onDone: [
      {
        kind: 'job',
        step: 1,
        action: 'copy',
        job: {
          configuration: { copy: { sourceTable: { tableId: 't_1577970245' }, writeDisposition: 'WRITE_APPEND' } },
        },
      },
    ],
  });
});
