import { flush, status } from '../../src/workflows/contract';
import { LONG_SEC, type Row, TestApp } from './support/testApp';
import { useApp } from './support/useApp';
import { waitFor } from './support/waitFor';

/** Number of events after which Temporal suggests to continue as new, instead of thousands. */
const MAX_EVENTS = 40;

const app = useApp(() => TestApp.startAlone({}, { 'limit.historyCount.suggestContinueAsNew': MAX_EVENTS }));

test('a window that continues as new keeps its files, limits and group, and a group keeps its windows', async () => {
  const filesBefore = 60;
  const maxFiles = 65;
  const dest = await app().createTable('long');
  const done = await app().createTable('done');
  await app().writeRules('long', {
    When: { Prefix: '/long/' },
    Async: true,
    Dest: { Table: dest },
    Batch: {
      MultiPath: true,
      Window: { DurationInSec: LONG_SEC, MaxFiles: maxFiles },
      Group: {
        DurationInSec: LONG_SEC,
        OnDone: [{ Action: 'query', Request: { SQL: "SELECT 1 AS id, 'done' AS name", Dest: done, Append: true } }],
      },
    },
    OnSuccess: [{ Action: 'delete' }],
  });
  const rows: Row[] = [];
  let windowId = '';
  const arrive = async () => {
    const id = rows.length;
    rows.push({ id, name: `row ${id}` });
    const answer = await app().response(await app().upload(`long/${id}.json`, rows.slice(-1)));
    windowId = String(answer['WorkflowID']);
  };
  const announced = async () => (await app().temporal.workflow.getHandle(windowId).query(status)).announced;
  while (rows.length < filesBefore) {
    await arrive();
    // One by one, because one workflow task can handle several signals.
    await waitFor('the window to announce the file', async () => (await announced()) === rows.length);
  }
  const runsOf = async (workflowId: string, how: string) => {
    const query = `WorkflowId = '${workflowId}' AND ExecutionStatus = '${how}'`;
    let runs = 0;
    for await (const _run of app().temporal.workflow.list({ query })) runs++;
    return runs;
  };
  await waitFor('runs that continued as new', async () => (await runsOf(windowId, 'ContinuedAsNew')) > 1);
  const window = app().temporal.workflow.getHandle(windowId);
  expect(await window.query(status)).toMatchObject({ stage: 'gathering', announced: filesBefore });

  while (rows.length < maxFiles) await arrive();
  await waitFor('the full batch', async () => (await app().rows(dest)).length === maxFiles);
  expect(await window.result()).toMatchObject({ files: maxFiles });
  await arrive();
  await window.signal(flush);
  await waitFor('the last file', async () => (await app().rows(dest)).length === rows.length);
  expect(await app().rows(dest)).toEqual(rows);

  const [groupId = ''] = await groups(dest);
  await waitFor('the group to see the end of its window', async () => {
    const { windows, announced } = await app().temporal.workflow.getHandle(groupId).query(status);
    return windows?.open === 0 && announced === rows.length;
  });
  await waitFor('a group that continued as new', async () => (await runsOf(groupId, 'ContinuedAsNew')) > 0);
  await app().temporal.workflow.getHandle(groupId).signal(flush);
  await app().temporal.workflow.getHandle(groupId).result();
  expect(await app().rows(done)).toEqual([{ id: 1, name: 'done' }]);
  expect(await app().objects(app().names.triggerBucket)).toEqual([]);
  const left = (await app().objects(app().names.opsBucket)).filter((url) => !/\/(Done|Ledger)\//.test(url));
  expect(left).toEqual([]);
});

async function groups(dest: string): Promise<string[]> {
  const found = new Set<string>();
  const query = `BqtailDest = '${dest}' AND WorkflowType = 'windowGroup'`;
  for await (const { workflowId } of app().temporal.workflow.list({ query })) found.add(workflowId);
  return [...found];
}
