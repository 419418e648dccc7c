import { status } from '../../src/workflows/contract';
import { LONG_SEC } from './support/testApp';
import { useApp } from './support/useApp';

const COLUMNS = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'name', type: 'STRING' },
];

const app = useApp();
/** Dataset of the temporary tables. */
const temporary = () => `temp_${app().dataset}`;

/** Tables of the temporary dataset, and job files in the buckets. */
async function leftOvers(): Promise<string[]> {
  const [tables] = await app().bigquery.dataset(temporary()).getTables();
  const names = await Promise.all(
    [app().names.triggerBucket, app().names.opsBucket].map((bucket) => app().objects(bucket)),
  );
  const jobs = names.flat().filter((url) => url.includes('_bqjob_') || url.includes('/Tasks/'));
  return [...tables.map(({ id }) => String(id)), ...jobs];
}

/** Metadata of the ledger entries of a destination. */
async function ledgerStates(dest: string): Promise<unknown[]> {
  const [files] = await app().storage.bucket(app().names.opsBucket).getFiles();
  return files
    .filter(({ name }) => name.includes(`/Ledger/${dest}/`))
    .map(({ metadata }) => metadata.metadata?.['bqtail-state']);
}

test('a batch passes a temporary table: rows are transformed, duplicates left out, and actions follow', async () => {
  const dest = await app().createTable('merged');
  const kept = await app().createTable('kept');
  await app().createTable('unwanted');
  await app().writeRules('merged', {
    When: { Prefix: '/merged/' },
    Async: true,
    Dest: {
      Table: dest,
      Transient: { Dataset: temporary() },
      UniqueColumns: ['id'],
      Transform: { name: "CONCAT(t.name, '!')" },
    },
    Batch: { MultiPath: true, Window: { DurationInSec: LONG_SEC } },
    OnSuccess: [
      {
        Action: 'query',
        Request: { SQL: `SELECT id, name FROM ${dest} WHERE id > 1`, Dest: kept },
        OnSuccess: [
          {
            Action: 'drop',
            When: { Exists: `${app().dataset}.unwanted` },
            Request: { Table: `${app().dataset}.unwanted` },
          },
          { Action: 'drop', When: { Exists: `${app().dataset}.nowhere` }, Request: { Table: dest } },
        ],
      },
      { Action: 'delete' },
    ],
  });
  await app().upload(
    'merged/a.json',
    [1, 2].map((id) => ({ id, name: `row ${id}` })),
  );
  await app().upload(
    'merged/b.json',
    [2, 3].map((id) => ({ id, name: `row ${id}` })),
  );
  await app().loadNow(dest, 2);
  const handle = app().temporal.workflow.getHandle(await app().workflowId(dest));
  expect(await handle.result()).toMatchObject({ dest, files: 2, rows: 4 });
  const merged = [1, 2, 3].map((id) => ({ id, name: `row ${id}!` }));
  expect(await app().rows(dest)).toEqual(merged);
  expect(await app().rows(kept)).toEqual(merged.slice(1));
  const [unwanted] = await app().bigquery.dataset(app().dataset).table('unwanted').exists();
  expect(unwanted).toBe(false);
  expect(await leftOvers()).toEqual([]);
  expect(await ledgerStates(dest)).toEqual(['done']);
  expect(await app().objects(app().names.triggerBucket)).toEqual([]);
  const { processes } = await handle.query(status);
  expect(processes[0]?.jobs.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
});

test('a failed transfer runs OnFailure once, keeps the files and drops the temporary table', async () => {
  const dest = await app().createTable('refusing');
  const report = await app().createTable('report');
  await app()
    .bigquery.dataset(app().dataset)
    .createTable('wider', { schema: [...COLUMNS, { name: 'more', type: 'STRING' }] });
  await app().writeRules('refusing', {
    When: { Prefix: '/refusing/' },
    Dest: { Table: dest, Transient: { Dataset: temporary(), Template: `${app().dataset}.wider` } },
    OnSuccess: [{ Action: 'delete' }],
    OnFailure: [
      { Action: 'query', Request: { SQL: "SELECT 1 AS id, '$EventID' AS name", Dest: report, Append: true } },
    ],
  });
  const url = await app().upload('refusing/a.json', [{ id: 1, name: 'one', more: 'x' }]);
  const handle = app().temporal.workflow.getHandle(await app().workflowId(dest));
  await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'LoadFailed' } });
  expect(await app().rows(dest)).toEqual([]);
  expect(await app().rows(report)).toHaveLength(1);
  expect(await app().objects(app().names.triggerBucket)).toEqual([url]);
  expect(await leftOvers()).toEqual([]);
  expect(await ledgerStates(dest)).toEqual(['retired']);
});
