import { status } from '../../src/workflows/contract';
import { LONG_SEC, TestApp } from './support/testApp';
import { useApp } from './support/useApp';
import { waitFor } from './support/waitFor';

const app = useApp(() => TestApp.startAlone({ PermissionWaitInSec: 2 }));

const rows = [1, 2, 3].map((id) => ({ id, name: `row ${id}` }));
const FILES = ['a', 'b', 'c', 'd'];
const STREAMED = 1200;
/** Longer than the time after which another worker gets the activity of a killed one. */
const STUCK_MS = 20_000;

/** Uploads some files into a window of a rule of their own. @returns the workflow that loads them */
async function open(name: string, OnSuccess: readonly object[]): Promise<{ dest: string; workflowId: string }> {
  const dest = await app().createTable(name);
  await app().writeRules(name, {
    When: { Prefix: `/${name}/` },
    Dest: { Table: dest },
    Batch: { Window: { DurationInSec: LONG_SEC } },
    OnSuccess,
  });
  await Promise.all(FILES.map((file) => app().upload(`${name}/${file}.json`, rows)));
  await app().loadNow(dest, FILES.length);
  return { dest, workflowId: await app().workflowId(dest) };
}

test('after a worker is killed during delete, move and insert, the next one does the rest once', async () => {
  const streamed = await app().createTable('streamed');
  await app().setFaults('storage', [
    { match: { call: 'objects.delete', path: 'deleted/b' }, action: 'delay', delayMs: STUCK_MS, times: 1 },
    { match: { call: 'objects.rewrite', path: 'moved/b' }, action: 'delay', delayMs: STUCK_MS, times: 1 },
  ]);
  await app().setFaults('bigquery', [
    { match: { call: 'tabledata.insertAll' }, action: 'dropAfter', times: 1 },
    { match: { call: 'tabledata.insertAll' }, action: 'delay', delayMs: STUCK_MS, times: 1 },
  ]);
  const SQL = `SELECT id, CONCAT('row ', CAST(id AS STRING)) AS name FROM UNNEST(GENERATE_ARRAY(1, ${STREAMED})) AS id`;
  const opened = await Promise.all([
    open('deleted', [{ Action: 'delete' }]),
    open('moved', [{ Action: 'move', Request: { DestURL: `gs://${app().names.opsBucket}/moved` } }]),
    open('inserted', [{ Action: 'insert', Request: { Dest: streamed, SQL } }, { Action: 'delete' }]),
  ]);
  await waitFor('all three to be in the midst', async () => {
    const faults = await Promise.all([app().struck('storage'), app().struck('bigquery')]);
    return faults.flat().every((times) => times === 1);
  });
  await app().app.worker.kill();
  await app().app.startWorker();
  for (const { workflowId } of opened) {
    const result = await app().temporal.workflow.getHandle(workflowId).result();
    expect(result).toMatchObject({ files: FILES.length, rows: FILES.length * rows.length });
  }
  for (const { dest } of opened) expect(await app().rows(dest)).toHaveLength(FILES.length * rows.length);
  const [counted] = await app().bigquery.query(`SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS ids FROM ${streamed}`);
  expect(counted).toEqual([{ n: STREAMED, ids: STREAMED }]);
  expect(await app().objects(app().names.triggerBucket)).toEqual([]);
  const moved = (await app().objects(app().names.opsBucket)).filter((url) => url.includes('/moved/'));
  expect(moved).toEqual(FILES.map((file) => `gs://${app().names.opsBucket}/moved/moved/${file}.json`));
});

test('files that may not be deleted park the window, then fail the action after PermissionWaitInSec, and OnFailure gets the error', async () => {
  const report = await app().createTable('report');
  await app().setFaults('storage', [
    { match: { call: 'objects.delete', path: 'undeletable/[ab]' }, action: 'status', status: 403 },
  ]);
  const dest = await app().createTable('undeletable');
  await app().writeRules('undeletable', {
    When: { Prefix: '/undeletable/' },
    Dest: { Table: dest },
    OnSuccess: [{ Action: 'delete' }],
    OnFailure: [{ Action: 'query', Request: { SQL: "SELECT 1 AS id, '$Error' AS name", Dest: report, Append: true } }],
  });
  const url = await app().upload('undeletable/a.json', rows);
  const handle = app().temporal.workflow.getHandle(await app().workflowId(dest));
  await waitFor('the load to park', async () => (await handle.query(status)).parkedFor === 'permission');
  await expect(handle.result()).rejects.toMatchObject({
    cause: {
      type: 'PermissionDenied',
      message: expect.stringContaining(`1 of 1 files were not deleted; the first: ${url}`),
    },
  });
  expect(await app().rows(report)).toHaveLength(1);
  expect(await app().objects(app().names.triggerBucket)).toEqual([url]);
  await app().setFaults('storage', []);
});
