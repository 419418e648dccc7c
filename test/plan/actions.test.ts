// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in rules look like this

import type { JsonObject } from '../../src/json';
import type { Step } from '../../src/plan/steps';
import { plan } from './planning';
import { summary } from './summary';

const DEST = { Transient: { Dataset: 'temp', ProjectID: 'proj-t' } };

function steps(actions: readonly object[], dest: object = DEST): readonly Step[] {
  return plan({ dest, rule: { OnSuccess: actions } }).onSuccess;
}

function step(action: string, request: JsonObject, dest?: JsonObject): Step {
  const [only] = steps([{ Action: action, Request: request }], dest);
  if (!only) throw new Error('no step');
  return only;
}

function configuration(action: string, request: JsonObject, dest?: JsonObject): JsonObject {
  const { job } = step(action, request, dest);
  const { labels: _labels, ...rest } = job?.configuration ?? {};
  return rest;
}

test('every action has a number, depth first, OnSuccess before OnFailure', () => {
  const sql = { SQL: 'SELECT 1', Dest: 'ds.x' };
  const rule = {
    OnSuccess: [
      {
        Action: 'query',
        Request: sql,
        OnSuccess: [{ Action: 'delete' }],
        OnFailure: [{ Action: 'push', Request: { Topic: 'a' } }],
      },
      { Action: 'call', Request: { URL: 'http://x' }, OnSuccess: [{ Action: 'query', Request: sql }] },
    ],
    OnFailure: [{ Action: 'push', Request: { Topic: 'b' } }],
  };
  expect(summary(plan({ dest: DEST, rule }))).toMatchObject({
    transfer: ['2 copy proj-t:temp.t_777 -> p:ds.t APPEND'],
    onSuccess: [
      {
        do: '3 query -> p:ds.x TRUNCATE',
        onSuccess: ['4 delete {"URLs":"$LoadURIs"}'],
        onFailure: ['5 push {"Topic":"a"}'],
      },
      { do: '6 call {"URL":"http://x"}', onSuccess: [{ do: '7 query -> p:ds.x TRUNCATE' }] },
    ],
    onFailure: ['8 push {"Topic":"b"}'],
    cleanup: ['9 drop {"Table":"proj-t:temp.t_777"}'],
  });
});

test('the job ID of an action contains destination, event, step and action', () => {
  expect(step('query', { SQL: 'SELECT 1' }).job).toMatchObject({
    jobId: 'ds_t--777_00003_query--tail',
    projectId: 'proj-t',
  });
});

test('known variables are expanded, and results of steps are not', () => {
  const push = step('push', {
    Topic: 'bus',
    Attributes: { EventID: '$EventID', Source: '${Source.URL}' },
    Message: {
      Rule: '$RuleURL',
      URIs: '$LoadURIs',
      Job: '$JobID',
      Temp: '$TempTable',
      Answer: '$Data.id',
      Error: '$Error',
    },
  });
  expect(push).toMatchObject({
    kind: 'action',
    action: 'push',
    files: { entry: 'gs://j/Ledger/1.json' },
    request: {
      Topic: 'bus',
      Attributes: { EventID: '777', Source: 'gs://trig/data/a.json' },
      Message: {
        Rule: 'gs://c/Rules/orders.json',
        URIs: '$LoadURIs',
        Job: '$JobID',
        Temp: '`proj-t.temp.t_777`',
        Answer: '$Data.id',
        Error: '$Error',
      },
    },
  });
});

test('adjacent variables, $SourceURI and $TriggerBucket are expanded', () => {
  expect(step('call', { URL: 'http://x/$EventID$Date/$TriggerBucket?u=$SourceURI' })).toMatchObject({
    request: { URL: 'http://x/77720200102/trig?u=gs://trig/data/a.json' },
  });
});

test('only steps that use the files of the batch refer to them', () => {
  expect(step('delete', {}).files).toBeDefined();
  expect(step('query', { SQL: "SELECT '${URLs}'" }).files).toBeDefined();
  expect(step('delete', { URLs: ['gs://b/x'] }).files).toBeUndefined();
});

test('a copy action is a copy job', () => {
  expect(configuration('copy', { Source: 'ds.a$20200102', Dest: 'q.ds.b', Append: true })).toEqual({
    copy: {
      createDisposition: 'CREATE_IF_NEEDED',
      sourceTable: { projectId: 'p', datasetId: 'ds', tableId: 'a$20200102' },
      destinationTable: { projectId: 'q', datasetId: 'ds', tableId: 'b' },
      writeDisposition: 'WRITE_APPEND',
    },
  });
});

test('a template is applied right before the action runs', () => {
  const tables = {
    table: { projectId: 'p', datasetId: 'ds', tableId: 'b' },
    template: { projectId: 'p', datasetId: 'ds', tableId: 'c' },
  };
  const prepare = [{ kind: 'applyTemplate', ...tables }];
  expect(step('copy', { Source: 'ds.a', Dest: 'ds.b$20200102', Template: 'ds.c' })).toMatchObject({ prepare });
  expect(step('query', { SQL: 'SELECT 1', Dest: 'ds.b', Template: 'ds.c' })).toMatchObject({ prepare });
  expect(step('insert', { SQL: 'SELECT 1', Dest: 'ds.b', Template: 'ds.c' })).toMatchObject({ prepare });
});

test('a query action is a query job', () => {
  const destinationTable = { projectId: 'p', datasetId: 'ds', tableId: 'b' };
  expect(configuration('query', { SQL: 'SELECT 1', Dest: 'ds.b' })).toEqual({
    query: { query: 'SELECT 1', useLegacySql: false, destinationTable, writeDisposition: 'WRITE_TRUNCATE' },
  });
  expect(
    configuration('query', { SQL: 'SELECT 1', UseLegacy: 'true', DatasetID: 'd', Dest: 'ds.b', Append: true }),
  ).toEqual({
    query: {
      query: 'SELECT 1',
      useLegacySql: true,
      allowLargeResults: true,
      defaultDataset: { projectId: 'proj-t', datasetId: 'd' },
      destinationTable,
      writeDisposition: 'WRITE_APPEND',
    },
  });
});

test('only a query writes to Dest, other statements do not', () => {
  const sql = 'CREATE TABLE ds.b AS SELECT 1';
  expect(configuration('query', { SQL: sql, Dest: 'ds.b' })).toEqual({ query: { query: sql, useLegacySql: false } });
});

test('an export action is an extract job', () => {
  const source = { projectId: 'p', datasetId: 'ds', tableId: 'a' };
  expect(configuration('export', { Source: 'ds.a', DestURL: 'gs://b/x-*.csv.gz', IncludeHeader: true })).toEqual({
    extract: {
      compression: 'GZIP',
      destinationFormat: 'CSV',
      destinationUris: ['gs://b/x-*.csv.gz'],
      fieldDelimiter: ',',
      printHeader: true,
      sourceTable: source,
    },
  });
  expect(configuration('export', { Source: 'ds.a', DestURL: 'gs://b/$EventID.avro' })).toEqual({
    extract: {
      destinationFormat: 'AVRO',
      destinationUris: ['gs://b/777.avro'],
      useAvroLogicalTypes: true,
      sourceTable: source,
    },
  });
});

test('an insert selects its rows by a job, unless the request contains them', () => {
  expect(step('insert', { SQL: "SELECT '$EventID' AS id FROM $TempTable", Dest: 'ds.log' })).toMatchObject({
    kind: 'action',
    action: 'insert',
    request: { Dest: 'p:ds.log' },
    job: {
      jobId: 'ds_t--777_00003_query--tail',
      configuration: { query: { query: "SELECT '777' AS id FROM `proj-t.temp.t_777`" } },
    },
  });
  const given = step('insert', { Data: [{ id: '$EventID' }], Dest: 'ds.log' });
  expect(given).toMatchObject({ request: { Dest: 'p:ds.log', Data: [{ id: '777' }] } });
  expect(given.job).toBeUndefined();
});

test('a drop contains the project of its table', () => {
  expect(step('drop', { Table: 'ds.x_${EventID}' })).toMatchObject({ request: { Table: 'p:ds.x_777' } });
  expect(step('drop', { Table: 'ds.x', ProjectID: 'q' })).toMatchObject({ request: { Table: 'q:ds.x' } });
});

test('a copy with MultiPartition lists the partitions when it runs', () => {
  const request = {
    Source: 'ds.t_${EventID}${DollarSign}${PartitionID}',
    Dest: 'ds.x_${PartitionID}${DollarSign}${PartitionID}',
    MultiPartition: true,
  };
  expect(step('copy', request)).toMatchObject({
    action: 'copyPartitions',
    request: {
      Source: 'p:ds.t_777${DollarSign}${PartitionID}',
      Dest: 'p:ds.x_${PartitionID}${DollarSign}${PartitionID}',
      Append: false,
    },
    job: {
      location: 'US',
      configuration: {
        query: {
          query:
            'SELECT partition_id FROM `p.ds.INFORMATION_SCHEMA.PARTITIONS` ' +
            "WHERE table_name = 't_777' AND partition_id NOT IN ('__NULL__', '__UNPARTITIONED__') ORDER BY 1",
        },
      },
    },
  });
  const PartitionSQL =
    'SELECT partition_id FROM [${Source.ProjectID}:${Source.DatasetID}.${Source.TableID}$__PARTITIONS_SUMMARY__]';
  expect(configuration('copy', { ...request, PartitionSQL })).toEqual({
    query: { query: 'SELECT partition_id FROM [p:ds.t_777$__PARTITIONS_SUMMARY__]', useLegacySql: true },
  });
});

test('a condition requires a table, and without one it never holds', () => {
  const [exists, never] = steps([
    { Action: 'delete', When: { Exists: 'ds.x$20200102' } },
    { Action: 'delete', When: {} },
  ]);
  expect(exists?.when).toEqual({ exists: { projectId: 'p', datasetId: 'ds', tableId: 'x$20200102' } });
  expect(never?.when).toEqual({});
});

test.each([
  [
    'query',
    { SQL: 'SELECT 1', Dest: '$EventID' },
    'OnSuccess[0].Request.Dest: found 777; allowed is [project:]dataset.table',
  ],
  ['query', { SQL: '$Nothing', Dest: '$Data.table' }, 'OnSuccess[0].Request.Dest: found $Data.table'],
  ['query', { SQL: '$TempTable' }, 'OnSuccess[0].Request.SQL: found nothing; allowed is SQL'],
  ['query', { SQL: 'SELECT 1', Append: '$DestTable' }, 'Append must be'],
  ['export', { Source: 'ds.a', DestURL: 'gs://b/x' }, 'OnSuccess[0].Request.Format: found nothing; allowed is CSV'],
  ['export', { Source: 'ds.a', DestURL: 'gs://b/x.json', Format: 'ORC' }, 'found ORC'],
  ['drop', { Table: '$Nothing' }, 'OnSuccess[0].Request.Table: found $Nothing'],
])('%s %j is refused: %s', (action, request, message) => {
  expect(() => step(action, request, {})).toThrow(message);
});
