import { files, status } from '../../src/workflows/contract';
import { useApp } from './support/useApp';
import { waitFor } from './support/waitFor';

const app = useApp();

const row = (id: number) => ({ id, name: `row ${id}` });

/** A window that no test can wait for. */
const WINDOW = { DurationInSec: 24 * 3600 };

test('a batch closes when it reaches MaxFiles, and when a completion file is written', async () => {
  const dest = await app().createTable('limited');
  await app().writeRules('limited', {
    When: { Prefix: '/limited/' },
    Dest: { Table: dest },
    Batch: { Window: { ...WINDOW, MaxFiles: 2, Until: '_SUCCESS' } },
    OnSuccess: [{ Action: 'delete' }],
  });
  await Promise.all([1, 2, 3, 4, 5].map((id) => app().upload(`limited/${id}.json`, [row(id)])));
  await waitFor('two batches', async () => (await app().rows(dest)).length === 4);
  const left = await waitFor('their sources to be deleted', async () => {
    const urls = await app().objects(app().names.triggerBucket);
    return urls.filter((url) => url.includes('/limited/')).length === 1 && urls;
  });
  const handle = app().temporal.workflow.getHandle(await app().workflowId(dest));
  await waitFor('the last file to wait', async () => (await handle.query(status)).stage === 'gathering');
  const marker = await app().upload('limited/_SUCCESS', []);
  expect(await handle.result()).toMatchObject({ dest });
  expect(await app().rows(dest)).toEqual([1, 2, 3, 4, 5].map(row));
  expect(await app().response(marker)).toMatchObject({ Status: 'ok', ClosedWindowIDs: [handle.workflowId] });
  expect(left.filter((url) => url.endsWith('_SUCCESS'))).toEqual([]);
  const loads = (await app().objects(app().names.opsBucket)).filter((url) => url.includes('/Journal/Done/'));
  const batches = await Promise.all(loads.map((url) => app().readJson(url)));
  expect(batches.map(({ Window }) => (Window as { URIs: string[] }).URIs.length).sort()).toEqual([1, 2, 2]);
  const open = (await app().objects(app().names.opsBucket)).filter((url) => url.endsWith('.win'));
  expect(open).toEqual([]);
});

test('a batch over several folders closes when each folder is complete, and each has a .loc file until then', async () => {
  const dest = await app().createTable('complete');
  await app().writeRules('complete', {
    When: { Prefix: '/complete/', Suffix: '.json' },
    Async: true,
    Dest: { Table: dest },
    Batch: { MultiPath: true, Window: { ...WINDOW, Until: 'done.flag' } },
  });
  const bucket = app().names.triggerBucket;
  const urls = await Promise.all([1, 2].map((id) => app().upload(`complete/${id}/x.json`, [row(id)])));
  const handle = app().temporal.workflow.getHandle(await app().workflowId(dest));
  const folder = `gs://${app().names.opsBucket}/BqTail/Tasks/${handle.workflowId}/`;
  const locations = await waitFor('a file per folder', async () => {
    const urls = (await app().objects(app().names.opsBucket)).filter((url) => url.startsWith(folder));
    return urls.length === 2 && urls;
  });
  const contents = await Promise.all(
    locations.map((url) =>
      app().storage.bucket(app().names.opsBucket).file(url.split('/').slice(3).join('/')).download(),
    ),
  );
  expect(contents.map(([text]) => text.toString()).sort()).toEqual([
    `gs://${bucket}/complete/1`,
    `gs://${bucket}/complete/2`,
  ]);
  expect(locations.every((url) => url.endsWith('.loc'))).toBe(true);

  // A notification without payload announces the second file again; the file counts once.
  const [again] = await app().storage.bucket(bucket).file('complete/2/x.json').getMetadata();
  const attributes = {
    eventType: 'OBJECT_FINALIZE',
    payloadFormat: 'NONE',
    bucketId: bucket,
    objectId: 'complete/2/x.json',
    objectGeneration: String(again.generation),
    eventTime: String(again.updated),
  };
  const answer = await fetch(`http://127.0.0.1:${app().app.bridge.port}/`, {
    method: 'POST',
    body: JSON.stringify({ message: { attributes, messageId: '4713' } }),
  });
  expect(await answer.json()).toMatchObject({ Status: 'ok', Batched: true, WorkflowID: handle.workflowId });
  expect(await handle.query(files)).toHaveLength(2);

  const first = await app().upload('complete/1/done.flag', []);
  await app().response(first);
  expect(await app().rows(dest)).toEqual([]);
  await app().upload('complete/2/done.flag', []);
  expect(await handle.result()).toMatchObject({ files: 2, rows: 2 });
  expect(await app().rows(dest)).toEqual([1, 2].map(row));
  expect((await app().objects(app().names.opsBucket)).filter((url) => url.includes('/Tasks/'))).toEqual([]);
  expect(await app().objects(bucket)).toEqual(expect.arrayContaining(urls));
});
