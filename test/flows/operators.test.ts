import { status } from '../../src/workflows/contract';
import { bqtail, temporal } from './support/commands';
import { LONG_SEC, TestApp } from './support/testApp';
import { useApp } from './support/useApp';
import { waitFor } from './support/waitFor';

const app = useApp(() => TestApp.startAlone());

const rows = [1, 2, 3].map((id) => ({ id, name: `row ${id}` }));

/** Writes a rule with a table of the same name. @returns the table. */
async function writeRule(name: string, more: object = {}): Promise<string> {
  const dest = await app().createTable(name);
  await app().writeRules(name, {
    When: { Prefix: `/${name}/` },
    Dest: { Table: dest },
    Async: true,
    Batch: { Window: { DurationInSec: LONG_SEC } },
    OnSuccess: [{ Action: 'delete' }],
    ...more,
  });
  return dest;
}

/** Opens a window with one file. */
async function gathering(name: string, more: object = {}): Promise<{ dest: string; workflowId: string }> {
  const dest = await writeRule(name, more);
  await app().upload(`${name}/a.json`, rows);
  const workflowId = await app().workflowId(dest);
  await waitFor(`${workflowId}.win`, async () => (await left(dest)).some((url) => url.endsWith('.win')));
  return { dest, workflowId };
}

/** Objects of the trigger and ops buckets whose name contains a table, except its ledger. */
async function left(dest: string): Promise<string[]> {
  const { triggerBucket, opsBucket } = app().names;
  const all = (await Promise.all([triggerBucket, opsBucket].map((bucket) => app().objects(bucket)))).flat();
  const [, table = ''] = dest.split('.');
  const names = [dest, dest.replace('.', '_'), `/${table}/`];
  return all.filter((url) => names.some((name) => url.includes(name)) && !url.includes('/Ledger/'));
}

/** The newest run of a workflow; an operator's command may start a new run. */
async function newestRun(workflowId: string) {
  return app().temporal.workflow.getHandle(workflowId).describe();
}

async function expectLoadedOnce(dest: string, workflowId: string): Promise<void> {
  await waitFor(`${workflowId} to complete`, async () => (await newestRun(workflowId)).status.name === 'COMPLETED');
  expect(await app().rows(dest)).toEqual(rows);
  expect((await left(dest)).map((url) => url.replace(/^.*\/(Done)\/.*$/, '$1'))).toEqual(['Done']);
}

function signal(workflowId: string, name: string, ...input: string[]): Promise<string> {
  return temporal(app(), 'workflow', 'signal', '--workflow-id', workflowId, '--name', name, ...input);
}

test('after flush the window loads now, and a reset of the workflow loads nothing again', async () => {
  const { dest, workflowId } = await gathering('flushed');
  await signal(workflowId, 'flush');
  await expectLoadedOnce(dest, workflowId);
  const { runId } = await newestRun(workflowId);
  await temporal(
    app(),
    ...['workflow', 'reset', '--workflow-id', workflowId, '--type', 'FirstWorkflowTask', '--reason', 'test'],
  );
  await waitFor('another run', async () => (await newestRun(workflowId)).runId !== runId);
  await expectLoadedOnce(dest, workflowId);
});

test('after terminate the files stay until retry loads them once and cleans up', async () => {
  const { dest, workflowId } = await gathering('terminated');
  await temporal(app(), 'workflow', 'terminate', '--workflow-id', workflowId, '--reason', 'test');
  expect(await left(dest)).toEqual([
    `gs://${app().names.triggerBucket}/terminated/a.json`,
    expect.stringMatching(/\.win$/),
  ]);
  const dry = await bqtail(app(), 'retry', workflowId, '--dry-run');
  expect(dry).toMatchObject({ code: 0, stdout: `${workflowId}: terminated; would be restarted with 1 file\n` });
  expect((await newestRun(workflowId)).status.name).toBe('TERMINATED');
  const done = await bqtail(app(), 'retry', workflowId, 'no-such-workflow', '--output', 'json');
  expect(done.code).toBe(1);
  expect(JSON.parse(done.stdout)).toMatchObject({
    retried: [
      { workflowId, was: 'terminated', done: 'started', files: 1 },
      { workflowId: 'no-such-workflow', was: 'unknown', done: 'failed' },
    ],
  });
  await signal(workflowId, 'flush');
  await expectLoadedOnce(dest, workflowId);
  const again = await bqtail(app(), 'retry', workflowId);
  expect(again).toMatchObject({ code: 0, stdout: `${workflowId}: completed; nothing done: it has not failed\n` });
});

test('after terminate during a job, backfill adopts the job, and cleans up after runs that are not retried', async () => {
  const fault = { match: { path: 'taken--.*_load' }, action: 'slowJob', delayMs: 3000, times: 1 };
  await app().setFaults('bigquery', [fault]);
  const orphan = await gathering('orphan');
  const dest = await writeRule('taken', { Batch: { Window: { DurationInSec: 2 } } });
  await app().upload('taken/a.json', rows);
  const workflowId = await app().workflowId(dest);
  const jobs = async () => (await app().bigquery.getJobs())[0].filter(({ id }) => id?.includes('taken--'));
  await waitFor('the job', async () => (await jobs()).length > 0);
  for (const id of [workflowId, orphan.workflowId]) {
    await temporal(app(), 'workflow', 'terminate', '--workflow-id', id, '--reason', 'test');
  }
  await app().storage.bucket(app().names.triggerBucket).file('orphan/a.json').delete();
  expect((await left(dest)).map((url) => url.replace(/^.*[/.]/, ''))).toEqual(
    expect.arrayContaining(['json', 'run', 'win', 'win']),
  );
  await waitFor('the rows of the job', async () => (await app().rows(dest)).length === rows.length);
  const ended = await bqtail(app(), 'backfill', '--rule', 'taken', '--output', 'json');
  expect(JSON.parse(ended.stdout)).toMatchObject({ sent: 1, files: [{ workflowId, done: 'sent' }] });
  await expectLoadedOnce(dest, workflowId);
  expect(await jobs()).toHaveLength(1);
  expect(await left(orphan.dest)).toEqual([]);
});

test('after cancel of a gathering window its files in the journal are deleted, and retry makes it gather again', async () => {
  const { dest, workflowId } = await gathering('stopped');
  await temporal(app(), 'workflow', 'cancel', '--workflow-id', workflowId);
  await waitFor('the end', async () => (await newestRun(workflowId)).status.name === 'CANCELLED');
  expect(await left(dest)).toEqual([`gs://${app().names.triggerBucket}/stopped/a.json`]);
  expect(await bqtail(app(), 'retry', workflowId)).toMatchObject({ code: 0 });
  await signal(workflowId, 'flush');
  await expectLoadedOnce(dest, workflowId);
});

test('cancel during a job stops it and deletes its table and files, and retry loads the rows once', async () => {
  const dest = await writeRule('cancelled', {
    Batch: undefined,
    Dest: { Table: `${app().dataset}.cancelled`, Transient: { Dataset: `temp_${app().dataset}` } },
  });
  const [, table] = dest.split('.');
  const fault = { match: { path: `${table}--.*_load` }, action: 'slowJob', delayMs: 30_000, times: 1 };
  await app().setFaults('bigquery', [fault]);
  await app().upload('cancelled/a.json', rows);
  const workflowId = await app().workflowId(dest);
  const job = await waitFor('the job to run', async () => {
    const [jobs] = await app().bigquery.getJobs({ projection: 'full' });
    return jobs.find(({ id, metadata }) => id?.includes('cancelled') && metadata.status.state === 'RUNNING');
  });
  await temporal(app(), 'workflow', 'cancel', '--workflow-id', workflowId);
  await waitFor('the end', async () => (await newestRun(workflowId)).status.name === 'CANCELLED');
  const [ended] = await app()
    .bigquery.job(job.id ?? '')
    .getMetadata();
  expect(ended.status).toMatchObject({ state: 'DONE', errorResult: { reason: 'stopped' } });
  const tables = async () => (await app().bigquery.dataset(`temp_${app().dataset}`).getTables())[0].map(({ id }) => id);
  expect(await tables()).toEqual([]);
  expect((await left(dest)).map((url) => url.replace(/^.*[./]/, '')).sort()).toEqual(['err', 'json', 'rsp', 'run']);
  expect(await app().rows(dest)).toEqual([]);
  expect(await bqtail(app(), 'retry', workflowId)).toMatchObject({ code: 0 });
  await waitFor('the second run', async () => (await newestRun(workflowId)).status.name === 'COMPLETED');
  expect(await app().rows(dest)).toEqual(rows);
  expect(await tables()).toEqual([]);
});

test('retry --dest runs failed workflows again by the current rule', async () => {
  const dest = await writeRule('mended', { Batch: undefined });
  const rule = { When: { Prefix: '/mended/' }, Dest: { Table: dest }, OnSuccess: [{ Action: 'delete' }] };
  await app().writeRules('mended', { ...rule, OnSuccess: [{ Action: 'query', Request: { SQL: 'SELECT nothing' } }] });
  await app().upload('mended/a.json', rows);
  const workflowId = await app().workflowId(dest);
  await waitFor('the failure', async () => (await newestRun(workflowId)).status.name === 'FAILED');
  await app().writeRules('mended', rule);
  const chosen = ['retry', '--dest', dest, '--since', '1h'];
  await waitFor('the failure to be listed', async () =>
    (await bqtail(app(), ...chosen, '--dry-run')).stdout.includes(dest),
  );
  expect(await bqtail(app(), ...chosen)).toMatchObject({
    code: 0,
    stdout: `${workflowId}: failed; restarted with 1 file\n`,
  });
  await waitFor('the second run', async () => (await newestRun(workflowId)).status.name === 'COMPLETED');
  expect(await app().rows(dest)).toEqual(rows);
  expect(await app().objects(app().names.triggerBucket)).not.toContain(
    `gs://${app().names.triggerBucket}/mended/a.json`,
  );
  await waitFor('nothing to be left', async () => (await bqtail(app(), ...chosen)).stdout === 'nothing to retry\n');
});

test('backfill sends a file whose notification was missed, once', async () => {
  const dest = await writeRule('missed', { Batch: { Window: { DurationInSec: 2, SettleInSec: 0 } }, OnSuccess: [] });
  // This bucket has no notifications.
  const file = app().storage.bucket(app().names.configBucket).file('missed/a.json');
  await file.save(rows.map((row) => JSON.stringify(row)).join('\n'), { resumable: false });
  const prefix = `gs://${app().names.configBucket}/missed/`;
  const args = ['backfill', '--rule', `gs://${app().names.configBucket}/BqTail/Rules/missed.json`, '--prefix', prefix];
  const dry = await bqtail(app(), ...args, '--dry-run');
  expect(dry.stdout).toMatch(new RegExp(`^${prefix}a.json → ${dest}_\\d+_\\d+\n1 listed, 0 known, 1 would be sent, `));
  const sent = await bqtail(app(), ...args, '--output', 'json');
  expect(JSON.parse(sent.stdout)).toMatchObject({ listed: 1, known: 0, sent: 1, waiting: 0 });
  await waitFor('the rows', async () => (await app().rows(dest)).length === rows.length);
  expect((await bqtail(app(), ...args)).stdout).toMatch(/^1 listed, 1 known, 0 sent, 0 waiting\n/);
  expect(await bqtail(app(), 'backfill', '--rule', 'nope')).toMatchObject({ code: 2 });
  expect(await app().rows(dest)).toEqual(rows);
});

test('a rule with BackfillEveryInSec has a Schedule, until that setting is removed', async () => {
  const dest = await app().createTable('scheduled');
  const rule = { ID: 'hourly', When: { Prefix: '/scheduled/' }, Dest: { Table: dest }, BackfillEveryInSec: 3600 };
  const id = `${app().names.taskQueue}:backfill:${await app().writeRules('scheduled', rule)}#hourly`;
  const args = ['--schedule-id', id];
  await waitFor('the Schedule', () => temporal(app(), 'schedule', 'describe', ...args));
  const folder = app().storage.bucket(app().names.triggerBucket);
  await folder.file('scheduled/a.json').save('{"id":1,"name":"one"}', { resumable: false });
  await temporal(app(), 'schedule', 'trigger', ...args);
  const report = await waitFor('a backfill', async () => {
    for await (const { workflowId, status: state } of app().temporal.workflow.list({
      query: "WorkflowType = 'backfill'",
    }))
      if (state.name === 'COMPLETED') return app().temporal.workflow.getHandle(workflowId).result();
    return undefined;
  });
  expect(report).toMatchObject({ listed: 1, waiting: 0 });
  await waitFor('the row', async () => (await app().rows(dest)).length === 1);
  await app().writeRules('scheduled', { ...rule, BackfillEveryInSec: undefined });
  await waitFor('the Schedule to go', () =>
    temporal(app(), 'schedule', 'describe', ...args).then(
      () => false,
      () => true,
    ),
  );
});

test('a .win file in _batch_ flushes a running window, and starts one that does not run', async () => {
  const { dest, workflowId } = await gathering('dropped');
  const { opsBucket, triggerBucket } = app().names;
  const win = app().storage.bucket(opsBucket).file(`BqTail/Tasks/${workflowId}.win`);
  const [content] = await win.download();
  await win.copy(app().storage.bucket(triggerBucket).file(`_batch_/${workflowId}.win`));
  await expectLoadedOnce(dest, workflowId);

  // A file without an event is in the folder, as after an outage of the notifications.
  const { runId } = await newestRun(workflowId);
  const config = app().storage.bucket(triggerBucket);
  await app().storage.bucket(opsBucket).file('held.json').save('{"id":9,"name":"held"}', { resumable: false });
  await app().storage.bucket(opsBucket).file('held.json').copy(config.file('dropped/b.json'));
  await waitFor('its own event', async () => (await newestRun(workflowId)).runId !== runId);
  await temporal(
    app(),
    'workflow',
    'terminate',
    '--workflow-id',
    workflowId,
    '--reason',
    'as if its event were missed',
  );
  await config.file(`_batch_/${workflowId}.win`).save(content, { resumable: false });
  await waitFor('the rows', async () => (await app().rows(dest)).length === rows.length + 1);
  expect(await app().rows(dest)).toEqual([...rows, { id: 9, name: 'held' }]);
});

test('a .run file in _load_ runs its process again by the current rule', async () => {
  const dest = await writeRule('replayed', { Batch: undefined });
  const before = await app().createTable('replayed_before');
  const OnSuccess = [{ Action: 'query', Request: { SQL: 'SELECT nothing' } }];
  await app().writeRules('replayed', { When: { Prefix: '/replayed/' }, Dest: { Table: before }, OnSuccess });
  const url = await app().upload('replayed/a.json', rows);
  const failed = await app().workflowId(before);
  await waitFor('the failure', async () => (await newestRun(failed)).status.name === 'FAILED');
  const [run = ''] = (await left(before)).filter((name) => name.endsWith('.run'));
  await app().writeRules('replayed', { When: { Prefix: '/replayed/' }, Dest: { Table: dest } });
  const { triggerBucket, opsBucket } = app().names;
  const target = app().storage.bucket(triggerBucket).file('_load_/again.run');
  await app()
    .storage.bucket(opsBucket)
    .file(run.replace(`gs://${opsBucket}/`, ''))
    .copy(target);
  await waitFor('the rows', async () => (await app().rows(dest)).length === rows.length);
  const { EventID } = await app().response(`gs://${triggerBucket}/_load_/again.run`);
  const workflowId = await app().workflowId(dest);
  expect(await app().temporal.workflow.getHandle(workflowId).result()).toMatchObject({
    jobIds: [`${dest.replace('.', '_')}--${EventID}_00001_load--tail`],
  });
  await waitFor(
    'the file to go',
    async () => !(await app().objects(triggerBucket)).some((name) => name.includes('_load_')),
  );
  expect(await app().objects(triggerBucket)).toContain(url);
  // The second time, the ledger has the file.
  await app()
    .storage.bucket(opsBucket)
    .file(run.replace(`gs://${opsBucket}/`, ''))
    .copy(target);
  const answer = await waitFor('the second answer', () =>
    app()
      .lines.filter(({ TriggerURL }) => String(TriggerURL).endsWith('/again.run'))
      .at(1),
  );
  expect(answer).toMatchObject({ Status: 'ok', Replayed: { Sent: 0, Known: 1, Missing: 0 } });
  expect(await app().rows(dest)).toEqual(rows);
});

test('after abandon the files stay, the journal is closed, and only a retry by ID starts the window again', async () => {
  const { dest, workflowId } = await gathering('queried');
  expect(await app().temporal.workflow.getHandle(workflowId).query(status)).toMatchObject({ stage: 'gathering' });
  await signal(workflowId, 'abandon', '--input', '"no need"');
  await waitFor('the end', async () => (await newestRun(workflowId)).status.name === 'FAILED');
  expect(await left(dest)).toEqual([`gs://${app().names.triggerBucket}/queried/a.json`]);
  await waitFor('the failure to be listed', async () => {
    const { count } = await app().temporal.workflow.count(`BqtailDest = '${dest}' AND ExecutionStatus = 'Failed'`);
    return count > 0;
  });
  expect((await bqtail(app(), 'retry', '--dest', dest)).stdout).toBe('nothing to retry\n');
  expect((await bqtail(app(), 'retry', workflowId, '--dry-run')).stdout).toContain('failed; would be restarted');
});
