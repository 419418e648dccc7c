import { flush, status } from '../../src/workflows/contract';
import { useApp } from './support/useApp';
import { waitFor } from './support/waitFor';

const app = useApp();

/** URLs of objects in the operations bucket that have the extension. */
async function taskFiles(extension: string): Promise<string[]> {
  return (await app().objects(app().names.opsBucket)).filter((url) => url.endsWith(extension));
}

async function workflowIds(query: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of app().temporal.workflow.list({ query })) ids.push(workflowId);
  return ids;
}

test('a group waits for its windows, also for a failed one, and runs OnDone once', async () => {
  const seconds = 6;
  const all = await app().createTable('all');
  const done = await app().createTable('done');
  const dest = `${app().dataset}.part_$GroupID`;
  await app().writeRules('grouped', {
    When: { Prefix: '/grouped/', Suffix: '.json' },
    Async: true,
    Dest: { Table: dest, Schema: { Template: all } },
    Batch: {
      Window: { DurationInSec: 2, SettleInSec: 0 },
      Group: {
        DurationInSec: seconds,
        OnDone: [
          {
            Action: 'copy',
            Request: { Source: dest, Dest: all, Append: true },
            OnSuccess: [{ Action: 'drop', Request: { Table: dest } }],
          },
          { Action: 'query', Request: { SQL: 'SELECT $GroupID AS id, "$GroupURL" AS name', Dest: done, Append: true } },
        ],
      },
    },
    OnSuccess: [{ Action: 'delete' }],
  });
  await waitFor('room for all files in one group', () => (Date.now() / 1000) % seconds < seconds / 2);
  await app().upload('grouped/c/bad.json', [{ id: 'no number', name: 'x' }]);
  await app().upload('grouped/a/1.json', [{ id: 1, name: 'one' }]);
  await app().upload('grouped/b/2.json', [{ id: 2, name: 'two' }]);
  const [groupId = ''] = await waitFor('the group', async () => {
    const ids = await workflowIds(`BqtailDest = '${dest}' AND WorkflowType = 'windowGroup'`);
    return ids.length > 0 && ids;
  });
  expect(groupId).toMatch(/^ds_[0-9a-f]+\.part_\$GroupID_\d+$/);
  const group = app().temporal.workflow.getHandle(groupId);
  const parked = await waitFor('all windows to end', async () => {
    const current = await group.query(status);
    return current.stage === 'parked' && current.windows?.ended === 2 && current;
  });
  expect(parked).toMatchObject({ announced: 2, windows: { open: 0, failed: 1, ended: 2 } });
  const [file = ''] = await taskFiles('.grp');
  const content = await app().readJson(file);
  expect(content).toMatchObject({ URL: file, Data: expect.any(Number) });
  expect(await app().rows(all)).toEqual([]);

  await group.signal(flush);
  const result = await group.result();
  const base = `${app().dataset}_part_${content['Data']}--${content['Data']}`;
  const jobIds = [`${base}_00001_copy--dispatch`, `${base}_00003_query--dispatch`];
  expect(result).toMatchObject({ windows: 3, files: 2, groupId: String(content['Data']), jobIds });
  expect(await app().rows(all)).toEqual([
    { id: 1, name: 'one' },
    { id: 2, name: 'two' },
  ]);
  expect(await app().rows(done)).toEqual([{ id: content['Data'], name: file }]);
  expect(await app().objects(app().names.triggerBucket)).toEqual([]);
  expect(await taskFiles('.grp')).toEqual([]);
  const processes = (await app().objects(app().names.opsBucket)).filter((url) => url.includes('/Journal/Done/'));
  expect(processes).toHaveLength(2);
  expect(await app().readJson(processes[0] ?? '')).toMatchObject({
    GroupURL: file,
    Group: { URL: file, Data: content['Data'] },
  });
});
