import { abandon, flush, retry, status } from '../../src/workflows/contract';
import { LONG_SEC } from './support/testApp';
import { useApp } from './support/useApp';
import { waitFor } from './support/waitFor';

const app = useApp();

const rows = [1, 2, 3].map((id) => ({ id, name: `row ${id}` }));

/** A rule that moves its JSON files, and one that deletes the CSV files of the same folder, both into one table. */
async function rulesOf(name: string) {
  const dest = await app().createTable(name);
  const archive = `gs://${app().names.opsBucket}/archive/${name}`;
  const common = { Async: true, Batch: { MultiPath: true, Window: { DurationInSec: LONG_SEC } } };
  const moving = {
    ...common,
    When: { Prefix: `/${name}/`, Suffix: '.json' },
    Dest: { Table: dest },
    OnSuccess: [{ Action: 'move', Request: { DestURL: archive } }],
  };
  const deleting = {
    ...common,
    When: { Prefix: `/${name}/`, Suffix: '.csv' },
    Dest: { Table: dest, fieldDelimiter: '|', skipLeadingRows: 1 },
    OnSuccess: [{ Action: 'delete' }],
  };
  return { dest, archive, moving, deleting };
}

/** Starts a window with one JSON file. */
async function openWindow(name: string, dest: string) {
  await app().upload(`${name}/a.json`, rows);
  return app().temporal.workflow.getHandle(await app().workflowId(dest));
}

/** CheckInMs of the app is half a second; then the worker reads the rules again. */
async function rulesReadAgain(): Promise<void> {
  const changedMs = Date.now();
  await waitFor('the rules known to be too old', () => Date.now() > changedMs + 1100);
}

async function filesOf(name: string): Promise<string[]> {
  const { triggerBucket, opsBucket } = app().names;
  const objects = [...(await app().objects(triggerBucket)), ...(await app().objects(opsBucket))];
  return objects.filter((url) => url.includes(`/${name}/`) && url.endsWith('a.json'));
}

test.each([
  ['is inserted above its own', 'inserted'],
  ['is removed', 'removed'],
  ['changes places with its own', 'reordered'],
  ['stays in the file while its own moves to another file', 'moved'],
])('a file is loaded and moved by its rule when another rule %s', async (_change, name) => {
  const { dest, moving, deleting } = await rulesOf(name);
  await app().writeRules(name, name === 'inserted' ? [moving] : [deleting, moving]);
  const handle = await openWindow(name, dest);
  await app().writeRules(
    name,
    { inserted: [deleting, moving], removed: [moving], reordered: [moving, deleting] }[name] ?? [deleting],
  );
  if (name === 'moved') await app().writeRules(`${name}-elsewhere`, moving);
  await rulesReadAgain();
  await handle.signal(flush);
  expect(await handle.result()).toMatchObject({ files: 1, rows: 3 });
  expect(await app().rows(dest)).toEqual(rows);
  expect(await filesOf(name)).toEqual([expect.stringContaining('/archive/')]);
});

test('a batch whose file no rule takes any more is parked with the reason, and loads once after the rule is restored', async () => {
  const { dest, moving, deleting } = await rulesOf('changed');
  const source = `gs://${app().names.triggerBucket}/changed/a.json`;
  const url = await app().writeRules('changed', { ID: 'kept', ...moving });
  const handle = await openWindow('changed', dest);
  await app().writeRules('changed', { ID: 'kept', ...deleting });
  await rulesReadAgain();
  await handle.signal(flush);
  const parked = await waitFor('the batch to park', async () => {
    const seen = await handle.query(status);
    return seen.stage === 'parked' && seen;
  });
  expect(parked.lastError).toBe(`${url}#kept: neither this rule nor another one takes ${source} into ${dest} any more`);
  expect(await filesOf('changed')).toEqual([source]);
  expect(await app().rows(dest)).toEqual([]);

  await app().writeRules('changed', { ID: 'kept', ...moving });
  await rulesReadAgain();
  await handle.signal(retry);
  expect(await handle.result()).toMatchObject({ files: 1, rows: 3 });
  expect(await app().rows(dest)).toEqual(rows);
  expect(await filesOf('changed')).toEqual([expect.stringContaining('/archive/')]);
});

test('a batch that is parked since its rule changed can be abandoned; its file stays', async () => {
  const { dest, moving, deleting } = await rulesOf('given-up');
  const source = `gs://${app().names.triggerBucket}/given-up/a.json`;
  await app().writeRules('given-up', moving);
  const handle = await openWindow('given-up', dest);
  await app().writeRules('given-up', deleting);
  await rulesReadAgain();
  await handle.signal(flush);
  await waitFor('the batch to park', async () => (await handle.query(status)).stage === 'parked');
  await handle.signal(abandon, 'not wanted');
  await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'Abandoned' } });
  expect(await filesOf('given-up')).toEqual([source]);
  expect(await app().rows(dest)).toEqual([]);
});
