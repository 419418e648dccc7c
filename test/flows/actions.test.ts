// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in rules look like this
import { status } from '../../src/workflows/contract';
import { useApp } from './support/useApp';

const app = useApp();

const rows = [1, 2, 3].map((id) => ({ id, name: `row ${id}` }));

/** Loads one file under a rule, and returns the handle of its workflow. */
async function load(name: string, rule: object, table?: string) {
  const dest = table ?? (await app().createTable(name));
  await app().writeRules(name, { When: { Prefix: `/${name}/` }, Dest: { Table: dest }, ...rule });
  const url = await app().upload(`${name}/a.json`, rows);
  const handle = app().temporal.workflow.getHandle(await app().workflowId(dest));
  return { dest, url, handle };
}

test('insert, query, export and move follow a load, each with the results of the one before', async () => {
  const streamed = await app().createTable('streamed');
  const noted = await app().createTable('noted');
  const template = await app().createTable('template');
  const { dest, url, handle } = await load('followed', {
    OnSuccess: [
      {
        Action: 'insert',
        Request: { Dest: streamed, SQL: `SELECT id, CONCAT(name, ' of $EventID') AS name FROM $DestTable` },
        OnSuccess: [
          {
            Action: 'query',
            Request: { SQL: "SELECT 1 AS id, '$JobID $Statistics.Query.StatementType' AS name", Dest: noted },
          },
        ],
      },
      { Action: 'insert', Request: { Dest: streamed, Data: [{ id: 9, name: '$EventID$DestTable' }] } },
      {
        Action: 'query',
        Request: { SQL: 'SELECT 7 AS id', Dest: `${app().dataset}.made`, Template: template, Append: true },
        OnSuccess: [
          {
            Action: 'export',
            Request: { Source: `${app().dataset}.made`, DestURL: `gs://${app().names.opsBucket}/out.csv` },
          },
        ],
      },
      { Action: 'move', Request: { DestURL: `gs://${app().names.opsBucket}/moved/` } },
    ],
  });
  await handle.result();
  const response = await app().response(url);
  expect(response).toMatchObject({
    Status: 'ok',
    Rows: 3,
    Files: 1,
    JobRef: { projectId: app().names.project, jobId: expect.stringMatching(/_00001_load--tail$/) },
    WorkflowID: handle.workflowId,
  });
  const event = response['EventID'];
  expect(await app().rows(streamed)).toEqual([
    ...rows.map(({ id, name }) => ({ id, name: `${name} of ${event}` })),
    { id: 9, name: `${event}${dest}` },
  ]);
  expect(await app().rows(noted)).toEqual([{ id: 1, name: expect.stringMatching(/_00002_query--tail SELECT$/) }]);
  expect(await app().rows(`${app().dataset}.made`)).toEqual([{ id: 7, name: null }]);
  expect(await app().objects(app().names.triggerBucket)).toEqual([]);
  expect(await app().objects(app().names.opsBucket)).toEqual(
    expect.arrayContaining([
      `gs://${app().names.opsBucket}/moved/followed/a.json`,
      `gs://${app().names.opsBucket}/out.csv`,
    ]),
  );
});

test('a copy with MultiPartition ends when all partitions are copied, and its OnSuccess runs once, also without partitions', async () => {
  const timePartitioning = { type: 'DAY', field: 'at' };
  const schema = [
    { name: 'id', type: 'INTEGER' },
    { name: 'name', type: 'STRING' },
    { name: 'at', type: 'TIMESTAMP' },
  ];
  const tables = app().bigquery.dataset(app().dataset);
  await Promise.all(['days', 'kept', 'none'].map((name) => tables.createTable(name, { schema, timePartitioning })));
  const report = await app().createTable('copied');
  const days = Array.from({ length: 12 }, (_, at) => ({ id: at, name: 'x', at: `2020-01-${10 + at} 01:00:00` }));
  await app().writeRules('days', {
    When: { Prefix: '/days/' },
    Dest: { Table: `${app().dataset}.days` },
    OnSuccess: ['days', 'none'].map((source) => ({
      Action: 'copy',
      Request: {
        Source: `${app().dataset}.${source}\${DollarSign}\${PartitionID}`,
        Dest: `${app().dataset}.kept\${DollarSign}\${PartitionID}`,
        MultiPartition: true,
      },
      OnSuccess: [
        {
          Action: 'query',
          Request: {
            SQL: `SELECT COUNT(*) AS id, '${source}' AS name FROM ${app().dataset}.kept`,
            Dest: report,
            Append: true,
          },
        },
      ],
    })),
  });
  await app().upload('days/a.json', days);
  const handle = app().temporal.workflow.getHandle(await app().workflowId(`${app().dataset}.days`));
  await handle.result();
  expect(await app().rows(report)).toEqual([
    { id: 12, name: 'days' },
    { id: 12, name: 'none' },
  ]);
  const { processes } = await handle.query(status);
  expect(processes[0]?.jobs.filter(({ jobId }) => jobId.includes('_copy--'))).toHaveLength(12);
});

test('a failed action runs its own OnFailure, then that of the rule, and no later action runs', async () => {
  const own = await app().createTable('own');
  const report = await app().createTable('report');
  const reportTo = (Dest: string, SQL = "SELECT 1 AS id, '$Error' AS name") => ({
    Action: 'query',
    Request: { SQL, Dest, Append: true },
  });
  const { dest, url, handle } = await load('failing', {
    OnSuccess: [
      {
        Action: 'insert',
        Request: {
          Dest: `${app().dataset}.failing`,
          Data: [
            { id: 'no number', name: 'x' },
            { id: 5, name: 'y' },
          ],
        },
        OnFailure: [reportTo(own)],
      },
      { Action: 'delete' },
    ],
    OnFailure: [reportTo(report)],
  });
  await expect(handle.result()).rejects.toMatchObject({
    cause: { type: 'ActionFailed', message: expect.stringContaining('1 rows refused') },
  });
  expect(await app().response(url)).toMatchObject({
    Status: 'error',
    Error: expect.stringContaining('1 rows refused'),
  });
  const error = { id: 1, name: expect.stringMatching(/1 rows refused: row \d+_\d+_data_1: invalid/) };
  expect(await app().rows(own)).toEqual([error]);
  expect(await app().rows(report)).toEqual([error]);
  expect(await app().rows(dest)).toEqual(rows);
  expect(await app().objects(app().names.triggerBucket)).toContain(url);
});

test.each([
  ['move', { DestURL: 'gs://nowhere-to-be-found/x' }, 'NotFound', '1 of 1 files were not moved'],
  ['move', { DestURL: 'nowhere' }, 'RuleInvalid', 'DestURL: found nowhere; allowed is gs://bucket/path'],
  ['query', { SQL: 'SELECT nothing FROM nowhere.at_all' }, 'ActionFailed', 'nowhere'],
  ['export', { Source: 'nowhere.at_all', DestURL: 'gs://x/y.csv' }, 'ActionFailed', 'nowhere'],
  ['copy', { Source: 'nowhere.at_all', Dest: 'nowhere.else', MultiPartition: true }, 'ActionFailed', 'nowhere'],
  ['copy', { Source: 'nowhere.at_all', Dest: 'nowhere.else', Template: 'nowhere.tmpl' }, 'SchemaMissing', 'tmpl'],
  ['insert', { Dest: 'nowhere.at_all', Data: [{ id: 1 }] }, 'NotFound', 'nowhere'],
])('the action %s %j fails for good, and the files stay', async (Action, Request, type, message) => {
  const name = `bad_${Action}_${Object.values(Request).join('').length}`;
  const { url, handle } = await load(name, { OnSuccess: [{ Action, Request }, { Action: 'delete' }] });
  await expect(handle.result()).rejects.toMatchObject({ cause: { message: expect.stringContaining(message) } });
  await expect(handle.result()).rejects.toMatchObject({ cause: { type } });
  expect(await app().objects(app().names.triggerBucket)).toContain(url);
});
