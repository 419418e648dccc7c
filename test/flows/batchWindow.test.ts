import { flush, status } from '../../src/workflows/contract';
import { LONG_SEC } from './support/testApp';
import { useApp } from './support/useApp';
import { waitFor } from './support/waitFor';

const app = useApp();

const first = [1, 2, 3].map((id) => ({ id, name: `one ${id}` }));
const second = [4, 5].map((id) => ({ id, name: `two ${id}` }));

describe('two files of one window', () => {
  const duration = 12;
  let dest: string;
  let urls: string[];
  let windowId: string;

  beforeAll(async () => {
    dest = await app().createTable('dummy');
    await app().writeRules('case003', {
      When: { Prefix: '/data/case003', Suffix: '.json' },
      Async: true,
      Dest: { Table: dest },
      Batch: { Window: { DurationInSec: duration } },
      OnSuccess: [{ Action: 'delete' }],
    });
    await waitFor(
      'a window that is not due before both files arrive',
      () => (Date.now() / 1000) % duration < duration / 3,
    );
    urls = [
      await app().upload('data/case003/dummy1.json', first),
      await app().upload('data/case003/dummy2.json', second),
    ];
    windowId = await app().workflowId(dest);
  });

  test('are gathered by one workflow, named after the window', async () => {
    expect(windowId).toMatch(new RegExp(`^${dest}_\\d+_\\d+$`));
    const gathering = await waitFor('both files', async () => {
      const state = await app().temporal.workflow.getHandle(windowId).query(status);
      return state.announced === 2 && state;
    });
    expect(gathering).toMatchObject({ stage: 'gathering', dest, processes: [] });
    const { searchAttributes } = await app().temporal.workflow.getHandle(windowId).describe();
    expect(searchAttributes).toMatchObject({ BqtailDest: [dest], BqtailStage: ['gathering'], BqtailFiles: [2] });
  });

  test('get responses as owner and member of the window, whose .win file is written before it is due', async () => {
    const [owner, member] = await Promise.all(urls.map((url) => app().response(url)));
    const windowUrl = `gs://${app().names.opsBucket}/BqTail/Tasks/${windowId}.win`;
    expect(owner).toMatchObject({ Status: 'ok', severity: 'INFO', Batched: true, Window: { URL: windowUrl } });
    expect(member).toMatchObject({
      Status: 'ok',
      Batched: true,
      BatchingEventID: owner?.['EventID'],
      WindowURL: windowUrl,
    });
    const content = await waitFor('the .win file', () => app().readJson(windowUrl));
    expect(content).toMatchObject({
      Source: { URL: urls[0], Status: 'pending' },
      EventID: owner?.['EventID'],
      DestTable: dest,
      Async: true,
      URL: windowUrl,
    });
  });

  test('are loaded by one job and deleted, and the journal is closed', async () => {
    const owner = await app().response(urls[0] ?? '');
    const result = await app().temporal.workflow.getHandle(windowId).result();
    const jobId = `${dest.replace('.', '_')}--${owner['EventID']}_00001_load--dispatch`;
    expect(result).toMatchObject({ dest, files: 2, rows: 5, jobIds: [jobId], jobs: [{ jobId }] });
    expect(await app().rows(dest)).toEqual([...first, ...second]);
    expect(await app().objects(app().names.triggerBucket)).toEqual([]);
    const journal = await app().objects(app().names.opsBucket);
    expect(journal).toEqual([
      expect.stringMatching(new RegExp(`/Journal/Done/${dest}/\\d{4}-\\d\\d-\\d\\d_\\d\\d/${owner['EventID']}\\.run$`)),
      expect.stringMatching(new RegExp(`/Journal/Ledger/${dest}/${windowId}/\\d+/00001\\.json$`)),
    ]);
    expect(await app().readJson(journal[0] ?? '')).toMatchObject({
      Status: 'ok',
      Window: { URIs: urls },
      load: { sourceUris: urls },
    });
  });

  test('cause internal files, whose events are acknowledged without effect', async () => {
    const responses = await waitFor('responses to the internal files', () => {
      const internal = app().lines.filter((line) => /\/_(batch|bqjob)_\//.test(String(line['TriggerURL'])));
      return internal.length >= 2 && internal;
    });
    expect(responses.map((line) => line['Status'])).toEqual(responses.map(() => 'ok'));
    expect(responses.every((line) => line['IsDataFile'] === undefined)).toBe(true);
  });
});

test('files that arrive after their window has ended start another run, which loads only new files', async () => {
  const dest = await app().createTable('late');
  await app().writeRules('late', {
    When: { Prefix: '/late/' },
    Dest: { Table: dest },
    Batch: { MultiPath: true, Window: { DurationInSec: 2, SettleInSec: 0 } },
  });
  await app().upload('late/a.json', first);
  const windowId = await app().workflowId(dest);
  const handle = app().temporal.workflow.getHandle(windowId);
  expect(await handle.result()).toMatchObject({ files: 1, rows: 3 });
  const { runId: firstRun } = await handle.describe();

  // The same notification again, and a delayed one. Its object is in a bucket without notifications.
  const [loaded] = await app().storage.bucket(app().names.triggerBucket).file('late/a.json').getMetadata();
  const held = app().storage.bucket(app().names.configBucket).file('late/b.json');
  await held.save(second.map((row) => JSON.stringify(row)).join('\n'), { resumable: false });
  const [metadata] = await held.getMetadata();
  const folder = { bucket: app().names.configBucket, updated: loaded.updated };
  const [again] = await Promise.all([app().push(loaded, '4711'), app().push({ ...metadata, ...folder }, '4712')]);
  expect(again).toMatchObject({ Status: 'ok', Batched: true });
  await waitFor('all rows', async () => (await app().rows(dest)).length === 5);
  expect(await app().rows(dest)).toEqual([...first, ...second]);
  expect((await handle.describe()).runId).not.toBe(firstRun);
});

test('a rule whose window or position in the file changes does not load the files of its folders again', async () => {
  const dest = await app().createTable('changing');
  const rule = (window: object) => ({
    When: { Prefix: '/changing/' },
    Dest: { Table: dest },
    Batch: { MultiPath: true, Window: { SettleInSec: 0, Seal: true, ...window } },
  });
  const unused = { When: { Prefix: '/unused/' }, Dest: { Table: dest } };
  const long = rule({ DurationInSec: LONG_SEC });
  await app().writeRules('changing', rule({ DurationInSec: 2 }));
  const upload = (id: number) => app().upload(`changing/${id}.json`, [{ id, name: 'x' }]);
  const loaded = (count: number) => waitFor(`${count} rows`, async () => (await app().rows(dest)).length >= count);
  await upload(1);
  await loaded(1);
  await app().writeRules('changing', long);
  for (const [at, rules] of [[long], [unused, long]].entries()) {
    await app().writeRules('changing', rules);
    const answer = await app().response(await upload(at + 2));
    const run = app().temporal.workflow.getHandle(String(answer['WorkflowID']));
    await run.signal(flush);
    await loaded(at + 2);
    // A flushed run loads files that arrive before it ends, so the next flush would come too late.
    await run.result();
  }
  await waitFor('all runs to end', async () => {
    const query = `BqtailDest = '${dest}' AND ExecutionStatus = 'Running'`;
    for await (const _run of app().temporal.workflow.list({ query })) return false;
    return true;
  });
  expect((await app().rows(dest)).map(({ id }) => id)).toEqual([1, 2, 3]);
});

test('a rule without Batch loads each file by itself, and each version of a file once', async () => {
  const dest = await app().createTable('single');
  await app().writeRules('single', {
    When: { Prefix: '/single/' },
    Dest: { Table: dest },
    OnSuccess: [{ Action: 'delete' }],
  });
  await app().upload('single/a.json', first);
  const workflowId = await app().workflowId(dest);
  expect(await app().temporal.workflow.getHandle(workflowId).result()).toMatchObject({ files: 1, rows: 3 });
  expect(await app().rows(dest)).toEqual(first);
});

test('a file that BigQuery cannot load is quarantined, fails the workflow and leaves error files', async () => {
  const dest = await app().createTable('broken');
  await app().writeRules('broken', {
    When: { Prefix: '/broken/' },
    Dest: { Table: dest },
    OnSuccess: [{ Action: 'delete' }],
  });
  const url = await app().upload('broken/a.json', [{ id: 'no number', name: 'x' }]);
  const workflowId = await app().workflowId(dest);
  await expect(app().temporal.workflow.getHandle(workflowId).result()).rejects.toMatchObject({
    cause: { type: 'NoGoodFiles' },
  });
  expect(await app().objects(app().names.triggerBucket)).not.toContain(url);
  const files = (await app().objects(app().names.opsBucket)).filter(
    (name) => name.includes('/errors/') && name.includes(dest),
  );
  expect(files.map((name) => name.replace(/^.*\./, '')).sort()).toEqual(['err', 'rsp', 'run']);
  expect(await app().rows(dest)).toEqual([]);
});

test('an invalid rule file is reported with URL and path, and other rules stay in use', async () => {
  const dest = await app().createTable('others');
  const broken = await app().writeRules('bad', { When: { Prefix: '/bad/' }, Dest: { Table: 'nodot' } });
  await app().writeRules('good', { When: { Prefix: '/good/' }, Dest: { Table: dest } });
  await app().upload('good/a.json', first);
  await waitFor('the rows', async () => (await app().rows(dest)).length === first.length);
  const report = await waitFor('the report', () =>
    app().lines.find((line) => line['url'] === broken && line['severity'] === 'ERROR'),
  );
  expect(report).toMatchObject({ code: 'TableInvalid', path: 'Dest.Table' });
});
