import type { JsonObject } from '../../src/json';
import { PlanError } from '../../src/plan/planError';
import { planLoad } from '../../src/plan/planLoad';
import { F, factsOf } from './planning';

const SCHEMA = F;
const TABLE: JsonObject = { location: 'US', schema: SCHEMA };

interface Given {
  readonly dest?: JsonObject;
  readonly url?: string;
  /** Expanded table; absent: the rule's table as written. */
  readonly table?: string;
  /** null: the table does not exist. */
  readonly destination?: JsonObject | null;
}

/** The plan of the common fixture with changes. */
function plan({ dest = {}, url = 'gs://trig/data/a.json', table, destination = TABLE }: Given) {
  const facts = factsOf({ dest, facts: { files: [{ url, size: 42 }] } });
  const { batch } = facts;
  const process = { ...batch.process, ...(table === undefined ? {} : { dest: table }) };
  const keys = ['p.ds.t', 'q.ds.t', 'p.ds.t_20200102', 'p.ds.t_777', `My-Proj.ds.${'t'.repeat(80)}`];
  const tables = Object.fromEntries(destination ? keys.map((key) => [key, destination]) : []);
  return planLoad({ ...facts, batch: { ...batch, process }, tables });
}

/** The only load job. */
function jobOf(given: Given) {
  const [[step] = []] = plan(given).load;
  if (!step) throw new Error('no load');
  return step.job;
}

const loadOf = (given: Given) => jobOf(given).configuration.load;

test('a direct load is one job with the schema of its destination', () => {
  const { load, process, onSuccess, onFailure } = plan({ dest: { Table: 'ds.t', MaxBadRecords: 3 } });
  expect(load).toMatchObject([[{ step: 1, action: 'load', files: { entry: 'gs://j/Ledger/1.json', count: 1 } }]]);
  const { configuration, ...reference } = jobOf({ dest: { MaxBadRecords: 3 } });
  expect(reference).toEqual({ projectId: 'p', location: 'US', jobId: 'ds_t--777_00001_load--tail' });
  expect(configuration.load).toEqual({
    createDisposition: 'CREATE_IF_NEEDED',
    destinationTable: { projectId: 'p', datasetId: 'ds', tableId: 't' },
    maxBadRecords: 3,
    schema: SCHEMA,
    sourceFormat: 'NEWLINE_DELIMITED_JSON',
    writeDisposition: 'WRITE_APPEND',
  });
  expect({ onSuccess, onFailure, steps: process.stepCount }).toEqual({ onSuccess: [], onFailure: [], steps: 1 });
});

describe('the write disposition', () => {
  test.each([
    ['no attributes', {}, 'WRITE_APPEND'],
    ['Override', { Override: true }, 'WRITE_TRUNCATE'],
    ['Override false', { Override: false }, 'WRITE_APPEND'],
    ['WRITE_APPEND', { WriteDisposition: 'WRITE_APPEND' }, 'WRITE_APPEND'],
    ['WRITE_TRUNCATE', { WriteDisposition: 'WRITE_TRUNCATE' }, 'WRITE_TRUNCATE'],
    ['WRITE_EMPTY', { WriteDisposition: 'WRITE_EMPTY' }, 'WRITE_EMPTY'],
    ['Override with WRITE_TRUNCATE', { Override: true, WriteDisposition: 'WRITE_TRUNCATE' }, 'WRITE_TRUNCATE'],
    ['Override false with WRITE_APPEND', { Override: false, WriteDisposition: 'WRITE_APPEND' }, 'WRITE_APPEND'],
    ['AllowFieldAddition', { AllowFieldAddition: true, SourceFormat: 'AVRO' }, 'WRITE_APPEND'],
  ])('of a rule with %s is as documented', (_name, dest, expected) => {
    expect(loadOf({ dest: { Table: 'ds.t', ...dest } })).toHaveProperty('writeDisposition', expected);
  });
});

describe('the source format', () => {
  test.each([
    ['gs://t/a.csv', undefined, 'CSV'],
    ['gs://t/a.avro', undefined, 'AVRO'],
    ['gs://t/a.parquet', undefined, 'PARQUET'],
    ['gs://t/a.json', undefined, 'NEWLINE_DELIMITED_JSON'],
    ['gs://t/a.json.gz', undefined, 'NEWLINE_DELIMITED_JSON'],
    ['gs://t/A.CSV', undefined, 'CSV'],
    ['gs://t/d.csv/a.json', undefined, 'NEWLINE_DELIMITED_JSON'],
    ['gs://t/a.json', 'CSV', 'NEWLINE_DELIMITED_JSON'],
    ['gs://t/a', 'ORC', 'ORC'],
    ['gs://t/a', undefined, undefined],
  ])('of %s with SourceFormat %s is %s', (url, format, expected) => {
    const dest = { Table: 'ds.t', ...(format ? { SourceFormat: format } : {}) };
    const load = loadOf({ dest, url });
    expect(load).toMatchObject(expected === undefined ? {} : { sourceFormat: expected });
    if (expected === undefined) expect(load).not.toHaveProperty('sourceFormat');
  });

  test('AVRO is loaded with logical types', () => {
    expect(loadOf({ url: 'gs://t/a.avro' })).toHaveProperty('useAvroLogicalTypes', true);
    expect(loadOf({ url: 'gs://t/a.csv' })).not.toHaveProperty('useAvroLogicalTypes');
  });
});

describe('the destination table', () => {
  const target = (projectId: string, datasetId: string, tableId: string) => ({ projectId, datasetId, tableId });
  test.each<[string, Given, object]>([
    ['can be written without a project', {}, target('p', 'ds', 't')],
    ['can be written with a project', { dest: { Table: 'q:ds.t' } }, target('q', 'ds', 't')],
    ['can be written as in standard SQL', { dest: { Table: '`q.ds.t`' } }, target('q', 'ds', 't')],
    ['is expanded', { dest: { Table: 'ds.t_$Date' }, table: 'ds.t_20200102' }, target('p', 'ds', 't_20200102')],
    ['can contain the event ID', { dest: { Table: 'ds.t_$EventID' } }, target('p', 'ds', 't_777')],
    ['can be written with a partition', { dest: { Table: 'ds.t$20200101' } }, target('p', 'ds', 't$20200101')],
    [
      'has the partition of Partition',
      { dest: { Table: 'ds.t', Partition: '$Date' } },
      target('p', 'ds', 't$20200102'),
    ],
  ])('%s', (_name, given, expected) => {
    expect(loadOf(given)).toHaveProperty('destinationTable', expected);
  });
});

describe('the columns of the load', () => {
  test('are those of the destination, with its partitioning but without its required partition filter', () => {
    const timePartitioning = { type: 'DAY', field: 'ts', requirePartitionFilter: true };
    const clustering = { fields: ['id'] };
    expect(loadOf({ destination: { ...TABLE, timePartitioning, clustering } })).toMatchObject({
      schema: SCHEMA,
      timePartitioning: { type: 'DAY', field: 'ts', requirePartitionFilter: false },
      clustering,
    });
  });

  test.each([
    ['exists', TABLE],
    ['does not exist', null],
  ])('are detected with Autodetect if the destination %s', (_name, destination) => {
    const load = loadOf({ dest: { Table: 'ds.t', Schema: { Autodetect: true } }, destination });
    expect(load).toMatchObject({ autodetect: true });
    expect(load).not.toHaveProperty('schema');
  });
});

test('load attributes of the rule are part of the job', () => {
  const given = {
    SkipLeadingRows: 1,
    FieldDelimiter: '|',
    AllowQuotedNewlines: true,
    CreateDisposition: 'CREATE_NEVER',
  };
  expect(loadOf({ dest: { Table: 'ds.t', ...given }, url: 'gs://t/a.csv' })).toMatchObject({
    skipLeadingRows: 1,
    fieldDelimiter: '|',
    allowQuotedNewlines: true,
    createDisposition: 'CREATE_NEVER',
  });
});

test('a job has valid labels for rule, destination and event', () => {
  const { labels } = jobOf({ dest: { Table: `My-Proj:ds.${'t'.repeat(80)}` } }).configuration;
  expect(labels).toMatchObject({
    bqtail_rule: 'gs___c_rules_orders_json_orders',
    bqtail_dest: 't'.repeat(63),
    bqtail_event: '777',
  });
});

describe('a plan is refused', () => {
  test.each<[string, Given, string]>([
    ['if the destination does not exist', { destination: null }, 'ds.t'],
    [
      'if the expanded name is not a table name',
      { table: 'nodot' },
      'gs://c/Rules/orders.json#orders: Dest.Table: found nodot',
    ],
  ])('%s', (_name, given, message) => {
    expect(() => plan(given)).toThrow(PlanError);
    expect(() => plan(given)).toThrow(message);
    expect(() => plan(given)).toThrow('gs://c/Rules/orders.json#orders: Dest.Table: ');
  });
});
