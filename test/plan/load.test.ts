import type { JsonObject } from '../../src/json';
import type { PlanningFacts } from '../../src/plan/facts';
import { planLoad } from '../../src/plan/planLoad';
import { F, factsOf, plan } from './planning';

const TRANSIENT = { Transient: { Dataset: 'temp', ProjectID: 'proj-t' } };

function loadOf(dest: JsonObject, tables: Readonly<Record<string, JsonObject>> = {}): JsonObject {
  const load = plan({ dest, tables }).load[0]?.[0]?.job.configuration.load;
  return JSON.parse(JSON.stringify(load));
}

function files(count: number, size = 1): PlanningFacts['files'] {
  return Array.from({ length: count }, (_, at) => ({ url: `gs://trig/data/${at}.json`, size }));
}

function stages(dest: JsonObject, given: PlanningFacts['files']): readonly (readonly unknown[])[] {
  const { load } = planLoad(factsOf({ dest, facts: { files: given } }));
  return load.map((stage) =>
    stage.map(({ job, files: { from, count, bytes } }) => {
      const { writeDisposition } = JSON.parse(JSON.stringify(job.configuration.load));
      return [job.jobId, writeDisposition, from, count, bytes];
    }),
  );
}

test('a direct load has the attributes of the rule and the schema of the destination', () => {
  expect(loadOf({ MaxBadRecords: 3 })).toEqual({
    createDisposition: 'CREATE_IF_NEEDED',
    destinationTable: { projectId: 'p', datasetId: 'ds', tableId: 't' },
    maxBadRecords: 3,
    schema: F,
    sourceFormat: 'NEWLINE_DELIMITED_JSON',
    writeDisposition: 'WRITE_APPEND',
  });
});

test('with a template, the job has neither schema nor partitioning, because the table exists before the load', () => {
  const load = loadOf(
    { ...TRANSIENT, Schema: { Template: 'ds.tmpl' }, clustering: { fields: ['id'] } },
    { 'ds.tmpl': { schema: F, clustering: { fields: ['name'] } } },
  );
  expect(Object.keys(load).sort()).toEqual([
    'createDisposition',
    'destinationTable',
    'sourceFormat',
    'writeDisposition',
  ]);
});

test('the load of a partitioned destination requires no partition filter, and its temporary table keeps old rows', () => {
  const resource = { schema: F, timePartitioning: { type: 'DAY', requirePartitionFilter: true, expirationMs: '1000' } };
  expect(loadOf({}, { 'ds.t': resource }).timePartitioning).toEqual({
    type: 'DAY',
    requirePartitionFilter: false,
    expirationMs: '1000',
  });
  const made = plan({ dest: TRANSIENT, tables: { 'ds.t': resource } }).prepare.find(
    ({ kind }) => kind === 'createTable',
  );
  expect(made).toMatchObject({ resource: { timePartitioning: { type: 'DAY', requirePartitionFilter: false } } });
  expect(JSON.stringify(made)).not.toContain('expirationMs');
});

test.each([
  [{}, 'WRITE_APPEND'],
  [{ Override: true }, 'WRITE_TRUNCATE'],
  [{ Override: false }, 'WRITE_APPEND'],
  [{ writeDisposition: 'WRITE_EMPTY' }, 'WRITE_EMPTY'],
  [{ Override: true, AllowFieldAddition: true, SourceFormat: 'AVRO' }, 'WRITE_TRUNCATE'],
  [TRANSIENT, 'WRITE_TRUNCATE'],
  [{ ...TRANSIENT, writeDisposition: 'WRITE_EMPTY' }, 'WRITE_EMPTY'],
  [{ ...TRANSIENT, Override: true, AllowFieldAddition: true, SourceFormat: 'AVRO' }, 'WRITE_APPEND'],
] as const)('the write disposition of the load of %j is %s', (dest, expected) => {
  expect(loadOf(dest).writeDisposition).toBe(expected);
});

test.each([
  [{}, 'WRITE_APPEND'],
  [{ Override: true }, 'WRITE_TRUNCATE'],
  [{ Override: false, writeDisposition: 'WRITE_TRUNCATE' }, 'WRITE_APPEND'],
  [{ writeDisposition: 'WRITE_TRUNCATE' }, 'WRITE_TRUNCATE'],
  [{ writeDisposition: 'WRITE_EMPTY' }, 'WRITE_EMPTY'],
])('the write disposition of the transfer of %j is %s', (dest, expected) => {
  const [step] = plan({ dest: { ...TRANSIENT, ...dest } }).transfer;
  expect(step?.job.configuration.copy).toMatchObject({ writeDisposition: expected });
});

test('up to 10,000 files are loaded by one job', () => {
  expect(stages({}, files(10_000))).toEqual([[['ds_t--777_00001_load--tail', 'WRITE_APPEND', undefined, 1, 10]]]);
});

test('25,001 files are loaded side by side if the temporary table exists before the load', () => {
  expect(stages(TRANSIENT, files(25_001))).toEqual([
    [
      ['ds_t--777_00001_load--tail', 'WRITE_APPEND', 0, 10_000, 10_000],
      ['j001_ds_t--777_00001_load--tail', 'WRITE_APPEND', 10_000, 10_000, 10_000],
      ['j002_ds_t--777_00001_load--tail', 'WRITE_APPEND', 20_000, 5_001, 5_001],
    ],
  ]);
});

test('a direct load that truncates appends the other parts after the first part', () => {
  expect(stages({ Override: true }, files(20_001))).toEqual([
    [['ds_t--777_00001_load--tail', 'WRITE_TRUNCATE', 0, 10_000, 10_000]],
    [
      ['j001_ds_t--777_00001_load--tail', 'WRITE_APPEND', 10_000, 10_000, 10_000],
      ['j002_ds_t--777_00001_load--tail', 'WRITE_APPEND', 20_000, 1, 1],
    ],
  ]);
});

test('a job loads at most 15 TB, and a larger file has its own job', () => {
  const sizes = [9e12, 9e12, 16e12, 1, 1].map((size, at) => ({ url: `gs://trig/${at}.json`, size }));
  expect(
    stages({}, sizes)
      .flat()
      .map((part) => (part as readonly unknown[]).slice(2)),
  ).toEqual([
    [0, 1, 9e12],
    [1, 1, 9e12],
    [2, 1, 16e12],
    [3, 2, 2],
  ]);
});

test('with Autodetect, the parts after the first may add columns', () => {
  const { load } = planLoad(
    factsOf({ dest: { ...TRANSIENT, Schema: { Autodetect: true } }, facts: { files: files(10_001) } }),
  );
  expect(load.map((stage) => stage.map(({ job }) => job.configuration.load))).toMatchObject([
    [{ autodetect: true, writeDisposition: 'WRITE_TRUNCATE' }],
    [
      {
        autodetect: true,
        writeDisposition: 'WRITE_APPEND',
        schemaUpdateOptions: expect.arrayContaining(['ALLOW_FIELD_ADDITION']),
      },
    ],
  ]);
});

test('every job has valid labels', () => {
  const facts = factsOf({ dest: TRANSIENT, facts: { windowId: `ds.t_${'9'.repeat(70)}_1577970300` } });
  const { load, transfer } = planLoad(facts);
  for (const step of [...load.flat(), ...transfer]) {
    const labels = Object.entries(JSON.parse(JSON.stringify(step.job.configuration.labels)));
    expect(labels.map(([key]) => key)).toEqual(['bqtail_rule', 'bqtail_dest', 'bqtail_window', 'bqtail_event']);
    for (const [, value] of labels) expect(value).toMatch(/^[a-z0-9_-]{1,63}$/);
  }
});
