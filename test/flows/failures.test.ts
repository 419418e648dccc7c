// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in rules look like this
import { abandon, status } from '../../src/workflows/contract';
import { LONG_SEC } from './support/testApp';
import { useApp } from './support/useApp';
import { waitFor } from './support/waitFor';

const app = useApp();

const rows = [1, 2, 3].map((id) => ({ id, name: `row ${id}` }));
const others = [4, 5].map((id) => ({ id, name: `row ${id}` }));

const reportTo = (Dest: string) => ({
  Action: 'query',
  Request: { SQL: "SELECT 1 AS id, '$Error' AS name", Dest, Append: true },
});

/** Objects of the ops bucket about a destination, without its ledger. */
async function journal(dest: string): Promise<string[]> {
  const objects = await app().objects(app().names.opsBucket);
  return objects.filter((url) => url.includes(`/${dest}`) && !url.includes('/Ledger/'));
}

async function insertCalls(): Promise<number> {
  const answer = await fetch(`${app().services.bigquery}/_local/stats?dataset=${app().dataset}`);
  const { calls }: { calls: Record<string, number> } = JSON.parse(await answer.text());
  return calls['tabledata.insertAll'] ?? 0;
}

test('a retried process repeats no action that succeeded and carries out the others', async () => {
  const dest = await app().createTable('again');
  const streamed = await app().createTable('streamed');
  const report = await app().createTable('report');
  await app().writeRules('again', {
    When: { Prefix: '/again/' },
    Dest: { Table: dest, Transient: { Dataset: `temp_${app().dataset}` } },
    OnSuccess: [
      { Action: 'delete' },
      { Action: 'insert', Request: { Dest: streamed, Data: [{ id: 1, name: '$EventID' }] } },
      { Action: 'copy', Request: { Source: `${app().dataset}.missing`, Dest: `${app().dataset}.copied` } },
      { Action: 'insert', Request: { Dest: streamed, Data: [{ id: 2, name: '$EventID' }] } },
    ],
    OnFailure: [reportTo(report)],
  });
  const file = app().storage.bucket(app().names.triggerBucket).file('again/a.json');
  await file.save(rows.map((row) => JSON.stringify(row)).join('\n'), { resumable: false });
  const handle = app().temporal.workflow.getHandle(await app().workflowId(dest));
  await expect(handle.result()).rejects.toMatchObject({
    cause: { type: 'ActionFailed', message: expect.stringContaining('missing') },
  });
  expect(await app().rows(report)).toEqual([{ id: 1, name: expect.stringContaining('missing') }]);
  const [error, given, response] = await journal(dest);
  expect([error, given, response]).toEqual([
    expect.stringMatching(/\.err$/),
    expect.stringMatching(/\.rsp$/),
    expect.stringMatching(/\/proc\/.*\.run$/),
  ]);
  const { EventID: eventId } = await app().response(`gs://${app().names.triggerBucket}/again/a.json`);
  expect(await app().readJson(response ?? '')).toMatchObject({
    Status: 'error',
    EventID: eventId,
    JobIDs: expect.any(Array),
  });

  await app()
    .bigquery.dataset(app().dataset)
    .createTable('missing', { schema: [{ name: 'id', type: 'INTEGER' }] });
  await app().push(file.metadata, String(eventId));
  const again = app().temporal.workflow.getHandle(handle.workflowId);
  expect(await waitFor('the second run', () => again.result())).toMatchObject({ files: 1, rows: 3 });
  expect(await app().rows(dest)).toEqual(rows);
  expect(await app().rows(streamed)).toEqual([1, 2].map((id) => ({ id, name: eventId })));
  expect(await insertCalls()).toBe(2);
  expect(await app().rows(report)).toHaveLength(1);
  const [jobs] = await app().bigquery.getJobs({ projection: 'full' });
  const ofDest = jobs.filter(({ id }) => id?.includes(dest.replace('.', '_')));
  expect(ofDest.filter(({ metadata }) => metadata.configuration.load)).toHaveLength(1);
  const [done, ...others] = (await journal(dest)).filter((url) => url.endsWith('.run'));
  expect(others).toEqual([]);
  expect(await app().readJson(done ?? '')).toMatchObject({ Status: 'ok', Actions: { OnSuccess: expect.any(Array) } });

  await app().push(file.metadata, String(eventId));
  expect(await again.describe()).toMatchObject({ status: { name: 'COMPLETED' } });
});

test('a batch that cannot be planned runs OnFailure once and writes the error files', async () => {
  const report = await app().createTable('unplanned_report');
  const dest = `${app().dataset}.unplanned`;
  await app().writeRules('unplanned', {
    When: { Prefix: '/unplanned/' },
    Dest: { Table: dest, Schema: { Template: `${app().dataset}.no_template` } },
    OnSuccess: [{ Action: 'delete' }],
    OnFailure: [reportTo(report), { Action: 'move', Request: { DestURL: `gs://${app().names.opsBucket}/unplanned` } }],
  });
  await app().upload('unplanned/a.json', rows);
  const handle = app().temporal.workflow.getHandle(await app().workflowId(dest));
  await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'SchemaMissing' } });
  expect(await app().rows(report)).toEqual([{ id: 1, name: expect.stringContaining('no_template') }]);
  expect(await app().objects(app().names.opsBucket)).toContain(
    `gs://${app().names.opsBucket}/unplanned/unplanned/a.json`,
  );
  expect((await journal(dest)).map((url) => url.replace(/^.*\./, ''))).toEqual(['err', 'rsp', 'run']);
});

test('a cancelled window deletes its files', async () => {
  const dest = await app().createTable('cancelled');
  await app().writeRules('cancelled', {
    When: { Prefix: '/cancelled/' },
    Dest: { Table: dest },
    Batch: { Window: { DurationInSec: 3600 } },
  });
  const url = await app().upload('cancelled/a.json', rows);
  const handle = app().temporal.workflow.getHandle(await app().workflowId(dest));
  const files = async () =>
    (await app().objects(app().names.opsBucket)).filter((url) => url.includes(handle.workflowId));
  await waitFor('the window file', async () => (await files()).length > 0);
  // The rule is not Async, but its window ends long after the time limit of an answer.
  expect(await app().response(url)).toMatchObject({ Status: 'still running', WorkflowID: handle.workflowId });
  await handle.cancel();
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(await files()).toEqual([]);
});

test('an abandoned window without its rule leaves journal files, and its process file in _load_ is replayed by the current rule', async () => {
  const dest = await app().createTable('ruleless');
  const { configBucket, opsBucket, triggerBucket } = app().names;
  const rule = {
    ID: 'kept',
    When: { Prefix: '/ruleless/' },
    Async: true,
    Dest: { Table: dest },
    Batch: { MultiPath: true, Window: { DurationInSec: LONG_SEC } },
    OnSuccess: [{ Action: 'delete' }],
  };
  const ruleUrl = await app().writeRules('ruleless', rule);
  const urls = [await app().upload('ruleless/a.json', rows), await app().upload('ruleless/b/b.json', others)];
  const handle = app().temporal.workflow.getHandle(await app().workflowId(dest));
  const ofWindow = async () => (await journal(dest)).filter((url) => url.includes(handle.workflowId));
  await waitFor('its files', async () => (await ofWindow()).length === 3);
  await app().storage.bucket(configBucket).file('BqTail/Rules/ruleless.json').delete();
  const deletedMs = Date.now();
  // CheckInMs of the app is half a second; then the worker reads the rules again.
  await waitFor('the rules known to be too old', () => Date.now() > deletedMs + 1100);
  await handle.signal('flush');
  await waitFor('the batch to park', async () => (await handle.query(status)).stage === 'parked');
  await handle.signal(abandon, 'not wanted');
  await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'Abandoned' } });
  const [error = '', response = '', run = '', ...more] = await journal(dest);
  expect(more).toEqual([]);
  expect(run).toMatch(/\/proc\/.*\.run$/);
  expect(error).toMatch(/\.err$/);
  const reason = `${ruleUrl}#kept: neither this rule nor another one takes ${urls[0]} (and 1 more) into ${dest} any more`;
  const message = `abandoned (not wanted) while parked: ${reason}`;
  expect(await app().readJson(response)).toMatchObject({ Status: 'error', Error: message, DestTable: dest, Files: 2 });
  expect(await app().readJson(run)).toMatchObject({ Status: 'error', RuleURL: ruleUrl, Window: { URIs: urls } });
  const logged = await waitFor('a line of it', () => app().lines.find((line) => line['Error'] === message));
  expect(logged).toMatchObject({ severity: 'ERROR', component: 'worker', WindowID: handle.workflowId });

  await app().writeRules('ruleless', { ...rule, When: { Prefix: '/elsewhere/' }, Batch: undefined });
  const source = app()
    .storage.bucket(opsBucket)
    .file(run.replace(`gs://${opsBucket}/`, ''));
  await source.copy(app().storage.bucket(triggerBucket).file('_load_/ruleless.run'));
  expect(await app().response(`gs://${triggerBucket}/_load_/ruleless.run`)).toMatchObject({
    Status: 'ok',
    Replayed: { Sent: 2, Known: 0, Missing: 0 },
  });
  // Without a window each file is a process of its own.
  const expected = [...rows, ...others];
  await waitFor('the rows of both', async () => (await app().rows(dest)).length >= expected.length);
  expect(await app().rows(dest)).toEqual(expected);
  await waitFor('the dropped file to go', async () => {
    const left = await app().objects(triggerBucket);
    return !left.some((url) => url.includes('ruleless'));
  });
});

test('of two files with one event ID, one loads, and the other fails and stays', async () => {
  const dest = await app().createTable('twins');
  const urls = [await app().upload('twins/a.json', rows), await app().upload('twins/b.json', others)];
  await app().writeRules('twins', {
    When: { Prefix: '/twins/' },
    Async: true,
    Dest: { Table: dest },
    OnSuccess: [{ Action: 'delete' }],
  });
  const [files] = await app().storage.bucket(app().names.triggerBucket).getFiles({ prefix: 'twins/' });
  const answers = await Promise.all(files.map((file) => app().push(file.metadata, '777')));
  const ends = await Promise.allSettled(
    answers.map((answer) => app().temporal.workflow.getHandle(String(answer['WorkflowID'])).result()),
  );
  const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  expect(failed).toEqual([expect.objectContaining({ cause: expect.objectContaining({ type: 'JobTaken' }) })]);
  const left = await app().objects(app().names.triggerBucket);
  const [stays, ...more] = urls.filter((url) => left.includes(url));
  expect(more).toEqual([]);
  expect(await app().rows(dest)).toEqual(stays === urls[0] ? others : rows);
});
